package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * How far a model's outputs are from the target of an example. {@link Losses} is the index.
 *
 * <p>A loss of your own is one method, for one example in double precision; an {@link Objective}
 * averages it over batches and backpropagates its gradient.
 */
public interface Loss {
  /**
   * Returns the loss of an example and writes its gradient, without the example's weight.
   *
   * @param outputs the model's outputs for the example; for a classifier, the logits
   * @param targets the targets of the batch
   * @param example the index of the example in the batch
   * @param gradient receives the derivative of the loss by each output; null if it isn't needed
   * @return the loss
   */
  double example(double[] outputs, Targets targets, int example, double @Nullable [] gradient);

  /**
   * Checks that targets suit this loss. An objective calls it once for each batch.
   *
   * @param targets the targets of a batch
   * @param outputs the number of the model's outputs
   * @throws IllegalArgumentException if targets have another kind, another number of outputs, or a
   *     class that no output stands for
   */
  void check(Targets targets, int outputs);
}
