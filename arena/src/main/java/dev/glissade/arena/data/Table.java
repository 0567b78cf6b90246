package dev.glissade.arena.data;

import dev.glissade.arena.data.ColumnEncoding.Numbers;
import dev.glissade.arena.data.LabelEncoding.NumberLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A table as read: the fields that its columns become inputs from, and the labels.
 *
 * @param encoding the encoding without the statistics of the train part
 * @param counts the number of rows of each class; one number for regression
 * @param test the test part if it is a file of its own
 * @param pixels whether all numbers are pixels from 0 to 16, as in the digits, with one scaling
 */
record Table(
    String name,
    Encoding encoding,
    Rows rows,
    int[] counts,
    @Nullable Rows test,
    boolean pixels,
    DataRequest request,
    Reading reading)
    implements Examples {
  private static final LinearScale KNOWN_PIXELS =
      new LinearScale(16 * LinearScale.PIXELS.mean(), 16 * LinearScale.PIXELS.deviation(), false);

  /** The rows of one file. */
  record Rows(Cells cells, Labels labels) {}

  /** Returns the same table as a picture in each row. */
  Table ofPixels() {
    return new Table(name, encoding, rows, counts, test, true, request, reading);
  }

  @Override
  public int size() {
    return rows.labels().size() + (test == null ? 0 : test.labels().size());
  }

  @Override
  public Task task() {
    return encoding.task();
  }

  @Override
  public Split split(long seed) {
    if (request.isPrivate()) {
      return publicSplit(seed);
    }
    Parts.check(name, rows.labels().size(), "rows");
    Parts parts = Parts.of(rows.labels(), counts, test != null, seed);
    return split(parts, pixels ? onPixels(ofAll(parts.train())) : standardized(parts.train()));
  }

  @Override
  public Split publicSplit(long seed) {
    Parts.check(name, rows.labels().size(), "rows");
    Parts parts = Parts.blind(rows.labels().size(), test != null, seed);
    return split(parts, pixels ? onPixels(KNOWN_PIXELS) : encoding);
  }

  private Split split(Parts parts, Encoding encoding) {
    Dataset train = dataset(rows, parts.train(), encoding);
    Dataset own =
        test == null
            ? dataset(rows, parts.test(), encoding)
            : dataset(test, IntStream.range(0, test.labels().size()).toArray(), encoding);
    return new Split(
        request.balanced() && task() == Task.CLASSES ? train.balanced() : train,
        dataset(rows, parts.validation(), encoding),
        own);
  }

  private Dataset dataset(Rows of, int[] some, Encoding encoding) {
    ColumnEncoding[] columns =
        columns(encoding).stream().map(Encoding.Column::encoding).toArray(ColumnEncoding[]::new);
    return new Dataset(
        name,
        encoding,
        (row, target, at) -> of.cells().encode(row, columns, target, at),
        of.labels(),
        some,
        new double[0]);
  }

  private static List<Encoding.Column> columns(Encoding encoding) {
    return ((Encoding.Columns) encoding.inputs()).columns();
  }

  /** Returns the encoding with the means and deviations of these rows where none are known. */
  private Encoding standardized(int[] train) {
    List<Encoding.Column> columns = new ArrayList<>();
    for (Encoding.Column column : columns(encoding)) {
      int index = columns.size();
      boolean open = column.encoding() instanceof Numbers n && !n.scaling().clamped();
      columns.add(
          open
              ? scaled(
                  column, Standardizer.of(train.length, i -> rows.cells().get(train[i], index)))
              : column);
    }
    LabelEncoding label = encoding.label();
    if (label instanceof NumberLabel number && !number.scaling().clamped()) {
      label =
          new NumberLabel(
              number.name(),
              number.position(),
              Standardizer.of(train.length, i -> rows.labels().value(train[i])));
    }
    return with(columns, label);
  }

  private LinearScale ofAll(int[] train) {
    int width = columns(encoding).size();
    return Standardizer.of(
        train.length * width, i -> rows.cells().get(train[i / width], i % width));
  }

  private Encoding onPixels(LinearScale scaling) {
    return with(
        columns(encoding).stream().map(column -> scaled(column, scaling)).toList(),
        encoding.label());
  }

  private Encoding with(List<Encoding.Column> columns, LabelEncoding label) {
    Encoding.Columns before = (Encoding.Columns) encoding.inputs();
    return new Encoding(new Encoding.Columns(before.header(), before.width(), columns), label);
  }

  private static Encoding.Column scaled(Encoding.Column column, LinearScale scaling) {
    Numbers numbers = (Numbers) column.encoding();
    return new Encoding.Column(
        column.name(),
        column.position(),
        new Numbers(scaling, numbers.missing(), numbers.indicator(), numbers.date()));
  }
}
