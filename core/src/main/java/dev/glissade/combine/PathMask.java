package dev.glissade.combine;

import dev.glissade.withers.Withers;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Accepts the paths that one of the patterns matches; '*' stands for any characters, also '/'. A
 * pattern with '!' in front takes back what an earlier one accepted; if the first one is such, all
 * other paths are accepted.
 *
 * @param patterns in order; the last pattern that matches counts
 */
@Withers
public record PathMask(List<String> patterns) implements Predicate<String>, PathMaskWithers {

  public PathMask {
    patterns = List.copyOf(patterns);
  }

  /** A mask of these patterns. */
  public static PathMask of(String... patterns) {
    return new PathMask(List.of(patterns));
  }

  @Override
  public boolean test(String path) {
    boolean accepted = !patterns.isEmpty() && patterns.get(0).startsWith("!");
    for (String pattern : patterns) {
      boolean takesBack = pattern.startsWith("!");
      if (matches(takesBack ? pattern.substring(1) : pattern, path)) {
        accepted = !takesBack;
      }
    }
    return accepted;
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
