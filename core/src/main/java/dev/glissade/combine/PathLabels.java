package dev.glissade.combine;

import dev.glissade.records.Check;
import dev.glissade.records.Ordered;
import dev.glissade.withers.Withers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Labels paths by the first pattern that matches; '*' stands for any characters, also '/'. A path
 * that none matches has the empty label.
 *
 * @param patterns label by pattern; the first pattern that matches counts. A {@code Map.of} has no
 *     first one, so it is refused if two of its patterns with different labels may match one path
 */
@Withers
public record PathLabels(Map<String, String> patterns)
    implements Function<String, String>, PathLabelsWithers {

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
