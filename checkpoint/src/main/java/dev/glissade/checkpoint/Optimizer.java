package dev.glissade.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Catalog;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.ContainerType;
import dev.glissade.records.ContainerType.Kind;
import dev.glissade.records.Records;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes optimizers as JSON, and lists the differences between two. */
final class Optimizer {
  private static final Catalog CATALOG = Catalog.standard();
  private static final int MOST_SHOWN = 8;
  private static final String CODE = "code";

  private Optimizer() {}

  /** Returns the catalog's JSON; for code that the catalog does not name, its class and args. */
  static String json(GradientTransformation<?> optimizer) {
    return Json.STRICT.write(plain(optimizer));
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value == null
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof String) {
      return value;
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof GradientTransformation<?> optimizer) {
      try {
        return CATALOG.describe(optimizer);
      } catch (IllegalArgumentException e) {
        return code(optimizer);
      }
    }
    ContainerType type = ContainerType.of(value);
    if (type == null || type.kind() == Kind.RECORD) {
      return code(value);
    }
    Map<String, @Nullable Object> children = children(value);
    return type.kind() == Kind.MAP ? new TreeMap<>(children) : new ArrayList<>(children.values());
  }

  private static Map<String, @Nullable Object> children(Object value) {
    return Records.children(value, (name, child) -> plain(child));
  }

  /** Describes a record by its class and components, anything else by its class alone. */
  private static Map<String, Object> code(Object value) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put(CODE, name(value.getClass()));
    if (value instanceof Record) {
      plain.put("args", children(value));
    }
    return plain;
  }

  /** Returns a class's name without the numbers of lambdas and proxies, which differ by run. */
  private static String name(Class<?> type) {
    if (Proxy.isProxyClass(type)) {
      return "proxy of " + Arrays.stream(type.getInterfaces()).map(Class::getName).toList();
    }
    return type.getName().replaceFirst("(\\$\\$Lambda.*|/0x.*)", "");
  }

  /** Returns each difference as a clause; empty if the optimizers are equal. */
  static List<String> differences(String stored, String given) throws JsonProcessingException {
    List<String> found = new ArrayList<>();
    compare("", Json.STRICT.parse(stored), Json.STRICT.parse(given), found);
    return found.size() <= MOST_SHOWN ? found : found.subList(0, MOST_SHOWN);
  }

  private static void compare(
      String path, @Nullable Object stored, @Nullable Object given, List<String> found) {
    Map<String, @Nullable Object> a = Records.children(stored);
    Map<String, @Nullable Object> b = Records.children(given);
    ContainerType type = ContainerType.of(stored);
    boolean sameSize = a.size() == b.size() || stored instanceof Map;
    if (type != null && type.matches(given) && sameSize && Objects.equals(name(a), name(b))) {
      Set<String> keys = new LinkedHashSet<>(a.keySet());
      keys.addAll(b.keySet());
      for (String key : keys) {
        boolean arguments = key.equals("args") && name(a) != null;
        String at = arguments ? path : path + (path.isEmpty() ? "" : ".") + key;
        compare(at, a.get(key), b.get(key), found);
      }
    } else if (!Objects.equals(stored, given)) {
      found.add(
          "%s is %s in the file but %s here"
              .formatted(path.isEmpty() ? "it" : path, shown(stored), shown(given)));
    }
  }

  private static @Nullable Object name(Map<?, ?> plain) {
    Object name = plain.get("name");
    return name == null ? plain.get(CODE) : name;
  }

  private static String shown(@Nullable Object plain) {
    Object name = name(Records.children(plain));
    return HeaderReader.shown(Json.STRICT.write(name == null ? plain : name));
  }
}
