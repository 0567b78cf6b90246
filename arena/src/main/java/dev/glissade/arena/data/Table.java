package dev.glissade.arena.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A table as it was read.
 *
 * @param values row-major, without the label column
 * @param labels the class of each row
 */
record Table(
    String name,
    List<String> featureNames,
    List<String> classNames,
    int features,
    double[] values,
    int[] labels,
    Standardization standardization,
    Reading reading)
    implements Examples {

  Table with(Standardization standardization) {
    return new Table(
        name, featureNames, classNames, features, values, labels, standardization, reading);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public Split split(long seed) {
    return split(seed, this::scales);
  }

  @Override
  public Split publicSplit(long seed) {
    Scale[] known = new Scale[features];
    Arrays.fill(known, standardization.known());
    return split(seed, rows -> known);
  }

  private Split split(long seed, Function<int[], Scale[]> scaling) {
    int[] order = RandomOrder.of(size(), seed);
    int train = RandomOrder.trainSize(size());
    int[] trainRows = Arrays.copyOfRange(order, 0, train);
    Scale[] scales = scaling.apply(trainRows);
    return new Split(
        select(trainRows, scales), select(Arrays.copyOfRange(order, train, order.length), scales));
  }

  private Scale[] scales(int[] rows) {
    Scale[] scales = new Scale[features];
    if (standardization == Standardization.WHOLE) {
      Arrays.fill(scales, Scale.of(new Cells(rows, 0, features)));
      return scales;
    }
    for (int column = 0; column < features; column++) {
      scales[column] = Scale.of(new Cells(rows, column, 1));
    }
    return scales;
  }

  private Dataset select(int[] rows, Scale[] scales) {
    float[] inputs = new float[rows.length * features];
    int[] selected = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = labels[rows[i]];
      for (int column = 0; column < features; column++) {
        inputs[i * features + column] = scales[column].apply(values[rows[i] * features + column]);
      }
    }
    return new Dataset(name, features, classNames, featureNames, inputs, selected);
  }

  /** The numbers of some rows in columns [first, first + width). */
  private final class Cells implements Scale.Numbers {
    private final int[] rows;
    private final int first;
    private final int width;

    Cells(int[] rows, int first, int width) {
      this.rows = rows;
      this.first = first;
      this.width = width;
    }

    @Override
    public long count() {
      return (long) rows.length * width;
    }

    @Override
    public double at(long i) {
      return values[rows[(int) (i / width)] * features + first + (int) (i % width)];
    }
  }
}
