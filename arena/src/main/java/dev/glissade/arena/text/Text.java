package dev.glissade.arena.text;

import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.ContainerType;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Makes text from elsewhere safe to show in sentences, tables and files. */
public final class Text {
  private static final int SHOWN = 40;
  private static final int BYTE_ORDER_MARK = 0xfeff;

  /** Blanks and fillers that Unicode classifies as letters, marks and symbols. */
  private static final Set<Integer> FILLERS =
      Set.of(0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0);

  private Text() {}

  /**
   * Returns the value in quotes, cut to 40 characters, with invisible characters escaped, as {@code
   * \}{@code ufeff}.
   */
  public static String quote(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    int[] shown = value.codePoints().limit(SHOWN + 1L).toArray();
    for (int i = 0; i < Math.min(shown.length, SHOWN); i++) {
      if (isInvisible(shown[i])) {
        quoted.append(escape(shown[i]));
      } else {
        quoted.appendCodePoint(shown[i]);
      }
    }
    return quoted.append(shown.length > SHOWN ? "...\"" : "\"").toString();
  }

  /** Returns one line, with a question mark for each character that could control a terminal. */
  public static String plain(String text) {
    return replaced(text, Text::steers);
  }

  /** Does the same, but keeps line breaks and tabs. */
  public static String plainLines(String text) {
    return replaced(text, c -> steers(c) && c != '\n' && c != '\t');
  }

  /** Returns text with line breaks instead of some blanks, so that its lines fit the width. */
  public static String wrapped(String text, int width) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ", -1)) {
      int length = word.codePointCount(0, word.length());
      if (column > 0) {
        boolean fits = column + 1 + length <= width;
        lines.append(fits ? ' ' : '\n');
        column = fits ? column + 1 : 0;
      }
      lines.append(word);
      column += length;
    }
    return lines.toString();
  }

  /** Returns a number with its noun: "1 epoch", "5,000 epochs". */
  public static String count(long n, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : many);
  }

  /** Returns a number as its users write it: "1e-5" instead of "1.0E-5". */
  public static String number(double x) {
    return String.valueOf(x).replace("E", "e").replace(".0e", "e");
  }

  private static String replaced(String text, IntPredicate bad) {
    return text.codePoints()
        .map(c -> bad.test(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /**
   * Returns plain values as one line of JSON that is safe for a terminal. NaN and infinities, for
   * which JSON has no name, become null.
   */
  public static String json(@Nullable Object plain) {
    return escapedJson(Json.STRICT.write(finite(plain)));
  }

  private static @Nullable Object finite(@Nullable Object plain) {
    ContainerType type = ContainerType.of(plain);
    if (plain != null && type != null) {
      return type.make(i -> finite(type.get(plain, i)));
    }
    if (plain instanceof double[] numbers) {
      return finite(Arrays.stream(numbers).boxed().toList());
    }
    return plain instanceof Double number && !Double.isFinite(number) ? null : plain;
  }

  /**
   * Escapes the characters within strings of JSON that could control a terminal.
   *
   * @param json JSON whose ASCII control characters are escaped already
   */
  public static String escapedJson(String json) {
    StringBuilder safe = new StringBuilder(json.length());
    json.codePoints()
        .forEach(c -> {
          if (steers(c) && c >= 0x7f) {
            for (char unit : Character.toChars(c)) {
              safe.append("\\u%04x".formatted((int) unit));
            }
          } else {
            safe.appendCodePoint(c);
          }
        });
    return safe.toString();
  }

  /** Returns the first invisible character other than a tab or a line break. */
  public static OptionalInt invisible(String text) {
    return text.codePoints()
        .filter(c -> isInvisible(c) && c != '\t' && c != '\n' && c != '\r')
        .findFirst();
  }

  /**
   * Returns the end of a sentence after a quoted value that names its first invisible character:
   * {@code , which holds the invisible character U+FEFF (byte order mark)}; empty without one.
   */
  public static String hidden(String value) {
    OptionalInt found = invisible(value);
    return found.isEmpty()
        ? ""
        : ", which holds the invisible character " + named(found.getAsInt());
  }

  /** Names a character, as in {@code U+2212 (minus sign)}. */
  public static String named(int c) {
    String name = c == BYTE_ORDER_MARK ? "byte order mark" : Character.getName(c);
    return "U+%04X (%s)"
        .formatted(c, name == null ? "not assigned" : name.toLowerCase(Locale.ROOT));
  }

  /** Returns lower-case text without invisible characters, equal for texts that look alike. */
  public static String looks(String text) {
    return text.codePoints()
        .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
        .filter(c -> !isInvisible(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static String escape(int c) {
    return c > 0xffff ? "\\u{%x}".formatted(c) : "\\u%04x".formatted(c);
  }

  private static boolean isInvisible(int c) {
    boolean variant = (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
    return steers(c)
        || variant
        || Character.getType(c) == Character.FORMAT
        || (Character.getType(c) == Character.SPACE_SEPARATOR && c != ' ')
        || FILLERS.contains(c);
  }

  /**
   * Returns whether a character controls text or its format; joiners of scripts and emoji do not.
   */
  private static boolean steers(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> c != 0x200c && c != 0x200d;
      default -> false;
    };
  }
}
