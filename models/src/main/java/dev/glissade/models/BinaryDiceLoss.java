package dev.glissade.models;

import dev.glissade.Tensor;
import dev.glissade.withers.Withers;
import java.util.Arrays;

/**
 * The {@link DiceLoss} of segments of one kind: each pixel has one logit, whose sigmoid is the
 * probability that it belongs.
 *
 * @param smooth keeps the quotient defined where nothing is predicted or wanted; not negative
 * @param applySigmoid whether predictions are logits rather than probabilities
 */
@Withers
public record BinaryDiceLoss(double smooth, boolean applySigmoid) implements BinaryDiceLossWithers {
  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if smooth is negative or not finite
   */
  public BinaryDiceLoss {
    DiceLoss.defaults().smooth(smooth);
  }

  /**
   * Computes the loss of each example and the gradient of their sum.
   *
   * @param predictions logits or probabilities of shape [examples, pixels...], in float32 or
   *     float64; a last axis of 1 makes no difference
   * @param targets 1 for pixels that belong, else 0, in the same shape
   * @return the losses, of shape [examples]
   * @throws IllegalArgumentException if shapes or types don't suit, or probabilities are not from 0
   *     to 1
   */
  public LossValues on(Tensor predictions, Tensor targets) {
    Matrices.checkSameShape("targets", targets, "predictions", predictions);
    LossValues values =
        DiceLoss.defaults()
            .smooth(smooth)
            .applySoftmax(applySigmoid)
            .on(ofOneClass(predictions), ofOneClass(targets));
    Tensor gradient = values.gradient();
    return new LossValues(
        values.values(),
        Tensor.of(gradient.dtype(), gradient.toDoubles(), predictions.shape()),
        values.examples());
  }

  private static Tensor ofOneClass(Tensor pixels) {
    int[] shape = pixels.shape();
    int[] wider = Arrays.copyOf(shape, shape.length + 1);
    wider[shape.length] = 1;
    return Tensor.of(pixels.dtype(), pixels.toDoubles(), wider);
  }
}
