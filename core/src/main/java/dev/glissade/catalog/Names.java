package dev.glissade.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The documented names of Java names, and which known name an unknown one is nearest to. */
public final class Names {
  private Names() {}

  /** {@code estimLr0} becomes {@code estim_lr0}, {@code l2NormClip} {@code l2_norm_clip}. */
  public static String snake(String camel) {
    return camel
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_")
        .toLowerCase(Locale.ROOT);
  }

  /** {@code ; did you mean "adam"?}, or nothing where no name is known. */
  static String hint(String unknown, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(unknown, name)))
        .map(name -> "; did you mean \"" + name + "\"?")
        .orElse("");
  }

  /** Edits that turn one into the other: Levenshtein 1966. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
