package dev.glissade.checkpoint;

import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Catalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Optimizers as JSON, and in what two of them differ. */
final class Optimizer {
  private static final Catalog CATALOG = Catalog.standard();
  private static final int MOST_SHOWN = 8;

  private Optimizer() {}

  /** As the catalog writes it; of what is made of code, the class alone. */
  static String json(GradientTransformation<?> optimizer) {
    try {
      return Json.write(CATALOG.describe(optimizer));
    } catch (IllegalArgumentException e) {
      return Json.write(Map.of("code", optimizer.getClass().getName()));
    }
  }

  /** Each difference as a clause; empty if there is none. */
  static List<String> differences(String stored, String given) throws IOException {
    List<String> found = new ArrayList<>();
    compare("", Json.parse(stored), Json.parse(given), found);
    return found.size() <= MOST_SHOWN ? found : found.subList(0, MOST_SHOWN);
  }

  private static void compare(
      String path, @Nullable Object stored, @Nullable Object given, List<String> found) {
    if (stored instanceof Map<?, ?> a
        && given instanceof Map<?, ?> b
        && Objects.equals(a.get("name"), b.get("name"))) {
      compareMaps(path, a, b, found);
    } else if (stored instanceof List<?> a && given instanceof List<?> b && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        compare(path + (path.isEmpty() ? "" : ".") + i, a.get(i), b.get(i), found);
      }
    } else if (!Objects.equals(stored, given)) {
      found.add(
          "%s is %s in the file but %s here"
              .formatted(path.isEmpty() ? "it" : path, shown(stored), shown(given)));
    }
  }

  private static void compareMaps(
      String path, Map<?, ?> stored, Map<?, ?> given, List<String> found) {
    Set<Object> keys = new LinkedHashSet<>(stored.keySet());
    keys.addAll(given.keySet());
    for (Object key : keys) {
      boolean arguments = key.equals("args") && stored.containsKey("name");
      String at = arguments ? path : path + (path.isEmpty() ? "" : ".") + key;
      compare(at, stored.get(key), given.get(key), found);
    }
  }

  private static String shown(@Nullable Object plain) {
    Object name = plain instanceof Map<?, ?> map ? map.get("name") : null;
    return HeaderReader.shown(Json.write(name == null ? plain : name));
  }
}
