package dev.glissade;

import dev.glissade.fuse.graph.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides how far to go along a direction, by evaluating the loss there. A step calls it between
 * passes, so it is plain Java, and it may evaluate as often as it likes:
 *
 * <pre>{@code
 * LineSearch halving = line -> {
 *   double s = line.guess();
 *   while (!(line.valueAt(s) < line.value0()) && s > 1e-10) {
 *     s /= 2;
 *   }
 *   return line.value() < line.value0() ? s : 0;
 * };
 * }</pre>
 *
 * <p>A {@link GradientTransformation} calls {@link #along} in its step and multiplies its updates
 * by the result. If the loss function throws, the step changes nothing.
 */
@FunctionalInterface
public interface LineSearch {

  /**
   * Returns how far to go.
   *
   * @param line the loss along the direction
   * @return the factor of the direction; 0 to stay
   */
  double search(Line line);

  /**
   * What a search has found, deferred.
   *
   * @param step the factor of the direction
   * @param value the loss there
   * @param gradients the gradients there; without leaves if nobody asked for them
   * @param evaluations how many times the search has evaluated the loss
   * @param decreaseError what {@link Line#report} was given first
   * @param curvatureError what it was given second
   */
  record Found(
      Scalar step,
      Scalar value,
      Tree gradients,
      Scalar evaluations,
      Scalar decreaseError,
      Scalar curvatureError) {}

  /**
   * Searches along a direction, deferred. The step must have the extra arguments {@link
   * Extras#withValue value} and {@link Extras#withLossFunction loss function}.
   *
   * @param direction what to add to the parameters, times the factor
   * @param params the parameters before the step
   * @param guess the first factor to try
   * @param needsGradients whether to find the gradients at the end
   * @param extras the extra arguments of the step
   * @return what the search finds
   * @throws IllegalArgumentException if an extra argument is missing
   */
  default Found along(
      Tree direction, Tree params, Scalar guess, boolean needsGradients, Extras extras) {
    LossFunction loss = extras.lossFunction();
    Scalar value = extras.value();
    Tree gradients = extras.gradients();
    Scalar slope = direction.dot(gradients);
    List<Node> operands = new ArrayList<>(List.of(params.node(), direction.node()));
    if (needsGradients) {
      operands.add(gradients.as(params.structure().computed()).node());
    }
    extras.part().rests().forEach(rest -> operands.add(rest.node()));
    operands.addAll(List.of(value.node(), slope.node(), guess.node()));
    Structure result = needsGradients ? params.structure().computed() : Tree.empty().structure();
    Node call =
        Node.callback(
            result.layout(),
            operands,
            new LineCall(
                this, loss, extras.part(), params.structure(), direction.structure(), result));
    return new Found(
        number(call, LineCall.STEP),
        number(call, LineCall.VALUE),
        new Tree(result, call),
        number(call, LineCall.EVALUATIONS),
        number(call, LineCall.DECREASE_ERROR),
        number(call, LineCall.CURVATURE_ERROR));
  }

  private static Scalar number(Node call, int index) {
    return new Scalar(Node.number(call, index));
  }

  /**
   * The loss along a line, f(x + s u) for a number s, as a {@link LineSearch} sees it. x are the
   * parameters and u is the direction. A point at which the loss was evaluated last is the current
   * one.
   */
  interface Line {

    /** {@return the first s to try} */
    double guess();

    /** {@return the loss at s = 0} */
    double value0();

    /** {@return the slope at s = 0: the inner product of the gradients and u} */
    double slope0();

    /**
     * Evaluates the loss, without gradients where these cost more.
     *
     * @param s any number
     * @return the loss at x + s u
     */
    double valueAt(double s);

    /**
     * Evaluates the loss and its gradients.
     *
     * @param s any number
     * @return the loss at x + s u
     */
    double evaluate(double s);

    /** {@return the loss at the current point} */
    double value();

    /**
     * {@return the slope at the current point: the inner product of its gradients and u}
     *
     * @throws IllegalStateException if the gradients were not evaluated there
     */
    double slope();

    /** {@return how many times the loss was evaluated} */
    int evaluations();

    /**
     * Says how far the result is from what the search wants; reading it is up to the state of the
     * transformation.
     *
     * @param decreaseError by how much the loss decreases too little
     * @param curvatureError by how much the slope is too steep
     */
    void report(double decreaseError, double curvatureError);
  }
}
