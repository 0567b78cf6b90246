package dev.glissade.models;

import dev.glissade.Tensor;
import dev.glissade.models.FenchelYoungLoss.Maximum;
import dev.glissade.records.Check;

/**
 * The index of losses. Each is a record, in a file of its own, under its name in the field.
 *
 * <p>Most are a {@link Loss} of one example: an {@link Objective} trains our models with them, and
 * {@link Loss#on(Tensor, Targets)} computes values and gradients of any arrays of outputs. Those
 * that compare several arrays or the examples of a batch have a method {@code on} of their own.
 */
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

  /** {@return {@link LogCosh}: log cosh (y - t)} */
  public static LogCosh logCosh() {
    return new LogCosh();
  }

  /** {@return {@link CosineSimilarity} with epsilon = 0} */
  public static CosineSimilarity cosineSimilarity() {
    return new CosineSimilarity(0);
  }

  /**
   * {@return {@link CosineSimilarity} of outputs and targets}
   *
   * @param epsilon the least squared norm, not negative
   */
  public static CosineSimilarity cosineSimilarity(double epsilon) {
    return new CosineSimilarity(epsilon);
  }

  /** {@return {@link CosineDistance}: 1 - cosine similarity, with epsilon = 0} */
  public static CosineDistance cosineDistance() {
    return new CosineDistance(0);
  }

  /**
   * {@return {@link CosineDistance}: 1 - cosine similarity}
   *
   * @param epsilon the least squared norm, not negative
   */
  public static CosineDistance cosineDistance(double epsilon) {
    return new CosineDistance(epsilon);
  }

  /** {@return {@link SigmoidCrossEntropy}: the logistic loss of independent yes-or-no outputs} */
  public static SigmoidCrossEntropy sigmoidBinaryCrossEntropy() {
    return new SigmoidCrossEntropy();
  }

  /** {@return {@link SigmoidFocalLoss} with gamma = 2, without alpha} */
  public static SigmoidFocalLoss sigmoidFocalLoss() {
    return new SigmoidFocalLoss(null, 2);
  }

  /** {@return {@link SoftmaxCrossEntropy} with integer or soft labels} */
  public static SoftmaxCrossEntropy softmaxCrossEntropy() {
    return new SoftmaxCrossEntropy();
  }

  /** {@return {@link SoftmaxCrossEntropy}, which takes integer labels as well as soft ones} */
  public static SoftmaxCrossEntropy softmaxCrossEntropyWithIntegerLabels() {
    return new SoftmaxCrossEntropy();
  }

  /**
   * {@return {@link SoftmaxCrossEntropy}, where a class without probability adds nothing, even if
   * its logit is -infinity}
   */
  public static SoftmaxCrossEntropy safeSoftmaxCrossEntropy() {
    return new SoftmaxCrossEntropy();
  }

  /** {@return {@link PolyLoss} with epsilon = 2} */
  public static PolyLoss polyLossCrossEntropy() {
    return new PolyLoss(2);
  }

  /**
   * {@return {@link PolyLoss}: cross-entropy + epsilon (1 - p) of the class}
   *
   * @param epsilon the factor of the further term
   */
  public static PolyLoss polyLossCrossEntropy(double epsilon) {
    return new PolyLoss(epsilon);
  }

  /** {@return {@link HingeLoss}: max(0, 1 - t y) for targets of -1 and 1} */
  public static HingeLoss hingeLoss() {
    return new HingeLoss();
  }

  /** {@return {@link PerceptronLoss}: max(0, -t y) for targets of -1 and 1} */
  public static PerceptronLoss perceptronLoss() {
    return new PerceptronLoss();
  }

  /** {@return {@link SparsemaxLoss} of independent yes-or-no outputs} */
  public static SparsemaxLoss sparsemaxLoss() {
    return new SparsemaxLoss();
  }

  /** {@return {@link MulticlassHingeLoss} of integer labels} */
  public static MulticlassHingeLoss multiclassHingeLoss() {
    return new MulticlassHingeLoss();
  }

  /** {@return {@link MulticlassPerceptronLoss} of integer labels} */
  public static MulticlassPerceptronLoss multiclassPerceptronLoss() {
    return new MulticlassPerceptronLoss();
  }

  /** {@return {@link MulticlassSparsemaxLoss} of integer labels} */
  public static MulticlassSparsemaxLoss multiclassSparsemaxLoss() {
    return new MulticlassSparsemaxLoss();
  }

  /** {@return {@link KlDivergence} of log predictions from probabilities} */
  public static KlDivergence klDivergence() {
    return new KlDivergence();
  }

  /** {@return {@link LogTargetKlDivergence} of log predictions from log probabilities} */
  public static LogTargetKlDivergence klDivergenceWithLogTargets() {
    return new LogTargetKlDivergence();
  }

  /** {@return {@link GeneralizedKlDivergence}, for measures that need not add up to 1} */
  public static GeneralizedKlDivergence generalizedKlDivergence() {
    return new GeneralizedKlDivergence();
  }

  /**
   * Returns the softmax loss of a ranked list: -sum_i t_i log softmax(s)_i for the relevance t of
   * each item, as {@link SoftmaxCrossEntropy}. Multiply the relevance by the weights of items;
   * leave out invalid items by a mask.
   *
   * @return the loss
   */
  public static SoftmaxCrossEntropy rankingSoftmaxLoss() {
    return new SoftmaxCrossEntropy();
  }

  /**
   * {@return {@link FenchelYoungLoss}: max(s) less the product of targets and scores}
   *
   * @param maximum a convex function of scores, with its gradient
   */
  public static FenchelYoungLoss fenchelYoungLoss(Maximum maximum) {
    return new FenchelYoungLoss(maximum);
  }

  /** {@return {@link TripletMarginLoss} with Euclidean distance, margin = 1 and eps = 1e-6} */
  public static TripletMarginLoss tripletMarginLoss() {
    return new TripletMarginLoss(2, 1, 1e-6);
  }

  /** {@return {@link NtXentLoss} with temperature = 0.07} */
  public static NtXentLoss ntxent() {
    return new NtXentLoss(0.07);
  }

  /**
   * {@return {@link NtXentLoss}: contrasts the embeddings of a batch}
   *
   * @param temperature positive; small ones stress the nearest of the others
   */
  public static NtXentLoss ntxent(double temperature) {
    return new NtXentLoss(temperature);
  }

  /** {@return {@link CtcLoss} with class 0 as the blank} */
  public static CtcLoss ctcLoss() {
    return new CtcLoss(0);
  }

  /**
   * {@return {@link CtcLoss}: labels of sequences without their alignment}
   *
   * @param blankId the class of the blank
   */
  public static CtcLoss ctcLoss(int blankId) {
    return new CtcLoss(blankId);
  }

  /** {@return {@link DiceLoss} of logits, the mean over classes} */
  public static DiceLoss diceLoss() {
    return DiceLoss.defaults();
  }

  /** {@return {@link GeneralizedDiceLoss} of logits with smooth = 1} */
  public static GeneralizedDiceLoss multiclassGeneralizedDiceLoss() {
    return new GeneralizedDiceLoss(1, true, false);
  }

  /** {@return {@link BinaryDiceLoss} of logits with smooth = 1} */
  public static BinaryDiceLoss binaryDiceLoss() {
    return new BinaryDiceLoss(1, true);
  }

  /**
   * Returns labels that are less sure of themselves: (1 - alpha) t + alpha / classes.
   *
   * @param labels probabilities of classes, of shape [examples, classes]
   * @param alpha from 0 to 1
   * @return probabilities of the same shape
   * @throws IllegalArgumentException if labels have no axis, or alpha is out of range
   */
  public static Tensor smoothLabels(Tensor labels, double alpha) {
    return smoothLabels(labels, alpha, -1);
  }

  /**
   * Returns labels that are less sure of themselves: (1 - alpha) t + alpha / classes.
   *
   * @param labels probabilities of classes
   * @param alpha from 0 to 1
   * @param axis the axis of the classes; -1 is the last
   * @return probabilities of the same shape
   * @throws IllegalArgumentException if the tensor lacks the axis, or alpha is out of range
   */
  public static Tensor smoothLabels(Tensor labels, double alpha, int axis) {
    Check.that(alpha >= 0 && alpha <= 1, "alpha must be from 0 to 1", alpha);
    int classes = Lines.of(labels.shape(), axis).length();
    double[] smooth = labels.toDoubles();
    for (int i = 0; i < smooth.length; i++) {
      smooth[i] = (1 - alpha) * smooth[i] + alpha / classes;
    }
    return Tensor.of(labels.dtype(), smooth, labels.shape());
  }

  /**
   * Returns smooth labels of the classes that a mask includes: (1 - alpha) t + alpha / (included
   * classes); 0 for the others.
   *
   * @param labels probabilities of classes
   * @param alpha from 0 to 1
   * @param axis the axis of the classes; -1 is the last
   * @param where the mask, in the shape of the labels: 0 excludes a class
   * @return probabilities of the same shape
   * @throws IllegalArgumentException if the tensor lacks the axis, alpha is out of range, or the
   *     mask has another shape
   */
  public static Tensor smoothLabels(Tensor labels, double alpha, int axis, Tensor where) {
    Check.that(alpha >= 0 && alpha <= 1, "alpha must be from 0 to 1", alpha);
    Lines lines = Lines.of(labels.shape(), axis);
    Matrices.checkSameShape("where", where, "labels", labels);
    double[] smooth = labels.toDoubles();
    for (int line = 0; line < lines.count(); line++) {
      int included = 0;
      for (int j = 0; j < lines.length(); j++) {
        included += where.get(lines.position(line, j)) == 0 ? 0 : 1;
      }
      for (int j = 0; j < lines.length(); j++) {
        int i = lines.position(line, j);
        smooth[i] = where.get(i) == 0 ? 0 : (1 - alpha) * smooth[i] + alpha / included;
      }
    }
    return Tensor.of(labels.dtype(), smooth, labels.shape());
  }
}
