package dev.glissade.tensorflow;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.exceptions.TFInvalidArgumentException;

/**
 * Adds gradients to a graph. TensorFlow-Java 1.1.0 differentiates some functions of reference
 * variables by a cast to the variable's type, which no cast has: it throws, or ends the process.
 */
final class ReferenceGradients {
  /** The operations that end the process if their input is a reference. */
  private static final Set<String> FATAL = Set.of("Square", "Log1p", "Asin", "Atanh");

  private static final String REMEDY =
      ", which TensorFlow-Java can't differentiate: pass it tf.identity of the variable";

  private ReferenceGradients() {}

  /**
   * Adds the gradients of a loss.
   *
   * @param by what to differentiate by
   * @throws IllegalArgumentException if TensorFlow can't differentiate a function of a reference
   */
  static Output<?>[] add(Graph graph, Operand<?> loss, Output<?>[] by) {
    requireNoneFatal(loss);
    try {
      return graph.addGradients(loss.asOutput(), by);
    } catch (TFInvalidArgumentException e) {
      if (String.valueOf(e.getMessage()).contains("must not have reference type")) {
        throw new IllegalArgumentException(
            "the loss must not have a function of a reference variable such as pow, sign, acos,"
                + " atan or batchMatMul"
                + REMEDY,
            e);
      }
      throw e;
    }
  }

  private static void requireNoneFatal(Operand<?> loss) {
    Set<GraphOperation> seen = new HashSet<>();
    Deque<Operand<?>> open = new ArrayDeque<>();
    open.add(loss);
    while (!open.isEmpty()) {
      Output<?> output = open.remove().asOutput();
      if (output.op() instanceof GraphOperation operation
          && hasGradient(operation, output)
          && seen.add(operation)) {
        requireNotFatal(operation);
        open.addAll(operation.inputs());
      }
    }
  }

  /** Returns whether what is before an output has a gradient by it. */
  private static boolean hasGradient(GraphOperation operation, Output<?> output) {
    return !operation.type().equals("StopGradient")
        && switch (output.dataType()) {
          case DT_INT8, DT_INT16, DT_INT32, DT_INT64, DT_UINT8, DT_BOOL, DT_STRING -> false;
          default -> true;
        };
  }

  private static void requireNotFatal(GraphOperation operation) {
    if (FATAL.contains(operation.type()) && isReference(operation.input(0))) {
      throw new IllegalArgumentException(
          "the loss must not have \"%s\", the %s of a reference variable, \"%s\"%s"
              .formatted(
                  operation.name(), operation.type(), operation.input(0).op().name(), REMEDY));
    }
  }

  private static boolean isReference(Output<?> output) {
    return output.dataType().name().endsWith("_REF");
  }
}
