package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** What a field of a table says. */
final class Field {
  /** What spreadsheets, R, pandas, SQL, SAS and the UCI files write for nothing. */
  private static final Set<String> MISSING =
      Set.of(
          "", "na", "n/a", "n.a.", "#n/a", "<na>", "null", "<null>", "\\n", "nil", "none", "nat",
          "?", "-", "--", ".");

  private static final Set<String> NOT_A_NUMBER = Set.of("nan", "+nan", "-nan", "#nan");

  private static final Set<String> INFINITE =
      Set.of("inf", "infinity", "+inf", "-inf", "+infinity", "-infinity");

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
    String word = field.toLowerCase(Locale.ROOT);
    return NOT_A_NUMBER.contains(word) || INFINITE.contains(word);
  }

  /** A label that stands for its absence. */
  static boolean isNoLabel(String field) {
    return isMissing(field) || NOT_A_NUMBER.contains(field.toLowerCase(Locale.ROOT));
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
    return "a number is needed: " + Text.quote(field) + Text.hidden(field);
  }

  /** Why a label that is none is refused: the end of a sentence. */
  static String complaintAboutLabel(String field) {
    String remedy =
        field.isEmpty()
            ? "leave out rows without one"
            : "leave out rows without one, or if it is a class, give it another name";
    return "a label is needed, the value is missing: " + Text.quote(field) + " (" + remedy + ")";
  }

  /**
   * Whether a label begins or ends with a character that can't be seen, or holds one that is no
   * blank, joiner, variant or line break: it would be a class that looks like another one.
   */
  static boolean hidesSomething(String label) {
    String shown = label.replaceAll("[\ufe0e\ufe0f]", "");
    if (shown.isEmpty()) {
      return true;
    }
    String last = shown.substring(shown.offsetByCodePoints(shown.length(), -1));
    return Text.invisible(Character.toString(shown.codePointAt(0))).isPresent()
        || Text.invisible(last).isPresent()
        || Text.invisible(shown.replaceAll("[\\p{Zs}\u200c\u200d]", "")).isPresent();
  }

  /** Whether a whole number written in digits is none of the doubles. */
  static boolean isRounded(String field, double value) {
    return Math.abs(value) >= 1L << 53
        && field.matches("[+-]?\\d{16,400}")
        && new BigDecimal(field).compareTo(new BigDecimal(value)) != 0;
  }
}
