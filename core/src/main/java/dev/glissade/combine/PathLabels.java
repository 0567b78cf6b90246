package dev.glissade.combine;

import dev.glissade.tree.Ordered;
import dev.glissade.withers.Withers;
import java.util.Map;
import java.util.function.Function;

/**
 * Labels paths by the first pattern that matches; '*' stands for any characters. A path that none
 * matches has the empty label.
 *
 * @param patterns label by pattern; the first pattern that matches counts
 */
@Withers
public record PathLabels(Map<String, String> patterns)
    implements Function<String, String>, PathLabelsWithers {

  public PathLabels {
    patterns = Ordered.copy(patterns);
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
