package dev.glissade.arena.data;

import java.util.Arrays;

/** The labels of a table's rows: the number of the class, or the value less an offset. */
final class Labels {
  private final double offset;
  private final boolean numbers;
  private int[] classes = new int[0];
  private float[] values = new float[0];
  private int size;

  private Labels(boolean numbers, double offset, int expected) {
    this.numbers = numbers;
    this.offset = offset;
    if (numbers) {
      values = new float[expected];
    } else {
      classes = new int[expected];
    }
  }

  static Labels classes(int expected) {
    return new Labels(false, 0, expected);
  }

  static Labels numbers(double offset, int expected) {
    return new Labels(true, offset, expected);
  }

  static Labels of(int[] classes) {
    Labels labels = new Labels(false, 0, 0);
    labels.classes = classes;
    labels.size = classes.length;
    return labels;
  }

  static Labels of(float[] values) {
    Labels labels = new Labels(true, 0, 0);
    labels.values = values;
    labels.size = values.length;
    return labels;
  }

  void add(double label) {
    int length = numbers ? values.length : classes.length;
    if (size == length) {
      int longer = Math.max(64, length + length / 2);
      if (numbers) {
        values = Arrays.copyOf(values, longer);
      } else {
        classes = Arrays.copyOf(classes, longer);
      }
    }
    if (numbers) {
      values[size++] = (float) (label - offset);
    } else {
      classes[size++] = (int) label;
    }
  }

  int size() {
    return size;
  }

  /** Returns the class of a row; 0 in regression, where all rows are alike. */
  int classOf(int row) {
    return numbers ? 0 : classes[row];
  }

  double value(int row) {
    return numbers ? offset + values[row] : Double.NaN;
  }
}
