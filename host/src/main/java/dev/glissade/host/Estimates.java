package dev.glissade.host;

import dev.glissade.Scalar;
import dev.glissade.records.Records;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the figures that an optimizer reports in its state, by their documented names. */
final class Estimates {
  private Estimates() {}

  /**
   * Returns d of Prodigy and D-Adaptation, the sum s of Mechanic's scales, and the number of
   * skipped steps. If a state has several of one name, the later ones are named with their place,
   * such as "d of 1/k".
   */
  static Map<String, Double> of(@Nullable Object state) {
    Map<String, Map<String, Double>> found = new LinkedHashMap<>();
    Records.walk(
        state,
        (path, leaf) -> {
          String name = name(path);
          if (name != null && leaf instanceof Scalar scalar) {
            String place = path.substring(0, Math.max(0, place(path)));
            found
                .computeIfAbsent(name, n -> new TreeMap<>())
                .merge(place, scalar.value(), Double::sum);
          }
        });
    Map<String, Double> metrics = new LinkedHashMap<>();
    found.forEach((name, places) ->
        places.forEach((place, value) ->
            metrics.put(metrics.containsKey(name) ? name + " of " + place : name, value)));
    return metrics;
  }

  private static @Nullable String name(String path) {
    if (path.endsWith("estimLr")) {
      return "d";
    }
    if (path.endsWith("totalNotfinite")) {
      return "skipped";
    }
    return path.matches("(.*/)?s/\\d+") ? "s" : null;
  }

  /** Returns where the path's last component, or its separator, begins; for s, without an index. */
  private static int place(String path) {
    int last = path.lastIndexOf('/');
    return path.matches("(.*/)?s/\\d+") ? path.lastIndexOf('/', last - 1) : last;
  }
}
