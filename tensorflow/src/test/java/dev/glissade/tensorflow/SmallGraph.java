package dev.glissade.tensorflow;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/** Two dense layers in a graph, and a session that has them. */
final class SmallGraph implements AutoCloseable {
  static final int INPUTS = 3;
  private static final int EXAMPLES = 5;

  final Graph graph = new Graph();
  final Ops tf = Ops.create(graph);
  private final Map<String, Ops> layers = new HashMap<>();
  final Map<String, Operand<?>> variables = new LinkedHashMap<>();
  final Map<String, Output<?>> reads = new LinkedHashMap<>();
  final Operand<?> loss;
  final Session session;
  private final Operand<TFloat32> x;
  private final Operand<TFloat32> y;
  private final boolean resource;
  private final Map<Operand<?>, Output<?>> gradients = new LinkedHashMap<>();

  private final Map<String, Assigned> assigned = new HashMap<>();

  /** What sets a variable. */
  private record Assigned(Operand<TFloat64> value, Op op) {}

  SmallGraph() {
    this(TFloat32.class, false);
  }

  SmallGraph(Class<? extends TFloating> type, boolean resource) {
    this(type, resource, 4);
  }

  SmallGraph(Class<? extends TFloating> type, boolean resource, int hidden) {
    this.resource = resource;
    this.x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, INPUTS)));
    this.y = tf.withName("y").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 1)));
    this.loss = loss(type, hidden);
    this.session = new Session(graph);
    session.initialize();
  }

  private <T extends TFloating> Operand<T> loss(Class<T> type, int hidden) {
    Operand<T> w1 = variable("hidden/kernel", type, INPUTS, hidden);
    Operand<T> b1 = variable("hidden/bias", type, hidden);
    Operand<T> w2 = variable("out/kernel", type, hidden, 1);
    Operand<T> b2 = variable("out/bias", type, 1);
    Operand<T> inputs = tf.dtypes.cast(x, type);
    Operand<T> h = tf.math.tanh(tf.math.add(tf.linalg.matMul(inputs, w1), b1));
    Operand<T> out = tf.math.add(tf.linalg.matMul(h, w2), b2);
    Operand<T> error = tf.math.squaredDifference(out, tf.dtypes.cast(y, type));
    return tf.withName("loss").math.mean(error, tf.constant(new int[] {0, 1}));
  }

  /** Adds a variable with small numbers; returns its value. */
  <T extends TFloating> Operand<T> variable(String name, Class<T> type, long... shape) {
    int size = (int) Shape.of(shape).size();
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) Math.sin(name.length() + 1.7 * i) / 2;
    }
    Ops init = tf.withInitScope();
    Constant<TFloat32> flat = init.constant(numbers);
    Operand<T> value = init.dtypes.cast(init.reshape(flat, init.constant(shape)), type);
    Operand<T> read;
    if (resource) {
      VarHandleOp variable =
          named(name).varHandleOp(type, Shape.of(shape), VarHandleOp.sharedName(name));
      init.assignVariableOp(variable, value);
      variables.put(name, variable);
      read = tf.readVariableOp(variable, type);
    } else {
      Variable<T> variable = named(name).variable(Shape.of(shape), type);
      init.assign(variable, value);
      variables.put(name, variable);
      read = variable;
    }
    reads.put(name, read.asOutput());
    return read;
  }

  private Ops named(String path) {
    String[] parts = path.split("/");
    return layers.computeIfAbsent(parts[0], tf::withSubScope).withName(parts[1]);
  }

  /** Feeds the batch of a number to a run, and keeps nothing. */
  Consumer<Session.Runner> batch(int number) {
    return batch(number, 1, EXAMPLES);
  }

  /** Feeds one example of a batch. */
  Consumer<Session.Runner> example(int number, int example) {
    float[][] inputs = {inputs(number)[example]};
    return feed(inputs, number, 1);
  }

  private Consumer<Session.Runner> batch(int number, float factor, int examples) {
    return feed(inputs(number), number, factor);
  }

  private Consumer<Session.Runner> feed(float[][] inputs, int number, float factor) {
    TFloat32 data = TFloat32.tensorOf(Shape.of(inputs.length, INPUTS));
    TFloat32 labels = TFloat32.tensorOf(Shape.of(inputs.length, 1));
    for (int e = 0; e < inputs.length; e++) {
      float sum = 0;
      for (int i = 0; i < INPUTS; i++) {
        data.setFloat(inputs[e][i], e, i);
        sum += inputs[e][i];
      }
      labels.setFloat(factor * (float) Math.sin(sum), e, 0);
    }
    return runner -> runner.feed(x, data).feed(y, labels);
  }

  /** Feeds a batch of which one number is not finite. */
  Consumer<Session.Runner> notFinite() {
    float[][] inputs = inputs(0);
    inputs[1][1] = Float.NaN;
    return feed(inputs, 0, 1);
  }

  private static float[][] inputs(int number) {
    float[][] inputs = new float[EXAMPLES][INPUTS];
    for (int e = 0; e < EXAMPLES; e++) {
      for (int i = 0; i < INPUTS; i++) {
        inputs[e][i] = (float) Math.cos(1 + 2.3 * (number * EXAMPLES + e) + 4.1 * i);
      }
    }
    return inputs;
  }

  /** The numbers of all variables. */
  Map<String, double[]> params() {
    Map<String, double[]> numbers = new LinkedHashMap<>();
    tree().forEach((path, tensor) -> numbers.put(path, tensor.toDoubles()));
    return numbers;
  }

  /** A copy of all variables. */
  Tree tree() {
    return fetched(new ArrayList<>(reads.values()), runner -> {});
  }

  /** A copy of the gradients of a batch, computed apart. */
  Tree gradients(Consumer<Session.Runner> batch) {
    return fetched(new ArrayList<>(gradients().values()), batch);
  }

  /** The loss of a batch. */
  double loss(Consumer<Session.Runner> batch) {
    Session.Runner runner = session.runner();
    batch.accept(runner);
    try (Result result = runner.fetch(loss).run()) {
      return copy((TType) result.get(0)).get(0);
    }
  }

  /** Sets all variables, which must be float64 resource variables. */
  void assign(Tree numbers) {
    for (String name : variables.keySet()) {
      Assigned one =
          assigned.computeIfAbsent(
              name,
              key -> {
                Placeholder<TFloat64> value = tf.withSubScope("set").placeholder(TFloat64.class);
                return new Assigned(
                    value, tf.withSubScope("set").assignVariableOp(variables.get(key), value));
              });
      double[] all = numbers.get(name).toDoubles();
      try (TFloat64 tensor = TFloat64.tensorOf(reads.get(name).shape(), DataBuffers.of(all))) {
        session.runner().feed(one.value(), tensor).addTarget(one.op()).run().close();
      }
    }
  }

  /** The gradients by the variables, which the first call adds to the graph. */
  Map<Operand<?>, Output<?>> gradients() {
    if (gradients.isEmpty()) {
      Output<?>[] by = variables.values().stream().map(Operand::asOutput).toArray(Output<?>[]::new);
      Output<?>[] added = graph.addGradients(loss.asOutput(), by);
      for (Operand<?> variable : variables.values()) {
        gradients.put(variable, added[gradients.size()]);
      }
    }
    return gradients;
  }

  private Tree fetched(List<Output<?>> outputs, Consumer<Session.Runner> batch) {
    Session.Runner runner = session.runner();
    batch.accept(runner);
    outputs.forEach(runner::fetch);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Result result = runner.run()) {
      List<String> names = List.copyOf(variables.keySet());
      for (int i = 0; i < names.size(); i++) {
        tensors.put(names.get(i), copy((TType) result.get(i)));
      }
    }
    return Tree.of(tensors);
  }

  private static Tensor copy(TType tensor) {
    double[] numbers = new double[(int) tensor.shape().size()];
    int[] i = {0};
    if (tensor instanceof TFloat64 wide) {
      wide.scalars().forEach(number -> numbers[i[0]++] = number.getDouble());
    } else if (tensor instanceof org.tensorflow.ndarray.FloatNdArray floats) {
      floats.scalars().forEach(number -> numbers[i[0]++] = number.getFloat());
    }
    DType dtype =
        switch (tensor.dataType()) {
          case DT_DOUBLE -> DType.FLOAT64;
          case DT_HALF -> DType.FLOAT16;
          case DT_BFLOAT16 -> DType.BFLOAT16;
          default -> DType.FLOAT32;
        };
    return Tensor.of(dtype, numbers, TensorMemory.shape(tensor));
  }

  static Class<? extends TFloating> type(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> TFloat64.class;
      case FLOAT16 -> TFloat16.class;
      case BFLOAT16 -> TBfloat16.class;
      default -> TFloat32.class;
    };
  }

  /** Sets a variable to a number, as a user would. */
  <T extends TFloating> void set(String name, float number) {
    Ops later = tf.withSubScope("user");
    float[] numbers = new float[(int) reads.get(name).shape().size()];
    java.util.Arrays.fill(numbers, number);
    Operand<TFloat32> value =
        later.reshape(later.constant(numbers), later.constant(reads.get(name).shape().asArray()));
    session.run(
        resource
            ? later.assignVariableOp(variables.get(name), value)
            : assign(later, variables.get(name), value));
  }

  @SuppressWarnings("unchecked")
  private static Op assign(Ops tf, Operand<?> variable, Operand<TFloat32> value) {
    return tf.assign((Operand<TFloat32>) variable, value);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
