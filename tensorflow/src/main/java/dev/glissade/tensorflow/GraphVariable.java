package dev.glissade.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TType;

/**
 * A variable of a graph: a reference variable ({@code tf.variable}), or a resource variable ({@code
 * tf.varHandleOp}). Adds what it needs to the graph at the first use.
 */
final class GraphVariable {
  private static final String OLD_VARIABLE = "Variable";

  private final GraphOperation operation;
  private @Nullable Output<?> read;
  private @Nullable Assignment assignment;

  /**
   * What sets the variable.
   *
   * @param value the placeholder of the new value
   * @param target the operation to run
   */
  record Assignment(Output<?> value, Op target) {}

  private GraphVariable(GraphOperation operation) {
    this.operation = operation;
  }

  /** Returns the variables that an operand is computed from, in the graph's order. */
  static List<GraphVariable> usedBy(Graph graph, Operand<?> operand) {
    Set<GraphOperation> used = graph.subgraphTo(Set.of(operand));
    List<GraphVariable> found = new ArrayList<>();
    graph
        .operations()
        .forEachRemaining(operation -> {
          if (isVariable(operation.type()) && used.contains(operation)) {
            found.add(new GraphVariable(operation));
          }
        });
    return found;
  }

  private static boolean isVariable(String type) {
    return type.equals(Variable.OP_NAME)
        || type.equals(OLD_VARIABLE)
        || type.equals(VarHandleOp.OP_NAME);
  }

  /** Returns the variable that an operand is. */
  static GraphVariable of(Operand<?> operand) {
    if (operand.asOutput().op() instanceof GraphOperation operation
        && isVariable(operation.type())) {
      return new GraphVariable(operation);
    }
    throw new IllegalArgumentException(
        "a gradient must be that of a graph's variable, but was that of " + operand.asOutput());
  }

  /**
   * Requires that no two share a value, as resource variables without a shared name of their own
   * do.
   */
  static void requireApart(List<GraphVariable> variables) {
    Map<String, String> names = new LinkedHashMap<>();
    for (GraphVariable variable : variables) {
      String key = variable.sharedName();
      String other = names.put(variable.type() + key, variable.name());
      if (other != null) {
        throw new IllegalArgumentException(
            "variables must have different shared names, but \"%s\" and \"%s\" both had \"%s\""
                    .formatted(other, variable.name(), key)
                + ": set VarHandleOp.sharedName");
      }
    }
  }

  private String sharedName() {
    // getAttrString of TensorFlow-Java 1.1.0 returns what it finds beyond an empty string.
    String name = operation.attributes().getAttrValueProto("shared_name").getS().toStringUtf8();
    return name.isEmpty() && !isResource() ? name() : name;
  }

  String name() {
    return operation.name();
  }

  /** {@return the variable as errors name it} */
  String what() {
    return "variable \"%s\"".formatted(name());
  }

  boolean isResource() {
    return operation.type().equals(VarHandleOp.OP_NAME);
  }

  private String type() {
    return isResource() ? "resource " : "reference ";
  }

  /** {@return what to differentiate by} */
  Output<?> output() {
    return operation.output(0);
  }

  /** {@return what to fetch for the value} */
  Output<?> read() {
    if (read == null) {
      read = isResource() ? ops("read").readVariableOp(output(), numbers()).asOutput() : output();
    }
    return read;
  }

  /** {@return what sets the value} */
  Assignment assignment() {
    if (assignment == null) {
      Placeholder<?> value = ops("value").placeholder(numbers());
      assignment = new Assignment(value.asOutput(), assign(value));
    }
    return assignment;
  }

  @SuppressWarnings("unchecked") // the placeholder is of the variable's type
  private <T extends TType> Op assign(Placeholder<T> value) {
    Ops tf = ops("assign");
    return isResource()
        ? tf.assignVariableOp(output(), value)
        : tf.assign((Output<T>) output(), value);
  }

  private Ops ops(String name) {
    return Ops.create(operation.env()).withSubScope("glissade").withName(name);
  }

  /** Returns the class of the variable's numbers. */
  private Class<? extends TType> numbers() {
    DataType type = operation.attributes().getAttrType("dtype");
    return switch (type) {
      case DT_FLOAT -> TFloat32.class;
      case DT_DOUBLE -> TFloat64.class;
      case DT_HALF -> TFloat16.class;
      case DT_BFLOAT16 -> TBfloat16.class;
      default ->
          throw new IllegalArgumentException(
              "%s must be float32, float64, float16, bfloat16 or frozen, but was %s"
                  .formatted(what(), type));
    };
  }

  /** Returns an open tensor in memory of its own, of the type of this variable. */
  Tensor allocate(Shape shape) {
    return Tensor.of(numbers(), shape);
  }
}
