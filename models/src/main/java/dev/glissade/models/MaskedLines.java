package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Applies a loss to the lines of an array, or to those of their elements that a mask includes. */
final class MaskedLines {
  private final Loss loss;
  private final Targets targets;
  private final Lines lines;
  private final double[] outputs;
  private final double @Nullable [] where;
  private final double[] gradient;

  private MaskedLines(
      Loss loss, Targets targets, Lines lines, double[] outputs, double @Nullable [] where) {
    this.loss = loss;
    this.targets = targets;
    this.lines = lines;
    this.outputs = outputs;
    this.where = where;
    this.gradient = new double[outputs.length];
  }

  static LossValues apply(
      Loss loss, Tensor outputs, Targets targets, int axis, @Nullable Tensor where) {
    Matrices.checkType("outputs", outputs.dtype());
    Lines lines = Lines.of(outputs.shape(), axis);
    if (targets.size() != lines.count()) {
      throw new IllegalArgumentException(
          "targets must be one for each of %d examples of outputs, but were %d"
              .formatted(lines.count(), targets.size()));
    }
    if (where != null) {
      Matrices.checkSameShape("where", where, "outputs", outputs);
    }
    loss.check(targets, lines.length());
    return new MaskedLines(
            loss, targets, lines, outputs.toDoubles(), where == null ? null : where.toDoubles())
        .apply(outputs.dtype());
  }

  private LossValues apply(DType dtype) {
    double[] values = new double[lines.count()];
    int examples = 0;
    for (int line = 0; line < values.length; line++) {
      int[] included = included(line);
      if (included.length > 0 || lines.length() == 0) {
        values[line] = targets.weight(line) * loss(line, included);
        examples++;
      }
    }
    return new LossValues(
        Tensor.of(DType.FLOAT64, values, lines.otherAxes()),
        Tensor.of(dtype, gradient, lines.shape()),
        examples);
  }

  /** Returns the loss of the included elements, as if there were no others. */
  private double loss(int line, int[] included) {
    double[] part = new double[included.length];
    for (int k = 0; k < part.length; k++) {
      part[k] = outputs[lines.position(line, included[k])];
    }
    double[] slope = new double[part.length];
    boolean whole = included.length == lines.length();
    double value =
        whole
            ? loss.example(part, targets, line, slope)
            : loss.example(part, among(line, included), 0, slope);
    for (int k = 0; k < part.length; k++) {
      gradient[lines.position(line, included[k])] = targets.weight(line) * slope[k];
    }
    return value;
  }

  /** Returns the target of a line among the included elements. */
  private Targets among(int line, int[] included) {
    if (targets instanceof Targets.Labels labels) {
      int k = Arrays.binarySearch(included, labels.at(line));
      if (k < 0) {
        throw new IllegalArgumentException(
            "classes[%d] must be a class that where includes, but was %d"
                .formatted(line, labels.at(line)));
      }
      return Targets.labels(k);
    }
    double[] numbers = new double[included.length];
    for (int k = 0; k < numbers.length; k++) {
      numbers[k] = ((Targets.Values) targets).at(line, included[k]);
    }
    return Targets.values(Tensor.wrap(numbers, 1, numbers.length));
  }

  private int[] included(int line) {
    int[] included = new int[lines.length()];
    int count = 0;
    for (int j = 0; j < included.length; j++) {
      if (where == null || where[lines.position(line, j)] != 0) {
        included[count++] = j;
      }
    }
    return Arrays.copyOf(included, count);
  }
}
