package dev.glissade.tensorflow;

import dev.glissade.GradientTransformation;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Split;
import dev.glissade.contrib.Contrib;
import dev.glissade.schedule.Schedules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A small network that learns the handwritten digits with TensorFlow's Adam and with Prodigy. */
final class Digits implements AutoCloseable {
  private static final int BATCH = 64;
  private static final int HIDDEN = 64;
  static final int EPOCHS = 30;
  static final Split SPLIT = Datasets.digits().split(0);

  private final Random random;
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final int inputs = SPLIT.train().features();
  private final int classes = SPLIT.train().outputs();
  private final Placeholder<TFloat32> x =
      tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, inputs)));
  private final Placeholder<TInt32> y =
      tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> loss;
  private final Session session;
  private final List<GraphStepper> steppers = new ArrayList<>();

  Digits(int seed) {
    random = new Random(seed);
    Operand<TFloat32> hidden = tf.nn.relu(dense("hidden", x, inputs, HIDDEN));
    logits = dense("out", hidden, HIDDEN, classes);
    Operand<TFloat32> labels = tf.oneHot(y, tf.constant(classes), tf.constant(1f), tf.constant(0f));
    loss = tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss(), tf.constant(0));
    session = new Session(graph);
  }

  private Operand<TFloat32> dense(String name, Operand<TFloat32> input, int in, int out) {
    // TensorFlow's own optimizers cannot name their variables if these are in a scope.
    Variable<TFloat32> kernel =
        tf.withName(name + "_kernel").variable(Shape.of(in, out), TFloat32.class);
    Variable<TFloat32> bias = tf.withName(name + "_bias").variable(Shape.of(out), TFloat32.class);
    float[][] start = new float[in][out];
    for (float[] row : start) {
      for (int j = 0; j < out; j++) {
        row[j] = (float) (random.nextGaussian() * Math.sqrt(2.0 / in));
      }
    }
    Ops init = tf.withInitScope();
    init.assign(kernel, init.constant(start));
    init.assign(bias, init.constant(new float[out]));
    return tf.math.add(tf.linalg.matMul(input, kernel), bias);
  }

  /** Prints the mean accuracies of three seeds. */
  public static void main(String[] arguments) {
    accuracies(EPOCHS, 3).forEach((name, mean) -> System.out.printf("%-8s %.4f%n", name, mean));
  }

  /** The mean test accuracy of each after some epochs, over seeds from 1 on. */
  static Map<String, Double> accuracies(int epochs, int seeds) {
    Map<String, Function<Digits, Consumer<Consumer<Session.Runner>>>> ways = new LinkedHashMap<>();
    ways.put("adam", Digits::withAdam);
    ways.put("prodigy", digits -> digits.with(prodigy(epochs)));
    Map<String, Double> means = new LinkedHashMap<>();
    ways.forEach((name, way) -> {
      double sum = 0;
      for (int seed = 1; seed <= seeds; seed++) {
        try (Digits digits = new Digits(seed)) {
          sum += digits.accuracy(way.apply(digits), epochs);
        }
      }
      means.put(name, sum / seeds);
    });
    return means;
  }

  /** Prodigy ends in small steps, as in its paper. */
  static GradientTransformation<?> prodigy(int epochs) {
    int steps = epochs * ((SPLIT.train().size() + BATCH - 1) / BATCH);
    return Contrib.prodigy().learningRate(Schedules.cosineDecaySchedule(1.0, steps));
  }

  /** Steps of TensorFlow's own Adam. */
  private Consumer<Consumer<Session.Runner>> withAdam() {
    Op minimize = new Adam(graph, 2e-3f).minimize(loss);
    return batch -> {
      Session.Runner runner = session.runner();
      batch.accept(runner);
      runner.addTarget(minimize).run().close();
    };
  }

  /** Steps of one of our optimizers. */
  Consumer<Consumer<Session.Runner>> with(GradientTransformation<?> optimizer) {
    GraphStepper stepper = GraphStepper.of(session, loss, optimizer);
    steppers.add(stepper);
    return stepper::step;
  }

  /** The test accuracy after some epochs of shuffled batches. */
  double accuracy(Consumer<Consumer<Session.Runner>> step, int epochs) {
    int[] order = new int[SPLIT.train().size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int epoch = 0; epoch < epochs; epoch++) {
      shuffle(order);
      for (int from = 0; from < order.length; from += BATCH) {
        int size = Math.min(BATCH, order.length - from);
        try (TFloat32 images = images(SPLIT.train(), order, from, size);
            TInt32 labels = labels(SPLIT.train(), order, from, size)) {
          step.accept(run -> run.feed(x, images).feed(y, labels));
        }
      }
    }
    return accuracy();
  }

  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  private TFloat32 images(Dataset data, int[] rows, int from, int size) {
    float[] numbers = new float[size * inputs];
    data.inputs(rows, from, from + size, numbers);
    return TFloat32.tensorOf(Shape.of(size, inputs), DataBuffers.of(numbers));
  }

  private static TInt32 labels(Dataset data, int[] rows, int from, int size) {
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = data.label(rows[from + i]);
    }
    return TInt32.tensorOf(Shape.of(size), DataBuffers.of(labels));
  }

  private double accuracy() {
    Dataset test = SPLIT.test();
    int[] rows = new int[test.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    int right = 0;
    try (TFloat32 images = images(test, rows, 0, rows.length);
        Result result = session.runner().feed(x, images).fetch(logits).run()) {
      TFloat32 scores = (TFloat32) result.get(0);
      for (int i = 0; i < rows.length; i++) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
          best = scores.getFloat(i, c) > scores.getFloat(i, best) ? c : best;
        }
        right += best == test.label(i) ? 1 : 0;
      }
    }
    return (double) right / rows.length;
  }

  @Override
  public void close() {
    steppers.forEach(GraphStepper::close);
    session.close();
    graph.close();
  }
}
