package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of a map of plain values, as JSON gives them. Errors name the entry, the rule
 * and the value.
 */
record PlainMap(String name, Map<?, ?> map) {

  static PlainMap of(String name, @Nullable Object plain) {
    if (plain instanceof Map<?, ?> map) {
      return new PlainMap(name, map);
    }
    throw refused(name, "an object", plain);
  }

  private static DataException refused(String name, String rule, @Nullable Object value) {
    String shown = value == null ? "missing" : Text.quote(String.valueOf(value));
    return new DataException("%s must be %s, but was %s".formatted(name, rule, shown));
  }

  private String path(String key) {
    return name + "." + key;
  }

  boolean has(String key) {
    return map.get(key) != null;
  }

  DataException refused(String key, String rule) {
    return refused(path(key), rule, map.get(key));
  }

  String text(String key) {
    if (map.get(key) instanceof String text) {
      return text;
    }
    throw refused(key, "a text");
  }

  boolean flag(String key) {
    if (map.get(key) instanceof Boolean flag) {
      return flag;
    }
    throw refused(key, "true or false");
  }

  /** Returns a whole number in [least, most]. */
  int whole(String key, int least, int most) {
    if (map.get(key) instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.doubleValue() >= least
        && number.doubleValue() <= most) {
      return number.intValue();
    }
    throw refused(key, "a whole number from " + least + " to " + most);
  }

  private double number(String key) {
    if (map.get(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw refused(key, "a finite number");
  }

  LinearScale scaling() {
    double deviation = number("deviation");
    if (deviation < 0) {
      throw refused("deviation", "at least 0");
    }
    return new LinearScale(number("mean"), deviation, flag("clamped"));
  }

  PlainMap map(String key) {
    return of(path(key), map.get(key));
  }

  List<PlainMap> maps(String key) {
    List<PlainMap> maps = new ArrayList<>();
    for (Object entry : list(key)) {
      maps.add(of(path(key) + "[" + maps.size() + "]", entry));
    }
    return maps;
  }

  /** Returns a list of different texts. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Object entry : list(key)) {
      if (!(entry instanceof String text)) {
        throw refused(path(key) + "[" + texts.size() + "]", "a text", entry);
      }
      texts.add(text);
    }
    if (texts.stream().distinct().count() < texts.size()) {
      throw refused(key, "a list of different texts");
    }
    return texts;
  }

  private List<?> list(String key) {
    if (map.get(key) instanceof List<?> list) {
      return list;
    }
    throw refused(key, "a list");
  }
}
