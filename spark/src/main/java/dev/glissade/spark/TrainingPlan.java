package dev.glissade.spark;

import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.Stepper;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import java.io.Serializable;
import java.time.Duration;

/**
 * What all processes of a training must know.
 *
 * @param <T> the shards
 * @param id tells this training from others
 * @param gradient makes what computes gradients
 * @param optimizer makes the optimizer
 * @param steps the number of the last step
 * @param batch the number of shards of a step in each partition; 0 for all
 * @param seed determines what is drawn
 * @param ranks the number of partitions
 * @param action what to do with a step that is not finite
 * @param maxSkips how many of them may be skipped in a row
 * @param timeout how long a task waits for another one
 */
record TrainingPlan<T>(
    String id,
    SerializableSupplier<? extends ShardGradient<? super T>> gradient,
    SerializableSupplier<? extends GradientTransformation<?>> optimizer,
    long steps,
    int batch,
    long seed,
    int ranks,
    NonFinite.Action action,
    int maxSkips,
    Duration timeout)
    implements Serializable {

  /** What a checkpoint must have in common with the training that continues it. */
  record Fingerprint(long seed, int batch, int partitions) {}

  Fingerprint fingerprint() {
    return new Fingerprint(seed, batch, ranks);
  }

  /** Returns a stepper that continues from a checkpoint. */
  Stepper<?> stepper(Checkpoint start) throws CheckpointException {
    return start.stepper(optimizer.get()).nonFinite(new NonFinite(action, maxSkips));
  }
}
