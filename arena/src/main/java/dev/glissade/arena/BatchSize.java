package dev.glissade.arena;

import dev.glissade.arena.train.Plan;
import picocli.CommandLine.ITypeConverter;

/**
 * The value of --batch.
 *
 * @param examples the number of examples; {@link Plan#ALL} for all
 */
record BatchSize(int examples) {
  /** The word for a batch of all examples. */
  static final String ALL = "all";

  /** Reads the value. */
  static final class Converter implements ITypeConverter<BatchSize> {
    Converter() {}

    @Override
    public BatchSize convert(String value) {
      return new BatchSize(value.equals(ALL) ? Plan.ALL : Integer.parseInt(value));
    }
  }

  /** Returns the number of examples, or "all". */
  static Object plain(int examples) {
    return examples == Plan.ALL ? ALL : examples;
  }
}
