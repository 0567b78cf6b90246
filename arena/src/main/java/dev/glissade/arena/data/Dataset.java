package dev.glissade.arena.data;

import dev.glissade.arena.data.LabelEncoding.ClassLabel;
import dev.glissade.arena.data.LabelEncoding.NumberLabel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples with labels: a view of some rows of a source, which encodes them when they are asked
 * for. Immutable, so many threads may read it.
 */
public final class Dataset {
  /** Writes the inputs of a row of the source to target[at], target[at + 1], ... */
  interface Encoder {
    void encode(int row, float[] target, int at);
  }

  private final String name;
  private final Encoding encoding;
  private final Encoder encoder;
  private final Labels labels;
  private final int[] rows;
  private final int features;
  private final List<String> classNames;
  private final double[] weights;

  /**
   * @param rows the rows of the source, kept
   * @param weights the weight of each class; empty if all examples weigh 1
   */
  Dataset(
      String name,
      Encoding encoding,
      Encoder encoder,
      Labels labels,
      int[] rows,
      double[] weights) {
    this.name = name;
    this.encoding = encoding;
    this.encoder = encoder;
    this.labels = labels;
    this.rows = rows;
    this.features = encoding.features();
    this.classNames = encoding.classNames();
    this.weights = weights;
  }

  /**
   * Makes a data set of inputs that need no encoding.
   *
   * @param inputs row-major, kept: example i is at [i * features, (i + 1) * features)
   * @param labels the class of each example, kept
   */
  public static Dataset of(
      String name, int features, List<String> classNames, float[] inputs, int[] labels) {
    LabelEncoding label = new ClassLabel("", features, classNames);
    return of(name, features, label, inputs, Labels.of(labels));
  }

  /**
   * Makes a data set of inputs and values that need no encoding.
   *
   * @param inputs row-major, kept: example i is at [i * features, (i + 1) * features)
   * @param values the number to predict of each example
   */
  public static Dataset of(String name, int features, float[] inputs, float[] values) {
    LabelEncoding label = new NumberLabel("", features, LinearScale.NONE);
    double[] numbers = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    return of(name, features, label, inputs, Labels.of(numbers));
  }

  private static Dataset of(
      String name, int features, LabelEncoding label, float[] inputs, Labels labels) {
    List<Encoding.Column> columns =
        IntStream.range(0, features)
            .mapToObj(i ->
                new Encoding.Column(
                    String.valueOf(i + 1),
                    i,
                    new ColumnEncoding.Numbers(LinearScale.NONE, Missing.REFUSE, false, null)))
            .toList();
    Encoding encoding = new Encoding(new Encoding.Columns(false, features + 1, columns), label);
    return encoded(name, encoding, inputs, labels);
  }

  /** Makes a data set of inputs that are encoded already. */
  static Dataset encoded(String name, Encoding encoding, float[] inputs, Labels labels) {
    int features = encoding.features();
    if (inputs.length != (long) labels.size() * features) {
      throw new DataException(
          "%s: inputs must have examples x features = %d x %d numbers, but had %d"
              .formatted(name, labels.size(), features, inputs.length));
    }
    int[] rows = IntStream.range(0, labels.size()).toArray();
    return new Dataset(
        name,
        encoding,
        (row, target, at) -> System.arraycopy(inputs, row * features, target, at, features),
        labels,
        rows,
        new double[0]);
  }

  /** Returns at most this many examples, the first ones, with their weights. */
  Dataset first(int n) {
    return n >= size()
        ? this
        : new Dataset(name, encoding, encoder, labels, Arrays.copyOf(rows, n), weights);
  }

  /** Returns this data set with weights that give each class the same sum. */
  Dataset balanced() {
    int[] counts = classCounts();
    double[] balanced = new double[counts.length];
    Arrays.setAll(
        balanced, i -> counts[i] == 0 ? 0 : (double) size() / ((double) counts.length * counts[i]));
    return new Dataset(name, encoding, encoder, labels, rows, balanced);
  }

  /**
   * Returns this data set with other classes, and with balanced weights if it has such.
   *
   * @param classes the class of each example, kept
   */
  public Dataset withLabels(int[] classes) {
    int[] all = IntStream.range(0, classes.length).toArray();
    Dataset changed =
        new Dataset(
            name,
            encoding,
            (example, target, at) -> encoder.encode(rows[example], target, at),
            Labels.of(classes),
            all,
            new double[0]);
    return weights.length == 0 ? changed : changed.balanced();
  }

  /** Returns the name of the file or folder. */
  public String name() {
    return name;
  }

  /** Returns what there is to predict. */
  public Task task() {
    return encoding.task();
  }

  /** Returns how the examples are encoded. */
  public Encoding encoding() {
    return encoding;
  }

  /** Returns the number of examples. */
  public int size() {
    return rows.length;
  }

  /** Returns the number of inputs of an example. */
  public int features() {
    return features;
  }

  /** Returns the number of outputs of a model: a score for each class, or the number. */
  public int outputs() {
    return encoding.outputs();
  }

  /** Returns the name of each class, by its number; empty for regression. */
  public List<String> classNames() {
    return classNames;
  }

  /** Returns the name of each input; empty if the source names none. */
  public List<String> featureNames() {
    return encoding.featureNames();
  }

  /**
   * Writes the inputs of examples rows[from], ..., rows[to - 1] to the target, row-major.
   *
   * @param rows numbers of examples, each in [0, size)
   */
  public void inputs(int[] rows, int from, int to, float[] target) {
    for (int i = from; i < to; i++) {
      encoder.encode(this.rows[rows[i]], target, (i - from) * features);
    }
  }

  /** Returns the class of an example, in [0, outputs); 0 in regression. */
  public int label(int example) {
    return labels.classOf(rows[example]);
  }

  /**
   * Returns the number that a model learns to predict, which is scaled by the label's encoding and
   * clamped to bounds; NaN for classes.
   */
  public float value(int example) {
    return encoding.label() instanceof NumberLabel number
        ? number.scaling().apply(labels.value(rows[example]))
        : Float.NaN;
  }

  /** Returns the number to predict as it is in the data, not scaled or clamped; NaN for classes. */
  public double number(int example) {
    return labels.value(rows[example]);
  }

  /**
   * Returns the weight of an example in the loss: 1, or with balanced weights that of its class.
   */
  public float weight(int example) {
    return weights.length == 0 ? 1 : (float) weights[label(example)];
  }

  /** Returns the number of examples of each class. */
  public int[] classCounts() {
    int[] counts = new int[classNames.size()];
    for (int row : rows) {
      if (counts.length > 0) {
        counts[labels.classOf(row)]++;
      }
    }
    return counts;
  }

  /** Returns the labels of all examples as an array of their own. */
  public int[] labels() {
    int[] all = new int[size()];
    Arrays.setAll(all, this::label);
    return all;
  }

  /** Returns the inputs of all examples, row-major, as an array of their own. */
  public float[] inputs() {
    float[] all = new float[Math.multiplyExact(size(), features)];
    inputs(IntStream.range(0, size()).toArray(), 0, size(), all);
    return all;
  }
}
