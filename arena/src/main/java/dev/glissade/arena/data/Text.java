package dev.glissade.arena.data;

import java.util.List;

/** Foreign text in sentences of our own. */
final class Text {
  private static final int SHOWN = 40;

  private Text() {}

  /** The value in quotes, at most 40 characters of it, with control characters escaped. */
  static String quote(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < Math.min(value.length(), SHOWN); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c)) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append(value.length() > SHOWN ? "...\"" : "\"").toString();
  }

  /** The name with the fewest edits (insert, delete, replace; case counts half) from the wanted. */
  static String nearest(String wanted, List<String> names) {
    String best = names.get(0);
    for (String name : names) {
      if (edits(wanted, name) < edits(wanted, best)) {
        best = name;
      }
    }
    return best;
  }

  private static int edits(String a, String b) {
    String from = shorten(a);
    String to = shorten(b);
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = 2 * j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = 2 * i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + cost(from.charAt(i - 1), to.charAt(j - 1));
        diagonal = row[j];
        row[j] = Math.min(replaced, 2 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  private static int cost(char a, char b) {
    if (a == b) {
      return 0;
    }
    return Character.toLowerCase(a) == Character.toLowerCase(b) ? 1 : 2;
  }

  private static String shorten(String value) {
    return value.length() > 200 ? value.substring(0, 200) : value;
  }
}
