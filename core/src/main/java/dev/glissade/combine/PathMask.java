package dev.glissade.combine;

import dev.glissade.Tree;
import dev.glissade.withers.Withers;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the paths that one of its patterns matches as a whole. '*' stands for any characters, '/'
 * included: "head/*" accepts "head/kernel", "head" does not.
 *
 * <p>A pattern that starts with '!' removes what an earlier one accepted: {@code of("encoder/*",
 * "!*bias")}. If the first pattern starts with '!', the mask accepts all other paths.
 *
 * @param patterns in order; the last pattern that matches decides
 */
@Withers
public record PathMask(List<String> patterns) implements Predicate<String>, PathMaskWithers {
  private static final System.Logger LOG = System.getLogger("dev.glissade");

  /**
   * Copies the list.
   *
   * @param patterns any number; without patterns no path is accepted
   */
  public PathMask {
    patterns = List.copyOf(patterns);
  }

  /**
   * Returns a mask of these patterns.
   *
   * @param patterns in order; the last pattern that matches decides
   * @return the mask
   */
  public static PathMask of(String... patterns) {
    return new PathMask(List.of(patterns));
  }

  @Override
  public boolean test(String path) {
    boolean accepted = !patterns.isEmpty() && patterns.get(0).startsWith("!");
    for (String pattern : patterns) {
      boolean excludes = pattern.startsWith("!");
      if (matches(excludes ? pattern.substring(1) : pattern, path)) {
        accepted = !excludes;
      }
    }
    return accepted;
  }

  /** Logs the patterns of a mask that match no leaf, as after a typing error. */
  static void warnIfUnused(@Nullable Predicate<String> mask, Tree params) {
    List<String> paths = params.paths();
    if (!(mask instanceof PathMask named) || paths.isEmpty()) {
      return;
    }
    List<String> unused =
        named.patterns.stream()
            .filter(pattern ->
                paths.stream().noneMatch(path -> matches(pattern.replaceFirst("^!", ""), path)))
            .toList();
    if (!unused.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the patterns %s match no leaf: the leaves are %s"
              .formatted(unused, paths.size() <= 8 ? paths : paths.subList(0, 8) + " ..."));
    }
  }

  /** Returns whether some path may match both patterns; true where that is hard to decide. */
  static boolean overlap(String a, String b) {
    if (a.startsWith("!") || b.startsWith("!")) {
      return !a.equals("!" + b) && !b.equals("!" + a);
    }
    // meet[i][j]: whether a text matches both a from i on and b from j on.
    boolean[][] meet = new boolean[a.length() + 1][b.length() + 1];
    for (int i = a.length(); i >= 0; i--) {
      for (int j = b.length(); j >= 0; j--) {
        boolean starA = i < a.length() && a.charAt(i) == '*';
        boolean starB = j < b.length() && b.charAt(j) == '*';
        if (starA || starB) {
          // A star matches nothing or takes one more character, so one of the two moves on.
          meet[i][j] = (i < a.length() && meet[i + 1][j]) || (j < b.length() && meet[i][j + 1]);
        } else if (i < a.length() && j < b.length()) {
          meet[i][j] = a.charAt(i) == b.charAt(j) && meet[i + 1][j + 1];
        } else {
          meet[i][j] = i == a.length() && j == b.length();
        }
      }
    }
    return meet[0][0];
  }

  private static boolean matches(String pattern, String path) {
    String expression =
        Pattern.compile("\\*")
            .splitAsStream(pattern + "\0")
            .map(part -> Pattern.quote(part.replace("\0", "")))
            .collect(Collectors.joining(".*"));
    return path.matches("(?s)" + expression);
  }
}
