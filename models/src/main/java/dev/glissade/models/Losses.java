package dev.glissade.models;

/** The index of losses. Each is a record, in a file of its own, under its name in the field. */
public final class Losses {
  private Losses() {}

  /** {@return {@link SquaredError}: (y - t)^2} */
  public static SquaredError squaredError() {
    return new SquaredError(1);
  }

  /** {@return half the squared error, (y - t)^2 / 2} */
  public static SquaredError l2Loss() {
    return new SquaredError(0.5);
  }

  /** {@return {@link HuberLoss} with delta = 1} */
  public static HuberLoss huberLoss() {
    return new HuberLoss(1);
  }

  /**
   * {@return {@link HuberLoss}: quadratic near the target, linear beyond}
   *
   * @param delta the distance from which on it is linear; positive
   */
  public static HuberLoss huberLoss(double delta) {
    return new HuberLoss(delta);
  }

  /** {@return {@link SigmoidCrossEntropy}: the logistic loss of independent yes-or-no outputs} */
  public static SigmoidCrossEntropy sigmoidBinaryCrossEntropy() {
    return new SigmoidCrossEntropy();
  }

  /** {@return {@link SoftmaxCrossEntropy} with integer or soft labels} */
  public static SoftmaxCrossEntropy softmaxCrossEntropy() {
    return new SoftmaxCrossEntropy();
  }

  /** {@return {@link HingeLoss}: max(0, 1 - t y) for targets of -1 and 1} */
  public static HingeLoss hingeLoss() {
    return new HingeLoss();
  }
}
