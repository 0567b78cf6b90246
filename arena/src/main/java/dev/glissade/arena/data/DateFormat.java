package dev.glissade.arena.data;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the dates of a column are written. A date is a number: the days since 1970-01-01 in UTC. */
enum DateFormat {
  /** Year, month and day, as in 2024-02-29, with a time and an offset from UTC or without. */
  ISO("yyyy-MM-dd", "(?<y>\\d{4})-(?<m>\\d{2})-(?<d>\\d{2})" + Times.PATTERN),
  /** Day, month and year, as in 29.2.2024. */
  DOTTED("dd.MM.yyyy", "(?<d>\\d{1,2})\\.(?<m>\\d{1,2})\\.(?<y>\\d{4})"),
  /** Month, day and year, as in 2/29/2024. */
  MONTH_FIRST("MM/dd/yyyy", "(?<m>\\d{1,2})/(?<d>\\d{1,2})/(?<y>\\d{4})"),
  /** Day, month and year, as in 29/2/2024. */
  DAY_FIRST("dd/MM/yyyy", "(?<d>\\d{1,2})/(?<m>\\d{1,2})/(?<y>\\d{4})");

  private static final double SECONDS_PER_DAY = 86_400;

  private final String pattern;
  private final Pattern regex;

  DateFormat(String pattern, String regex) {
    this.pattern = pattern;
    this.regex = Pattern.compile(regex);
  }

  /** Holds the pattern of times, since constants of an enum can't use its own fields. */
  private static final class Times {
    static final String PATTERN =
        "(?:[T ](?<h>\\d{2}):(?<min>\\d{2})(?::(?<s>\\d{2}(?:\\.\\d{1,9})?))?"
            + " ?(?<o>Z|[+-]\\d{2}:?\\d{2})?)?";

    private Times() {}
  }

  /** Returns the format with this pattern. */
  static Optional<DateFormat> of(String pattern) {
    return Arrays.stream(values()).filter(format -> format.pattern.equals(pattern)).findFirst();
  }

  /** Returns the formats in which the field is a date. */
  static Set<DateFormat> all(String field) {
    Set<DateFormat> formats = EnumSet.noneOf(DateFormat.class);
    for (DateFormat format : values()) {
      if (format.days(field).isPresent()) {
        formats.add(format);
      }
    }
    return formats;
  }

  /** Returns the days since 1970-01-01, with a fraction for the time; empty for other text. */
  OptionalDouble days(String field) {
    Matcher match = regex.matcher(field);
    if (field.length() > 40 || field.isEmpty() || !match.matches()) {
      return OptionalDouble.empty();
    }
    try {
      LocalDate date =
          LocalDate.of(
              Integer.parseInt(match.group("y")),
              Integer.parseInt(match.group("m")),
              Integer.parseInt(match.group("d")));
      double seconds = this == ISO && match.group("h") != null ? seconds(match) : 0;
      return Double.isNaN(seconds)
          ? OptionalDouble.empty()
          : OptionalDouble.of(date.toEpochDay() + seconds / SECONDS_PER_DAY);
    } catch (DateTimeException e) {
      return OptionalDouble.empty();
    }
  }

  /** Returns the seconds since midnight in UTC; NaN for a time that no clock shows. */
  private static double seconds(Matcher match) {
    int hours = Integer.parseInt(match.group("h"));
    int minutes = Integer.parseInt(match.group("min"));
    double seconds = match.group("s") == null ? 0 : Double.parseDouble(match.group("s"));
    if (hours > 23 || minutes > 59 || seconds >= 61) {
      return Double.NaN;
    }
    return 3600.0 * hours + 60.0 * minutes + seconds - offset(match.group("o"));
  }

  private static double offset(@Nullable String offset) {
    if (offset == null || offset.equals("Z")) {
      return 0;
    }
    String digits = offset.substring(1).replace(":", "");
    int minutes =
        60 * Integer.parseInt(digits.substring(0, 2)) + Integer.parseInt(digits.substring(2));
    return (offset.startsWith("-") ? -60.0 : 60.0) * minutes;
  }

  /** Returns the pattern: {@code yyyy-MM-dd}. */
  @Override
  public String toString() {
    return pattern;
  }
}
