package dev.glissade.arena.data;

import java.util.Arrays;

/** The labels of a table's rows: the number of the class, or the value. */
final class Labels {
  private final boolean numbers;
  private int[] classes = new int[0];
  private double[] values = new double[0];
  private int size;

  private Labels(boolean numbers, int expected) {
    this.numbers = numbers;
    if (numbers) {
      values = new double[expected];
    } else {
      classes = new int[expected];
    }
  }

  static Labels classes(int expected) {
    return new Labels(false, expected);
  }

  static Labels numbers(int expected) {
    return new Labels(true, expected);
  }

  static Labels of(int[] classes) {
    Labels labels = new Labels(false, 0);
    labels.classes = classes;
    labels.size = classes.length;
    return labels;
  }

  static Labels of(double[] values) {
    Labels labels = new Labels(true, 0);
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
      values[size++] = label;
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
    return numbers ? values[row] : Double.NaN;
  }
}
