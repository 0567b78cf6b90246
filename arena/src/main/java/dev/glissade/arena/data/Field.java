package dev.glissade.arena.data;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** What a field of a table says. */
final class Field {
  private static final Set<String> MISSING = Set.of("", "na", "n/a", "null", "none", "?", "-");
  private static final Set<String> NOT_FINITE =
      Set.of("nan", "inf", "infinity", "+inf", "-inf", "+infinity", "-infinity");

  private Field() {}

  /** A decimal number as text ("-1.5e3"); Java's own forms ("1d", "0x1p3", "NaN") are none. */
  static OptionalDouble number(String field) {
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (!(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return OptionalDouble.empty();
      }
    }
    try {
      return OptionalDouble.of(Double.parseDouble(field));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  static boolean isMissing(String field) {
    return MISSING.contains(field.toLowerCase(Locale.ROOT));
  }

  static boolean isNotFinite(String field) {
    return NOT_FINITE.contains(field.toLowerCase(Locale.ROOT));
  }

  /** The field is neither a number nor a word that stands for one or for its absence. */
  static boolean isText(String field) {
    return !isMissing(field) && !isNotFinite(field) && number(field).isEmpty();
  }

  /** Why a number that is none is refused: the end of a sentence. */
  static String complaint(String field) {
    if (isMissing(field)) {
      return "a number is needed, the value is missing: " + Text.quote(field);
    }
    if (isNotFinite(field)) {
      return "a finite number is needed: " + Text.quote(field);
    }
    if (number(field).isPresent()) {
      return "a number within the range of float32 is needed: " + Text.quote(field);
    }
    return "a number is needed: " + Text.quote(field);
  }
}
