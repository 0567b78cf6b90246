package dev.glissade.host;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.records.Check;
import org.jspecify.annotations.Nullable;

/** Counts the calls of which the last takes a step on the mean gradient, and adds their losses. */
public final class Accumulation {
  private int calls = 1;
  private int waiting;
  private double lossSum;

  /** The number of losses in the sum; {@link TrainerState#UNKNOWN} if it lacks one. */
  private int losses;

  /** Creates a count of calls that each take a step. */
  public Accumulation() {}

  /**
   * Sets how many calls make one step.
   *
   * @param count the number of calls, at least 1; by default 1
   * @param optimizer the optimizer; one of per-example gradients takes 1 only
   * @throws IllegalStateException if gradients have been accumulated since the last step
   */
  public void calls(int count, GradientTransformation<?> optimizer) {
    if (waiting > 0) {
      throw new IllegalStateException(
          "accumulate must be set right after a step, but was set after call %d of %d"
              .formatted(waiting, calls));
    }
    if (count > 1 && optimizer.perExample()) {
      throw new IllegalArgumentException(
          "accumulate must be 1 for an optimizer of per-example gradients, but was " + count);
    }
    calls = Check.atLeast("accumulate", 1, count);
  }

  /** {@return how many calls make one step} */
  public int calls() {
    return calls;
  }

  /** {@return how many calls followed the last step} */
  public int waiting() {
    return waiting;
  }

  /** {@return whether the next call takes a step} */
  public boolean isLast() {
    return waiting + 1 >= calls;
  }

  /** Counts a call that took no step. */
  public void await() {
    waiting++;
  }

  /** Forgets calls and losses, as after a step. */
  public void clear() {
    waiting = 0;
    lossSum = 0;
    losses = 0;
  }

  /**
   * Adds a loss whose gradients are accumulated.
   *
   * @param loss the loss
   */
  public void addLoss(double loss) {
    if (losses != TrainerState.UNKNOWN) {
      lossSum += loss;
      losses++;
    }
  }

  /** Notes that gradients of a loss are accumulated that nobody has told. */
  public void addUnknownLoss() {
    lossSum = 0;
    losses = TrainerState.UNKNOWN;
  }

  /**
   * Returns the arguments with the mean loss, if it is known and they have none.
   *
   * @param extras the arguments
   * @return the arguments, with the loss
   */
  public Extras withLoss(Extras extras) {
    return losses <= 0 || extras.has("value") ? extras : extras.withValue(lossSum / losses);
  }

  /** {@return why a step can't compute more gradients; null if it can} */
  public @Nullable String whyNotAgain() {
    return calls == 1
        ? null
        : "accumulate must be 1 for an optimizer that asks for more gradients, but was " + calls;
  }

  /**
   * Returns what a checkpoint keeps.
   *
   * @param skipped the number of steps skipped
   * @return the state
   */
  public TrainerState state(long skipped) {
    return new TrainerState(skipped, calls, waiting, lossSum, losses);
  }

  /**
   * Continues from a checkpoint, whose number of calls must be this one's if some are waiting.
   *
   * @param saved the state in the checkpoint
   */
  public void resume(TrainerState saved) {
    waiting = saved.waiting();
    lossSum = saved.lossSum();
    losses = saved.losses();
  }
}
