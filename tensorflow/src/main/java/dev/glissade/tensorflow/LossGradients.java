package dev.glissade.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * A loss and its gradients by the variables of its graph that it depends on.
 *
 * @param loss a scalar
 * @param variables the variables
 * @param gradients the gradient by each
 */
record LossGradients(Output<?> loss, List<GraphVariable> variables, List<Output<?>> gradients) {

  /** Adds the gradients of a loss to its graph. */
  static LossGradients of(Graph graph, Operand<?> loss) {
    requireScalarOf(graph, loss);
    List<GraphVariable> all = GraphVariable.usedBy(graph, loss);
    Output<?>[] outputs = all.stream().map(GraphVariable::output).toArray(Output<?>[]::new);
    Output<?>[] added =
        outputs.length == 0 ? outputs : ReferenceGradients.add(graph, loss, outputs);
    List<GraphVariable> variables = new ArrayList<>();
    List<Output<?>> gradients = new ArrayList<>();
    for (int i = 0; i < added.length; i++) {
      if (!added[i].isClosed()) { // it is closed if the variable only counts or selects
        variables.add(all.get(i));
        gradients.add(added[i]);
      }
    }
    if (variables.isEmpty()) {
      throw new IllegalArgumentException(
          "the loss must depend on a variable that has a gradient, but "
              + (all.isEmpty()
                  ? "depended on no variable"
                  : "none of its %d variables had one".formatted(all.size())));
    }
    return checked(loss.asOutput(), variables, gradients);
  }

  /** Takes gradients that the caller has added to the graph. */
  static LossGradients of(
      Graph graph, Operand<?> loss, Map<? extends Operand<?>, ? extends Operand<?>> gradients) {
    requireScalarOf(graph, loss);
    List<GraphVariable> variables = new ArrayList<>();
    List<Output<?>> outputs = new ArrayList<>();
    gradients.forEach((variable, gradient) -> {
      variables.add(GraphVariable.of(variable));
      outputs.add(gradient.asOutput());
    });
    if (variables.isEmpty()) {
      throw new IllegalArgumentException("gradients must have a variable, but had none");
    }
    return checked(loss.asOutput(), variables, outputs);
  }

  private static LossGradients checked(
      Output<?> loss, List<GraphVariable> variables, List<Output<?>> gradients) {
    GraphVariable.requireApart(variables);
    return new LossGradients(loss, List.copyOf(variables), List.copyOf(gradients));
  }

  @SuppressWarnings("ReferenceEquality") // graphs have no other equality
  private static void requireScalarOf(Graph graph, Operand<?> loss) {
    if (loss.env().isEager()) {
      throw new IllegalArgumentException(
          "the loss must be an operation of a graph, but was of an eager session, where"
              + " TensorFlow-Java has no gradients");
    }
    if (loss.env() != graph) {
      throw new IllegalArgumentException(
          "the loss must be of the session's graph, but was of another one");
    }
    Shape shape = loss.asOutput().shape();
    if (!shape.isUnknown() && shape.numDimensions() != 0) {
      throw new IllegalArgumentException(
          "the loss must be a scalar, but had shape %s: take the mean".formatted(shape));
    }
  }
}
