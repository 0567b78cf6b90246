package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads examples from files, folders, and the digits that come with the program. */
public final class Datasets {
  private Datasets() {}

  /**
   * The 1,797 handwritten digits of Alpaydin and Kaynak (UCI, 1998, CC BY 4.0), 8x8 pixels. Pixels
   * share one unit, so they are standardised by one mean and one deviation.
   */
  public static Examples digits() {
    try (InputStream resource = Datasets.class.getResourceAsStream("digits.csv.gz")) {
      if (resource == null) {
        throw new IllegalStateException("the resource digits.csv.gz is missing from the program");
      }
      return CsvReader.read("digits", new GZIPInputStream(resource), null, Header.NO)
          .with(Standardization.WHOLE);
    } catch (IOException e) {
      throw Inputs.refuse("digits", e);
    }
  }

  /** Reads examples, and decides whether a CSV file has a header. */
  public static Examples read(Path path, @Nullable String label) {
    return read(path, label, Header.AUTO);
  }

  /**
   * A folder of IDX files in the MNIST layout, or a CSV file; each plain or compressed with gzip. A
   * gzip file may unpack to 4 MiB, or to 100 times its size if that is more.
   *
   * <p>CSV: RFC 4180 in UTF-8, with comma, semicolon or tab between the fields (the most frequent
   * one in the first line; commas that all stand between digits do not count where there is a
   * semicolon or tab). Rows without a value and columns without a name and a value at the end are
   * left out. The first row is a header when it holds the label column's name, or when at least
   * half of its fields outside of the label column are text; a first row of numbers is one when its
   * label and its numbers set it apart from all other rows ({@link Header#AUTO}). Labels that are
   * all numbers are compared exactly, as numbers; words that stand for a missing value, such as
   * {@code NA} and {@code ?}, are refused, as numbers and as labels. Each column outside of the
   * label column is standardised with its own mean and deviation; a column that is constant in the
   * train part becomes 0.
   *
   * <p>IDX: train-images-idx3-ubyte and train-labels-idx1-ubyte, and t10k-images-idx3-ubyte and
   * t10k-labels-idx1-ubyte as the test part when they are there; {@code .idx} instead of {@code
   * -idx} and {@code .gz} at the end are found too. A pixel p becomes (p / 255 - mean) / deviation
   * with one mean and one deviation over all train pixels.
   *
   * @param label the label column of a CSV file: its name, or its index from 0, or from the end (-1
   *     is the last); a column's name takes precedence over an index. Null means the last column
   * @param header whether the first row of a CSV file is a header
   */
  public static Examples read(Path path, @Nullable String label, Header header) {
    if (Files.isDirectory(path)) {
      if (label != null) {
        throw new DataException(
            "%s: a label column is for CSV files, a folder of IDX files has none: %s"
                .formatted(Inputs.name(path), Text.quote(label)));
      }
      if (header != Header.AUTO) {
        throw new DataException(
            "%s: a header is for CSV files, a folder of IDX files has none: %s"
                .formatted(Inputs.name(path), header));
      }
      return IdxFolder.read(path);
    }
    if (!Files.isRegularFile(path)) {
      throw new DataException("there is no data file or folder at this path: " + path);
    }
    try {
      Inputs.checkUnpacked(path);
      try (InputStream in = FileKind.withLookahead(Inputs.open(path))) {
        FileKind.refuseOthers(Inputs.name(path), in);
        return CsvReader.read(Inputs.name(path), in, label, header);
      }
    } catch (IOException e) {
      throw Inputs.refuse(Inputs.name(path), e);
    }
  }
}
