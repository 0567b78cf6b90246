package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Arrays;

/**
 * The triplet loss (Balntas et al., "Learning Shallow Convolutional Feature Descriptors with
 * Triplet Losses", 2016): max(d(a, p) - d(a, n) + margin, 0) for an anchor a, a positive p like it
 * and a negative n unlike it, with d(x, y) = (sum_j |x_j - y_j|^k + eps)^(1/k).
 *
 * <p>Differs from Optax, where the powers of an odd degree have signs.
 *
 * @param normDegree k, at least 1
 * @param margin by how much the negative should be farther away than the positive
 * @param eps keeps the gradient finite where two vectors are equal; positive
 */
@Withers
public record TripletMarginLoss(double normDegree, double margin, double eps)
    implements TripletMarginLossWithers {
  /**
   * The losses of triplets, and the gradients of their sum.
   *
   * @param values the loss of each triplet, in float64
   * @param anchors the gradient by the anchors
   * @param positives the gradient by the positives
   * @param negatives the gradient by the negatives
   */
  public record TripletValues(Tensor values, Tensor anchors, Tensor positives, Tensor negatives) {}

  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException if normDegree is less than 1, eps is not positive, or a number
   *     is not finite
   */
  public TripletMarginLoss {
    Check.that(
        normDegree >= 1 && Double.isFinite(normDegree),
        "normDegree must be finite and at least 1",
        normDegree);
    Check.finite("margin", margin);
    Check.positive("eps", eps);
  }

  /**
   * Computes the loss of each triplet of rows.
   *
   * @param anchors float32 or float64 numbers of shape [batch, features]
   * @param positives of the shape and type of the anchors
   * @param negatives of the shape and type of the anchors
   * @return the losses and the gradients of their sum
   * @throws IllegalArgumentException if shapes or types differ or don't suit
   */
  public TripletValues on(Tensor anchors, Tensor positives, Tensor negatives) {
    return on(anchors, positives, negatives, -1);
  }

  /**
   * Computes the loss of each triplet of vectors along an axis.
   *
   * @param anchors float32 or float64 numbers of at least one axis
   * @param positives of the shape and type of the anchors
   * @param negatives of the shape and type of the anchors
   * @param axis the axis of the features; -1 is the last
   * @return the losses, in the shape of the other axes, and the gradients of their sum
   * @throws IllegalArgumentException if the tensor lacks the axis, or shapes or types differ or
   *     don't suit
   */
  public TripletValues on(Tensor anchors, Tensor positives, Tensor negatives, int axis) {
    Matrices.checkType("anchors", anchors.dtype());
    requireLike("positives", positives, anchors);
    requireLike("negatives", negatives, anchors);
    Lines lines = Lines.of(anchors.shape(), axis);
    double[] a = anchors.toDoubles();
    double[] p = positives.toDoubles();
    double[] n = negatives.toDoubles();
    double[] values = new double[lines.count()];
    double[] byP = new double[a.length];
    double[] byN = new double[a.length];
    for (int line = 0; line < values.length; line++) {
      double near = distance(a, p, lines, line);
      double far = distance(a, n, lines, line);
      double loss = near - far + margin;
      values[line] = loss > 0 ? loss : (Double.isNaN(loss) ? loss : 0);
      if (!(loss <= 0)) {
        addSlope(a, p, lines, line, -1, near, byP);
        addSlope(a, n, lines, line, 1, far, byN);
      }
    }
    double[] byA = new double[a.length];
    Arrays.setAll(byA, i -> 0 - byP[i] - byN[i]);
    DType type = anchors.dtype();
    return new TripletValues(
        Tensor.of(DType.FLOAT64, values, lines.otherAxes()),
        Tensor.of(type, byA, anchors.shape()),
        Tensor.of(type, byP, anchors.shape()),
        Tensor.of(type, byN, anchors.shape()));
  }

  private double distance(double[] x, double[] y, Lines lines, int line) {
    double sum = eps;
    for (int j = 0; j < lines.length(); j++) {
      int i = lines.position(line, j);
      sum += Math.pow(Math.abs(x[i] - y[i]), normDegree);
    }
    return Math.pow(sum, 1 / normDegree);
  }

  /** Adds the factor times the derivative of the distance by x. */
  private void addSlope(
      double[] x, double[] y, Lines lines, int line, double factor, double distance, double[] sum) {
    for (int j = 0; j < lines.length(); j++) {
      int i = lines.position(line, j);
      double d = x[i] - y[i];
      // (|d| / distance)^(k - 1) sign(d)
      sum[i] += factor * Math.pow(Math.abs(d) / distance, normDegree - 1) * Math.signum(d);
    }
  }

  private static void requireLike(String name, Tensor tensor, Tensor anchors) {
    boolean same =
        tensor.dtype() == anchors.dtype() && Arrays.equals(tensor.shape(), anchors.shape());
    if (!same) {
      throw new IllegalArgumentException(
          "%s must have the shape and type of the anchors, %s %s, but had %s %s"
              .formatted(
                  name,
                  Arrays.toString(anchors.shape()),
                  anchors.dtype(),
                  Arrays.toString(tensor.shape()),
                  tensor.dtype()));
    }
  }
}
