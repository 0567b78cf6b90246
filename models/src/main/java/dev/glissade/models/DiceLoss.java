package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The soft Dice loss of segmentation (Milletari et al., "V-Net", 2016) and its generalization by
 * Tversky's weights. For each class of an example, with the predicted probabilities p and the
 * targets t of its pixels,
 *
 * <pre>{@code
 * I = sum p t,  P = sum p,  T = sum t
 * loss = 1 - (I + smooth) / (I + alpha (P - I) + beta (T - I) + smooth)
 * }</pre>
 *
 * <p>The predictions of several classes are logits of a softmax over the classes, those of a single
 * class logits of a sigmoid. To sum over the examples of a batch as well, reshape them to one
 * example.
 *
 * @param classWeights a factor on the loss of each class; null for 1
 * @param smooth keeps the quotient defined for classes that don't occur; not negative
 * @param alpha the weight of false positives, not negative
 * @param beta the weight of false negatives, not negative
 * @param applySoftmax whether predictions are logits rather than probabilities
 * @param reduction what becomes of the losses of the classes
 * @param ignoreBackground whether to leave out the first of several classes
 */
@Withers
public record DiceLoss(
    @Nullable List<Double> classWeights,
    double smooth,
    double alpha,
    double beta,
    boolean applySoftmax,
    Reduction reduction,
    boolean ignoreBackground)
    implements DiceLossWithers {
  private static final double NOT_A_DISTRIBUTION = 1e-5;

  /** What becomes of the losses of the classes of an example. */
  public enum Reduction {
    /** Their mean. */
    MEAN,
    /** Their sum. */
    SUM,
    /** They stay apart. */
    NONE
  }

  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if a number is negative or not finite
   */
  public DiceLoss {
    Check.notNegative("smooth", smooth);
    Check.notNegative("alpha", alpha);
    Check.notNegative("beta", beta);
    classWeights = classWeights == null ? null : List.copyOf(classWeights);
    for (int c = 0; classWeights != null && c < classWeights.size(); c++) {
      Check.notNegative("classWeights[" + c + "]", classWeights.get(c));
    }
  }

  /**
   * {@return the loss with smooth = 1, alpha = beta = 1/2, of logits, the mean over all classes}
   */
  public static DiceLoss defaults() {
    return new DiceLoss(null, 1, 0.5, 0.5, true, Reduction.MEAN, false);
  }

  /**
   * Computes the loss of each example and the gradient of their sum.
   *
   * @param predictions logits or probabilities of shape [examples, pixels..., classes], in float32
   *     or float64
   * @param targets 1 for a pixel's class, else 0, in the same shape
   * @return the losses, of shape [examples], or [examples, classes] if they stay apart
   * @throws IllegalArgumentException if shapes or types don't suit, or probabilities don't add up
   *     to 1
   */
  public LossValues on(Tensor predictions, Tensor targets) {
    Matrices.checkType("predictions", predictions.dtype());
    int[] shape = predictions.shape();
    if (shape.length < 2 || !Arrays.equals(shape, targets.shape())) {
      throw new IllegalArgumentException(
          "predictions and targets must have one shape, [examples, pixels..., classes], but had %s"
                  .formatted(Arrays.toString(shape))
              + " and "
              + Arrays.toString(targets.shape()));
    }
    int classes = shape[shape.length - 1];
    if (classWeights != null && classWeights.size() != classes) {
      throw new IllegalArgumentException(
          "classWeights must be one for each of %d classes, but were %d"
              .formatted(classes, classWeights.size()));
    }
    int first = ignoreBackground && classes > 1 ? 1 : 0;
    double[] p = probabilities(predictions.toDoubles(), classes);
    double[] byP = new double[p.length];
    double[] values = losses(p, targets.toDoubles(), shape[0], classes, first, byP);
    return new LossValues(
        Tensor.of(DType.FLOAT64, values, reducedShape(shape[0], classes - first)),
        Tensor.of(predictions.dtype(), byPredictions(byP, p, classes), shape),
        shape[0]);
  }

  private int[] reducedShape(int examples, int classes) {
    return reduction == Reduction.NONE ? new int[] {examples, classes} : new int[] {examples};
  }

  private double[] losses(
      double[] p, double[] t, int examples, int classes, int first, double[] byP) {
    int used = classes - first;
    double[] apart = new double[examples * used];
    double share = reduction == Reduction.MEAN ? 1.0 / used : 1;
    int length = examples == 0 ? 0 : p.length / examples;
    for (int e = 0; e < examples; e++) {
      for (int c = first; c < classes; c++) {
        double factor = share * (classWeights == null ? 1 : classWeights.get(c));
        apart[e * used + c - first] =
            factor * loss(p, t, new Pixels(e * length + c, (e + 1) * length, classes), factor, byP);
      }
    }
    if (reduction == Reduction.NONE) {
      return apart;
    }
    double[] sums = new double[examples];
    for (int i = 0; i < apart.length; i++) {
      sums[i / used] += apart[i];
    }
    return sums;
  }

  /** The places of the pixels of one class in one example. */
  private record Pixels(int from, int to, int step) {}

  private double loss(double[] p, double[] t, Pixels pixels, double factor, double[] byP) {
    double both = 0;
    double predicted = 0;
    double wanted = 0;
    for (int i = pixels.from; i < pixels.to; i += pixels.step) {
      both += p[i] * t[i];
      predicted += p[i];
      wanted += t[i];
    }
    double above = both + smooth;
    double below = both + alpha * (predicted - both) + beta * (wanted - both) + smooth;
    if (below == 0) {
      return 0; // neither predicted nor wanted
    }
    for (int i = pixels.from; i < pixels.to; i += pixels.step) {
      double belowSlope = t[i] + alpha * (1 - t[i]) - beta * t[i];
      byP[i] = factor * (above / below * belowSlope - t[i]) / below;
    }
    return 1 - above / below;
  }

  private double[] probabilities(double[] predictions, int classes) {
    double[] p = predictions.clone();
    for (int i = 0; i < p.length; i += classes) {
      if (!applySoftmax) {
        requireDistribution(p, i, classes);
      } else if (classes == 1) {
        p[i] = new SigmoidCrossEntropy().derivative(p[i], 0);
      } else {
        Softmax.of(predictions, i, i + classes, p);
      }
    }
    return p;
  }

  private static void requireDistribution(double[] p, int from, int classes) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += p[from + c];
    }
    boolean holds = classes == 1 ? sum >= 0 && sum <= 1 : Math.abs(sum - 1) <= NOT_A_DISTRIBUTION;
    if (!holds) {
      throw new IllegalArgumentException(
          "probabilities of a pixel must add up to 1, or be from 0 to 1 if there is one class, but"
              + " added up to %s: pass logits or call applySoftmax(true)".formatted(sum));
    }
  }

  /** Returns the derivatives by the predictions from those by the probabilities. */
  private double[] byPredictions(double[] byP, double[] p, int classes) {
    if (!applySoftmax) {
      return byP;
    }
    double[] slopes = new double[p.length];
    for (int i = 0; i < p.length; i += classes) {
      double mean = 0;
      for (int c = i; c < i + classes; c++) {
        mean += byP[c] * p[c];
      }
      for (int c = i; c < i + classes; c++) {
        slopes[c] = classes == 1 ? byP[c] * p[c] * (1 - p[c]) : p[c] * (byP[c] - mean);
      }
    }
    return slopes;
  }
}
