package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    try {
      return TableFile.read(
              new Source("digits", Datasets::digitsFile), DataRequest.defaults().header(Header.NO))
          .ofPixels();
    } catch (IOException e) {
      throw Inputs.refuse("digits", e);
    }
  }

  private static InputStream digitsFile() throws IOException {
    InputStream resource = Datasets.class.getResourceAsStream("digits.csv.gz");
    if (resource == null) {
      throw new IllegalStateException("the resource digits.csv.gz is missing from the program");
    }
    return new GZIPInputStream(resource);
  }

  /** Reads examples with the default request. */
  public static Examples read(Path path) {
    return read(path, DataRequest.defaults());
  }

  /**
   * Reads a CSV file or a folder of IDX files in the MNIST layout, each plain or gzipped. A gzip
   * file may unpack to 4 MiB, or to 100 times its size if that is more.
   *
   * <p>CSV: RFC 4180 in UTF-8, with commas, semicolons or tabs between the fields (whichever is
   * most frequent in the first line; commas that all stand between digits do not count if there is
   * a semicolon or tab). Skips rows without a value, and columns at the end without name and value.
   * The first row is a header if it holds the label column's name, or if at least half of its other
   * fields are text that no other row of their columns has; a first row of numbers is one if its
   * label and its numbers set it apart from all other rows ({@link Header#AUTO}). Compares labels
   * that are all numbers exactly, as numbers.
   *
   * <p>A column of numbers or dates is standardized with its own mean and deviation; one that is
   * constant in the train part becomes 0. A column of words becomes an input for each word.
   * Identifiers are dropped: columns that count the rows, whole numbers of more than 15 digits, and
   * words that differ in most rows. Words such as {@code NA} and {@code ?} stand for missing
   * values.
   *
   * <p>IDX: reads train-images-idx3-ubyte and train-labels-idx1-ubyte, and, if they exist,
   * t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte as the test part; also with {@code .idx}
   * instead of {@code -idx} and with {@code .gz} at the end. A pixel p becomes (p / 255 - mean) /
   * deviation, with one mean and one deviation over all train pixels.
   *
   * @param request what the user says about the data
   */
  public static Examples read(Path path, DataRequest request) {
    if (Files.isDirectory(path)) {
      checkForImages(Inputs.name(path), request);
      return IdxFolder.read(path, request);
    }
    if (!Files.isRegularFile(path)) {
      throw new DataException("--data must be a file or folder, but nothing exists at " + path);
    }
    try {
      Inputs.checkUnpacked(path);
      return TableFile.read(Source.of(path, request.progress()), request);
    } catch (IOException e) {
      throw Inputs.refuse(Inputs.name(path), e);
    }
  }

  /** Refuses what is for tables only. */
  private static void checkForImages(String folder, DataRequest request) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("--label", request.label() == null ? null : Text.quote(request.label()));
    given.put("--header", request.header() == Header.AUTO ? null : request.header());
    given.put("--task", request.task() == Task.REGRESSION ? request.task() : null);
    given.put("--missing", request.missing() == Missing.REFUSE ? null : request.missing());
    given.put("--drop", request.drop().isEmpty() ? null : Reading.some(request.drop()));
    given.put("--features", request.features().isEmpty() ? null : Reading.some(request.features()));
    given.put("--test", request.test());
    given.put(
        "--bounds", request.bounds().equals(ColumnBounds.NONE) ? null : "ranges; pixels need none");
    given.put(
        "--categories",
        request.categories().isEmpty()
            ? null
            : Reading.some(List.copyOf(request.categories().keySet())));
    given.forEach((option, value) -> {
      if (value != null) {
        throw new DataException(
            "%s: %s must not be given for a folder of IDX files, but was %s"
                .formatted(folder, option, value));
      }
    });
  }
}
