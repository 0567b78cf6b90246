package dev.glissade.host;

import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint keeps of a trainer besides parameters and state.
 *
 * @param skipped the number of steps skipped because of numbers that are not finite
 * @param accumulate how many calls of step() make one step
 * @param waiting how many of these calls followed the last step; the checkpoint keeps their
 *     gradients too
 * @param lossSum the sum of the losses of these calls
 * @param losses the number of losses in the sum; -1 if it lacks one
 */
public record TrainerState(long skipped, int accumulate, int waiting, double lossSum, int losses) {
  /** The number of losses if one is not known. */
  static final int UNKNOWN = -1;

  private static final String NAME = "trainer";
  private static final String GRADIENTS = "gradients";

  /**
   * Creates the state of a trainer that does not know its losses.
   *
   * @param skipped the number of steps skipped
   * @param accumulate how many calls of step() make one step
   * @param waiting how many of these calls followed the last step
   */
  public TrainerState(long skipped, int accumulate, int waiting) {
    this(skipped, accumulate, waiting, 0, waiting == 0 ? 0 : UNKNOWN);
  }

  /**
   * Returns the checkpoint with this state added.
   *
   * @param checkpoint the checkpoint of parameters and state
   * @param gradients returns the gradients accumulated since the last step; called if there are any
   * @return the new checkpoint
   */
  public Checkpoint addTo(Checkpoint checkpoint, Supplier<Tree> gradients) {
    Checkpoint more = checkpoint.with(NAME, this);
    return waiting == 0 ? more : more.with(GRADIENTS, gradients.get());
  }

  /**
   * Returns the state in a checkpoint.
   *
   * @param checkpoint the checkpoint
   * @return its state; a new one if it has none
   * @throws CheckpointException if it can't be read
   */
  public static TrainerState of(Checkpoint checkpoint) throws CheckpointException {
    return checkpoint.names().contains(NAME)
        ? checkpoint.get(NAME, TrainerState.class)
        : new TrainerState(0, 1, 0);
  }

  /**
   * Returns the accumulated gradients.
   *
   * @param checkpoint the checkpoint
   * @param accumulated how many calls of step() make one step now
   * @param template the form of the gradients
   * @return the gradients; null if there are none
   * @throws CheckpointException if they can't be read
   * @throws IllegalArgumentException if they were accumulated for another number of calls
   */
  public @Nullable Tree gradients(Checkpoint checkpoint, int accumulated, Tree template)
      throws CheckpointException {
    if (waiting == 0) {
      return null;
    }
    if (accumulate != accumulated || waiting < 0 || waiting >= accumulate) {
      throw new IllegalArgumentException(
          "accumulate must be %d, as in the checkpoint, which was saved after call %d of %d, but was"
                  .formatted(accumulate, waiting, accumulate)
              + " "
              + accumulated);
    }
    return checkpoint.get(GRADIENTS, template);
  }
}
