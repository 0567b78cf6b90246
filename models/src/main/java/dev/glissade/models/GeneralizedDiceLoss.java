package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.List;

/**
 * The generalized Dice loss of several classes (Sudre et al., 2017): the mean of {@link DiceLoss}
 * over examples and classes, with weights that are inverse to the squares of the classes'
 * frequencies in the targets, so that rare classes count as much as frequent ones.
 *
 * @param smooth keeps the quotient defined for classes that don't occur; not negative
 * @param applySoftmax whether predictions are logits rather than probabilities
 * @param ignoreBackground whether to leave out the first of several classes
 */
@Withers
public record GeneralizedDiceLoss(double smooth, boolean applySoftmax, boolean ignoreBackground)
    implements GeneralizedDiceLossWithers {
  private static final double LEAST_SQUARE = 1e-7;

  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if smooth is negative or not finite
   */
  public GeneralizedDiceLoss {
    DiceLoss.defaults().smooth(smooth);
  }

  /**
   * Computes the loss of a batch and its gradient.
   *
   * @param predictions logits or probabilities of shape [examples, pixels..., classes], in float32
   *     or float64
   * @param targets 1 for a pixel's class, else 0, in the same shape
   * @return a single value, and the gradient by the predictions
   * @throws IllegalArgumentException if shapes or types don't suit, or probabilities don't add up
   *     to 1
   */
  public LossValues on(Tensor predictions, Tensor targets) {
    LossValues apart =
        DiceLoss.defaults()
            .classWeights(weights(targets))
            .smooth(smooth)
            .applySoftmax(applySoftmax)
            .reduction(DiceLoss.Reduction.NONE)
            .ignoreBackground(ignoreBackground)
            .on(predictions, targets);
    int count = apart.values().size();
    LossValues mean = new LossValues(apart.values(), apart.gradient(), count);
    return new LossValues(
        Tensor.of(DType.FLOAT64, new double[] {mean.mean()}, new int[0]), mean.meanGradient(), 1);
  }

  private static List<Double> weights(Tensor targets) {
    int[] shape = targets.shape();
    int classes = shape.length == 0 ? 1 : shape[shape.length - 1];
    double[] frequencies = new double[classes];
    for (int i = 0; i < targets.size(); i++) {
      frequencies[i % classes] += targets.get(i);
    }
    List<Double> inverse = new ArrayList<>();
    double sum = 0;
    for (double frequency : frequencies) {
      inverse.add(1 / (frequency * frequency + LEAST_SQUARE));
      sum += inverse.get(inverse.size() - 1);
    }
    double total = sum;
    return inverse.stream().map(weight -> weight / total * classes).toList();
  }
}
