package dev.glissade.arena;

import dev.glissade.arena.data.Header;
import dev.glissade.arena.data.RowSource;
import dev.glissade.arena.use.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model and the data of a command that uses a trained model. */
final class UseOptions {
  /** The number of examples that are in memory at a time. */
  static final int AT_ONCE = 1024;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "The model, a file that \"glissade train --out\" wrote.")
  Path model = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "DATA",
      description = {
        "A CSV file, plain or gzipped, with the columns that the model was trained on, in any order"
            + " if it has a header; or a folder of IDX files with images."
      })
  Path data = Path.of("");

  @Option(
      names = "--header",
      paramLabel = "yes|no|auto",
      defaultValue = "auto",
      description =
          "Whether the first row of the CSV file names its columns. Default: ${DEFAULT-VALUE}.")
  Header header = Header.AUTO;

  UseOptions() {}

  ModelFile read() throws IOException {
    return ModelFile.read(model);
  }

  /** Opens the data; says on the console of messages what was ignored or replaced. */
  RowSource open(ModelFile file, boolean labeled, CommandLine command) {
    return RowSource.open(
        data, file.encoding(), header, labeled, sentence -> Failures.say(command, sentence));
  }
}
