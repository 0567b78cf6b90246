package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads examples from files and folders, and the digits that come with the program. */
public final class Datasets {
  private Datasets() {}

  /**
   * Returns the 1,797 handwritten digits of Alpaydin and Kaynak (UCI, 1998, CC BY 4.0), 8x8 pixels.
   * All pixels share a unit, so one mean and one deviation standardize them.
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

  /** Reads examples and detects whether a CSV file has a header. */
  public static Examples read(Path path, @Nullable String label) {
    return read(path, label, Header.AUTO);
  }

  /**
   * Reads a CSV file or a folder of IDX files in the MNIST layout, each plain or gzipped. A gzip
   * file may unpack to 4 MiB, or to 100 times its size if that is more.
   *
   * <p>CSV: RFC 4180 in UTF-8, with commas, semicolons or tabs between the fields (whichever is
   * most frequent in the first line; commas that all stand between digits do not count if there is
   * a semicolon or tab). Skips rows without a value, and columns at the end without name and value.
   * The first row is a header if it holds the label column's name, or if at least half of its other
   * fields are text; a first row of numbers is one if its label and its numbers set it apart from
   * all other rows ({@link Header#AUTO}). Compares labels that are all numbers exactly, as numbers.
   * Refuses words for a missing value, such as {@code NA} and {@code ?}, as numbers and as labels.
   * Standardizes each column but the label with its own mean and deviation; a column that is
   * constant in the train part becomes 0.
   *
   * <p>IDX: reads train-images-idx3-ubyte and train-labels-idx1-ubyte, and, if they exist,
   * t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte as the test part; also with {@code .idx}
   * instead of {@code -idx} and with {@code .gz} at the end. A pixel p becomes (p / 255 - mean) /
   * deviation, with one mean and one deviation over all train pixels.
   *
   * @param label the label column of a CSV file: its name, its index from 0, or its index from the
   *     end (-1 is the last); a name takes precedence over an index. Null for the last column
   * @param header whether the first row of a CSV file is a header
   */
  public static Examples read(Path path, @Nullable String label, Header header) {
    if (Files.isDirectory(path)) {
      if (label != null) {
        throw new DataException(
            "%s: --label must not be given for a folder of IDX files, but was %s"
                .formatted(Inputs.name(path), Text.quote(label)));
      }
      if (header != Header.AUTO) {
        throw new DataException(
            "%s: --header must not be given for a folder of IDX files, but was %s"
                .formatted(Inputs.name(path), header));
      }
      return IdxFolder.read(path);
    }
    if (!Files.isRegularFile(path)) {
      throw new DataException("--data must be a file or folder, but nothing exists at " + path);
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
