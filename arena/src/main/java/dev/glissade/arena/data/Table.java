package dev.glissade.arena.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A table as read.
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
    return split(seed, this::scalers);
  }

  @Override
  public Split publicSplit(long seed) {
    StandardScaler[] known = new StandardScaler[features];
    Arrays.fill(known, standardization.known());
    return split(seed, rows -> known);
  }

  private Split split(long seed, Function<int[], StandardScaler[]> scaling) {
    int[] order = RandomOrder.of(size(), seed);
    int train = RandomOrder.trainSize(size());
    int[] trainRows = Arrays.copyOfRange(order, 0, train);
    StandardScaler[] scalers = scaling.apply(trainRows);
    return new Split(
        select(trainRows, scalers),
        select(Arrays.copyOfRange(order, train, order.length), scalers));
  }

  private StandardScaler[] scalers(int[] rows) {
    StandardScaler[] scalers = new StandardScaler[features];
    if (standardization == Standardization.WHOLE) {
      Arrays.fill(scalers, StandardScaler.of(new Cells(rows, 0, features)));
      return scalers;
    }
    for (int column = 0; column < features; column++) {
      scalers[column] = StandardScaler.of(new Cells(rows, column, 1));
    }
    return scalers;
  }

  private Dataset select(int[] rows, StandardScaler[] scalers) {
    float[] inputs = new float[rows.length * features];
    int[] selected = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = labels[rows[i]];
      for (int column = 0; column < features; column++) {
        inputs[i * features + column] = scalers[column].apply(values[rows[i] * features + column]);
      }
    }
    return new Dataset(name, features, classNames, featureNames, inputs, selected);
  }

  /** The numbers of some rows in columns first to first + width - 1. */
  private final class Cells implements StandardScaler.Values {
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
