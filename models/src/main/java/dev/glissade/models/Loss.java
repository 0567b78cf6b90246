package dev.glissade.models;

import dev.glissade.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * How far a model's outputs are from the target of an example. {@link Losses} is the index.
 *
 * <p>A loss of your own is one method, for one example in double precision; an {@link Objective}
 * averages it over batches and backpropagates its gradient. For a model that is not ours, {@link
 * #on(Tensor, Targets)} computes values and gradients of arrays of outputs.
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

  /**
   * Computes the loss of each example of a batch, times its weight, and the gradient of their sum.
   *
   * @param outputs the model's outputs, of shape [examples, outputs] or with more axes, of which
   *     the last counts the outputs of an example
   * @param targets one for each example, in row-major order
   * @return the losses, in the shape of the other axes, and the gradient
   * @throws IllegalArgumentException if outputs are not float32 or float64, or targets don't suit
   *     the loss
   */
  default LossValues on(Tensor outputs, Targets targets) {
    return on(outputs, targets, -1);
  }

  /**
   * Computes the loss of each example, times its weight, and the gradient of their sum.
   *
   * @param outputs the model's outputs, of at least one axis
   * @param targets one for each example, in row-major order of the other axes, such as {@link
   *     Targets#values(Tensor, int)}
   * @param axis the axis that counts the outputs of an example; -1 is the last
   * @return the losses, in the shape of the other axes, and the gradient
   * @throws IllegalArgumentException if the tensor lacks the axis, outputs are not float32 or
   *     float64, or targets don't suit the loss
   */
  default LossValues on(Tensor outputs, Targets targets, int axis) {
    return MaskedLines.apply(this, outputs, targets, axis, null);
  }

  /**
   * Computes the loss of each example, times its weight, as if it had only the outputs that a mask
   * includes, and the gradient of their sum, which is 0 for the others. The loss of an example
   * without included outputs is 0.
   *
   * @param outputs the model's outputs, of at least one axis
   * @param targets one for each example, in row-major order of the other axes
   * @param axis the axis that counts the outputs of an example; -1 is the last
   * @param where the mask, in the shape of the outputs: 0 excludes an output
   * @return the losses, in the shape of the other axes, and the gradient
   * @throws IllegalArgumentException if the tensor lacks the axis, outputs are not float32 or
   *     float64, targets or the mask don't suit them, or the mask excludes the class of an example
   */
  default LossValues on(Tensor outputs, Targets targets, int axis, Tensor where) {
    return MaskedLines.apply(this, outputs, targets, axis, where);
  }
}
