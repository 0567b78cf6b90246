package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * New examples for a model, encoded batch by batch: the rows of a CSV file, plain or gzipped, which
 * is never in memory as a whole, or the images of a folder of IDX files.
 */
public abstract sealed class RowSource implements Closeable {
  private final boolean labeled;

  private RowSource(boolean labeled) {
    this.labeled = labeled;
  }

  /**
   * Opens a file or folder.
   *
   * <p>Finds the columns of a table by their names, in any order, or by their positions if it or
   * the encoding has no header. If the encoding has none, a first row with words in most columns of
   * numbers is skipped as a header, and the listener is told. Of a folder in the MNIST layout,
   * reads the t10k images, or the train images if there are none.
   *
   * @param labeled whether to read labels; the data must then have them
   * @param listener receives a sentence for each thing that was ignored or replaced
   * @throws DataException if the data does not fit the encoding
   */
  public static RowSource open(
      Path path, Encoding encoding, Header header, boolean labeled, Consumer<String> listener) {
    if (encoding.inputs() instanceof Encoding.Pixels pixels) {
      return new OfImages(path, encoding, pixels, labeled, listener);
    }
    if (!Files.isRegularFile(path)) {
      throw new DataException(
          Files.isDirectory(path)
              ? "the data must be a CSV file, as the model's data was, but was a folder: " + path
              : "the data must be a CSV file, but no file exists at " + path);
    }
    try {
      return new OfTable(
          MatchedRows.open(Source.of(path, LoadProgress.NONE), encoding, header),
          Inputs.name(path),
          encoding,
          labeled,
          listener);
    } catch (IOException e) {
      throw Inputs.refuse(Inputs.name(path), e);
    }
  }

  /** Returns whether the batches have labels; without them, all are class 0 or the value 0. */
  public boolean isLabeled() {
    return labeled;
  }

  /**
   * Returns the next examples.
   *
   * @param most the largest number of examples
   * @return null at the end
   */
  public abstract @Nullable Dataset next(int most);

  /** Closes the file. */
  @Override
  public abstract void close();

  /** Rows of a CSV file. */
  private static final class OfTable extends RowSource {
    private final MatchedRows rows;
    private final RowReader reader;
    private final String name;
    private final Encoding encoding;
    private final Consumer<String> listener;
    private final ColumnEncoding[] columns;
    private boolean begun;
    private boolean ended;

    OfTable(
        MatchedRows rows,
        String name,
        Encoding encoding,
        boolean labeled,
        Consumer<String> listener) {
      super(labeled);
      this.rows = rows;
      this.name = name;
      this.encoding = encoding;
      this.listener = listener;
      this.reader = new RowReader(name, encoding, rows.match(), "the model");
      this.columns =
          ((Encoding.Columns) encoding.inputs())
              .columns().stream().map(Encoding.Column::encoding).toArray(ColumnEncoding[]::new);
      if (rows.headerDoubt() != null) {
        listener.accept(rows.headerDoubt());
      }
      List<String> extra = rows.match().extra();
      if (!extra.isEmpty()) {
        listener.accept("ignored columns that the model does not use: " + Reading.some(extra));
      }
      if (labeled && rows.match().label() < 0) {
        close();
        throw new DataException(
            "%s must have the label column%s to be evaluated"
                .formatted(
                    name,
                    encoding.label().name().isEmpty()
                        ? ""
                        : " " + Text.quote(encoding.label().name())));
      }
    }

    @Override
    public @Nullable Dataset next(int most) {
      int features = encoding.features();
      float[] inputs = new float[Math.multiplyExact(most, features)];
      Labels labels =
          encoding.task() == Task.REGRESSION ? Labels.numbers(most) : Labels.classes(most);
      double[] fields = new double[columns.length];
      try {
        while (labels.size() < most) {
          TableRow row = rows.next();
          if (row == null) {
            break;
          }
          labels.add(read(row, fields));
          int at = labels.size() * features - features;
          for (int i = 0; i < columns.length; i++) {
            columns[i].encode(fields[i], inputs, at);
            at += columns[i].width();
          }
        }
      } catch (IOException e) {
        throw Inputs.refuse(name, e);
      }
      if (labels.size() == 0) {
        end();
        return null;
      }
      float[] used = Arrays.copyOf(inputs, labels.size() * features);
      return Dataset.encoded(name, encoding, used, labels);
    }

    /** Reads the fields and returns the label; an error in a first row of data names --header. */
    private double read(TableRow row, double[] fields) {
      try {
        reader.read(row, fields);
        double label = isLabeled() ? reader.label(row) : 0;
        begun = true;
        return label;
      } catch (DataException e) {
        if (begun || rows.match().header()) {
          throw e;
        }
        throw new DataException(
            e.getMessage() + ": pass --header yes if line 1 names the columns", e);
      }
    }

    private void end() {
      if (!ended) {
        ended = true;
        reader.doubts().forEach(listener);
      }
    }

    @Override
    public void close() {
      try {
        rows.close();
      } catch (IOException e) {
        throw Inputs.refuse(name, e);
      }
    }
  }

  /** Images of a folder of IDX files. */
  private static final class OfImages extends RowSource {
    private final Images.Part part;
    private final Labels labels;
    private final Encoding encoding;
    private final String name;
    private int next;

    OfImages(
        Path path,
        Encoding encoding,
        Encoding.Pixels pixels,
        boolean labeled,
        Consumer<String> listener) {
      super(labeled);
      this.encoding = encoding;
      this.name = Inputs.name(path);
      this.part = IdxFolder.forPrediction(path, labeled, listener);
      if (part.width() != pixels.width() || part.height() != pixels.height()) {
        throw new DataException(
            "%s must hold images of %d x %d, as the model's data, but held %d x %d"
                .formatted(
                    part.file(), pixels.height(), pixels.width(), part.height(), part.width()));
      }
      this.labels =
          labeled ? part.classes(encoding.classNames()) : Labels.of(new int[part.count()]);
      for (int i = 0; i < labels.size(); i++) {
        if (labels.classOf(i) < 0) {
          throw new DataException(
              "%s: label %d must be one of the classes of the model, but was %d"
                  .formatted(part.file(), i + 1, part.labels()[i] & 0xff));
        }
      }
    }

    @Override
    public @Nullable Dataset next(int most) {
      int from = next;
      next = Math.min(part.count(), from + most);
      if (from == next) {
        return null;
      }
      int[] rows = new int[next - from];
      Arrays.setAll(rows, i -> from + i);
      return Images.dataset(name, encoding, part.pixels(), labels, rows);
    }

    @Override
    public void close() {}
  }
}
