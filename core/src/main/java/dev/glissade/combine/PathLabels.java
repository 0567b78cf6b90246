package dev.glissade.combine;

import dev.glissade.records.Check;
import dev.glissade.records.Ordered;
import dev.glissade.withers.Withers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Labels paths by the first pattern that matches. Patterns are those of {@link PathMask}: '*'
 * stands for any characters, '/' included. A path that no pattern matches has the empty label.
 *
 * @param patterns labels by pattern, in order; the first pattern that matches decides
 */
@Withers
public record PathLabels(Map<String, String> patterns)
    implements Function<String, String>, PathLabelsWithers {

  /**
   * Copies the map.
   *
   * @param patterns in a map with an order, such as a LinkedHashMap, if two patterns with different
   *     labels may match one path
   * @throws IllegalArgumentException if the order matters and the map, such as {@code Map.of}, has
   *     none
   */
  public PathLabels {
    if (!Ordered.hasOrder(patterns)) {
      requireDisjoint(patterns);
    }
    patterns = Ordered.copy(patterns);
  }

  private static void requireDisjoint(Map<String, String> patterns) {
    List<String> all = patterns.keySet().stream().sorted().toList();
    for (int i = 0; i < all.size(); i++) {
      for (String other : all.subList(i + 1, all.size())) {
        String pattern = all.get(i);
        Check.that(
            Objects.equals(patterns.get(pattern), patterns.get(other))
                || !PathMask.overlap(pattern, other),
            "patterns must have an order where two may match one path, as a LinkedHashMap has",
            "\"%s\" and \"%s\"".formatted(pattern, other));
      }
    }
  }

  @Override
  public String apply(String path) {
    return patterns.entrySet().stream()
        .filter(entry -> PathMask.of(entry.getKey()).test(path))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
