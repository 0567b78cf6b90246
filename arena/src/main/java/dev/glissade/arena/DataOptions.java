package dev.glissade.arena;

import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Header;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which examples to train on. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "A CSV file, plain or gzipped, whose columns are standardised, or a folder of IDX files"
            + " in the MNIST layout. Default: 1,797 handwritten digits of 8x8 pixels (Alpaydin"
            + " and Kaynak, 1998). Without a test part of its own, a quarter is set aside."
      })
  @Nullable Path data;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description =
          "The CSV file's label column, by name, or else by index from 0. Default: the last.")
  @Nullable String label;

  @Option(
      names = "--header",
      paramLabel = "WHETHER",
      defaultValue = "auto",
      description = {
        "${COMPLETION-CANDIDATES}: whether the CSV file's first row names its columns; auto decides"
            + " by what sets it apart from the others, and says what it took it for. Default:"
            + " ${DEFAULT-VALUE}."
      })
  Header header = Header.AUTO;

  DataOptions() {}

  /** Reads the digits, or the user's data, of which it says what was read and what is doubtful. */
  Examples read(CommandLine command) {
    Examples examples = readPrivately(command);
    if (data != null) {
      examples.reading().doubts().forEach(doubt -> Failures.say(command, doubt));
    }
    return examples;
  }

  /**
   * Reads the same for private training: what is doubtful is not said, since one row more or less
   * may change it.
   */
  Examples readPrivately(CommandLine command) {
    if (data == null) {
      if (label != null) {
        throw new IllegalArgumentException("--label needs --data, a CSV file: " + label);
      }
      if (header != Header.AUTO) {
        throw new IllegalArgumentException("--header needs --data, a CSV file: " + header);
      }
      return Datasets.digits();
    }
    Examples examples = Datasets.read(data, label, header);
    Failures.say(command, examples.reading().read());
    return examples;
  }
}
