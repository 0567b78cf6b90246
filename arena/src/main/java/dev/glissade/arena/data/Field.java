package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Interprets the text of one field of a table. */
final class Field {
  /** What spreadsheets, R, pandas, SQL, SAS and the UCI files write for a missing value. */
  private static final Set<String> MISSING =
      Set.of(
          "", "na", "n/a", "n.a.", "#n/a", "<na>", "null", "<null>", "\\n", "nil", "none", "nat",
          "?", "-", "--", ".", "#null!", "#ref!", "#div/0!", "#value!", "#name?", "#num!");

  /** The length of the longest of all these words. */
  private static final int LONGEST = 9;

  private static final Set<String> NOT_A_NUMBER = Set.of("nan", "+nan", "-nan", "#nan");

  private static final Set<String> INFINITE =
      Set.of("inf", "infinity", "+inf", "-inf", "+infinity", "-infinity");

  /** A number with a decimal comma, or with commas between groups of digits. */
  private static final Pattern DECIMAL_COMMA =
      Pattern.compile("[+-]?(?=[.,]*\\d)[\\d.]*,[\\d.,]*([eE][+-]?\\d+)?");

  private Field() {}

  /**
   * Parses a decimal number ("-1.5e3"). Returns empty for anything else, such as Java's "1d" or
   * "0x1p3".
   */
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

  /**
   * Returns whether characters spell a decimal number: a sign or none, digits with a point or
   * without, an exponent or none.
   */
  static boolean isNumber(char[] chars, int begin, int end) {
    int i = begin < end && (chars[begin] == '-' || chars[begin] == '+') ? begin + 1 : begin;
    int digits = 0;
    boolean point = false;
    for (; i < end; i++) {
      char c = chars[i];
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0 || i == end) {
      return digits > 0;
    }
    return (chars[i] == 'e' || chars[i] == 'E') && isExponent(chars, i + 1, end);
  }

  private static boolean isExponent(char[] chars, int begin, int end) {
    int first = begin < end && (chars[begin] == '-' || chars[begin] == '+') ? begin + 1 : begin;
    for (int i = first; i < end; i++) {
      if (chars[i] < '0' || chars[i] > '9') {
        return false;
      }
    }
    return first < end;
  }

  static boolean isNan(String field) {
    return field.length() <= LONGEST && NOT_A_NUMBER.contains(field.toLowerCase(Locale.ROOT));
  }

  static boolean isMissing(String field) {
    return field.length() <= LONGEST && MISSING.contains(field.toLowerCase(Locale.ROOT));
  }

  static boolean isNotFinite(String field) {
    if (field.length() > LONGEST) {
      return false;
    }
    String word = field.toLowerCase(Locale.ROOT);
    return NOT_A_NUMBER.contains(word) || INFINITE.contains(word);
  }

  /** Returns whether a label stands for a missing value. */
  static boolean isNoLabel(String field) {
    return isMissing(field) || isNan(field);
  }

  /** Returns whether a field is neither a number, nor a word such as "inf" or "NA". */
  static boolean isText(String field) {
    return !isMissing(field) && !isNotFinite(field) && number(field).isEmpty();
  }

  /** Returns the end of an error about a field that must be a number. */
  static String complaint(String field) {
    if (isMissing(field)) {
      return "must be a number, but the value is missing: " + Text.quote(field);
    }
    if (isNotFinite(field)) {
      return "must be finite, but was " + Text.quote(field);
    }
    if (number(field).isPresent()) {
      return "must be within the range of float32, but was " + Text.quote(field);
    }
    if (DECIMAL_COMMA.matcher(field).matches()) {
      return "must be a number, but was "
          + Text.quote(field)
          + ", which has a comma: write numbers with a decimal point and without commas";
    }
    String hidden = Text.hidden(field);
    return "must be a number, but was "
        + Text.quote(field)
        + (hidden.isEmpty() ? foreign(field) : hidden);
  }

  /**
   * Names the first character outside of ASCII in a field that looks like a number, such as another
   * minus sign or another script's digit. Returns the end of a sentence, or an empty text.
   */
  private static String foreign(String field) {
    OptionalInt other = field.codePoints().filter(c -> c > 0x7f).findFirst();
    String ascii = field.replaceAll("[^\\p{ASCII}]", "");
    if (other.isEmpty() || !ascii.matches("[-+.,\\deE ]*")) {
      return "";
    }
    boolean word =
        ascii.chars().noneMatch(Character::isDigit) && Character.isLetter(other.getAsInt());
    return word ? "" : ", which holds " + Text.named(other.getAsInt());
  }

  /** Returns whether a field is text with a letter and without a digit. */
  static boolean isWord(String field) {
    return isText(field)
        && field.codePoints().anyMatch(Character::isLetter)
        && field.codePoints().noneMatch(Character::isDigit);
  }

  /** Returns whether the field shows no visible character. */
  static boolean isBlank(String field) {
    return Text.looks(field).isEmpty();
  }

  /**
   * Returns the end of an error about a word that seems to be a number gone wrong, or that has
   * hidden characters; empty for a good word.
   */
  static Optional<String> complaintAboutWord(String field) {
    if (DECIMAL_COMMA.matcher(field).matches() || !foreign(field).isEmpty()) {
      return Optional.of(complaint(field));
    }
    return hidesSomething(field)
        ? Optional.of(
            "must have no hidden characters, but was " + Text.quote(field) + Text.hidden(field))
        : Optional.empty();
  }

  /** Returns the end of an error about a missing label. */
  static String complaintAboutLabel(String field) {
    String remedy =
        field.isEmpty()
            ? "leave out rows without a label"
            : "leave out rows without a label, or rename the class";
    return "must be a label, but the value is missing: " + Text.quote(field) + ": " + remedy;
  }

  /**
   * Returns whether a label begins or ends with an invisible character, or holds one other than
   * blanks, joiners, variation selectors and line breaks. Such a class would look like another one.
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
}
