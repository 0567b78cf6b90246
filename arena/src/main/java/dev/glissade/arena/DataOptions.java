package dev.glissade.arena;

import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Examples;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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
      description = "The CSV file's label column, by name or index. Default: the last.")
  @Nullable String label;

  DataOptions() {}

  Examples read() {
    if (data == null) {
      if (label != null) {
        throw new IllegalArgumentException("--label needs --data, a CSV file: " + label);
      }
      return Datasets.digits();
    }
    return Datasets.read(data, label);
  }
}
