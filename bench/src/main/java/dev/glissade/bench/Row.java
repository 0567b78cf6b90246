package dev.glissade.bench;

import dev.glissade.records.Records;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of the result.
 *
 * @param who the implementation
 * @param nanos nanoseconds per element
 * @param gigabytes gigabytes per second, counting the bytes that the optimizer has to move
 * @param ofStream the speed as a fraction of the stream's
 * @param ofHandWritten the speed as a fraction of the hand-written loop's
 * @param allocated bytes allocated per step
 * @param ours how many times as fast Glissade is
 */
record Row(
    String optimizer,
    String who,
    long elements,
    int leaves,
    int threads,
    double nanos,
    @Nullable Double gigabytes,
    @Nullable Double ofStream,
    @Nullable Double ofHandWritten,
    @Nullable Double allocated,
    @Nullable Double ours) {

  static final String HEAD =
      "%-22s %-14s %11s %6s %3s %9s %7s %8s %8s %8s %7s"
          .formatted(
              "optimizer",
              "who",
              "elements",
              "leaves",
              "thr",
              "ns/elem",
              "GB/s",
              "/stream",
              "/by hand",
              "B/step",
              "ours x");

  String line() {
    return "%-22s %-14s %,11d %6d %3d %9s %7s %8s %8s %8s %7s"
        .formatted(
            optimizer,
            who,
            elements,
            leaves,
            threads,
            "%.4f".formatted(nanos),
            cell("%.1f", gigabytes),
            cell("%.2f", ofStream),
            cell("%.2f", ofHandWritten),
            cell("%.0f", allocated),
            cell("%.2f", ours));
  }

  /** Returns the columns that have a value, by name. */
  Map<String, @Nullable Object> plain() {
    Map<String, @Nullable Object> plain = Records.children(this);
    plain.values().removeIf(Objects::isNull);
    return plain;
  }

  private static String cell(String format, @Nullable Double number) {
    return number == null ? "" : format.formatted(number);
  }
}
