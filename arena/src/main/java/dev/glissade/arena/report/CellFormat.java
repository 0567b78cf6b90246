package dev.glissade.arena.report;

import dev.glissade.privacy.accounting.BoundFormat;
import java.util.Locale;
import java.util.OptionalDouble;

/** Formats the numbers of the result table. */
final class CellFormat {
  private CellFormat() {}

  static String loss(double loss) {
    return Double.isFinite(loss) ? format("%.4g", loss) : "not finite";
  }

  static String seconds(double seconds) {
    return format(seconds < 10 ? "%.2f s" : seconds < 600 ? "%.1f s" : "%.0f s", seconds);
  }

  /** Formats seconds for a legend, where a tenth says nothing. */
  static String wholeSeconds(double seconds) {
    return format(seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  }

  static String stepSize(OptionalDouble size, String none) {
    return size.isPresent() ? format("%.3g", size.getAsDouble()) : none;
  }

  /** Formats an epsilon, rounded up because it is an upper bound. */
  static String epsilon(double epsilon, String none) {
    return Double.isNaN(epsilon) ? none : BoundFormat.upperBound(epsilon);
  }

  static String count(long n) {
    return format("%,d", n);
  }

  private static String format(String pattern, Object value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
