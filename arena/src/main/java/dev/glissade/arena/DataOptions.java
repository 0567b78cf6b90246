package dev.glissade.arena;

import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Header;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options for the examples to train on. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "Trains on this data: a CSV file, plain or gzipped, whose columns are standardized, or a"
            + " folder of IDX files in the MNIST layout. Sets a quarter aside as the test part"
            + " unless the data has one. Default: 1,797 handwritten digits of 8x8 pixels"
            + " (Alpaydin and Kaynak, 1998)."
      })
  @Nullable Path data;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description =
          "The label column of the CSV file, by name or by index from 0. Default: the last column.")
  @Nullable String label;

  @Option(
      names = "--header",
      paramLabel = "yes|no|auto",
      defaultValue = "auto",
      description = {
        "${COMPLETION-CANDIDATES}: whether the first row of the CSV file names its columns; auto"
            + " decides by how that row differs from the others and reports the decision."
            + " Default: ${DEFAULT-VALUE}."
      })
  Header header = Header.AUTO;

  DataOptions() {}

  /** Reads the digits, or the user's data with a report of what was read and what is doubtful. */
  Examples read(CommandLine command) {
    Examples examples = readPrivately(command);
    if (data != null) {
      examples.reading().doubts().forEach(doubt -> Failures.say(command, doubt));
    }
    return examples;
  }

  /** Reads the same for private training, without warnings, since a single row can change them. */
  Examples readPrivately(CommandLine command) {
    if (data == null) {
      if (label != null) {
        throw new IllegalArgumentException(
            "--label must be given with --data, a CSV file, but was " + label + " alone");
      }
      if (header != Header.AUTO) {
        throw new IllegalArgumentException(
            "--header must be given with --data, a CSV file, but was " + header + " alone");
      }
      return Datasets.digits();
    }
    Examples examples = Datasets.read(data, label, header);
    Failures.say(command, examples.reading().read());
    return examples;
  }
}
