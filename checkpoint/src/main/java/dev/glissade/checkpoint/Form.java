package dev.glissade.checkpoint;

import dev.glissade.records.ContainerType.Kind;
import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form of a stored value, in the metadata: records with their types, lists, maps, and the kind
 * of each leaf. The value's numbers are tensors, named by the path to the leaf.
 */
sealed interface Form {

  /** Describes the form, for a message. */
  String described();

  /** Returns the form as plain values, for JSON. */
  default Object plain() {
    return described();
  }

  /**
   * A record, a list or a map. A map is sorted by its keys, because its own order may differ
   * between processes but equal runs must write equal bytes.
   *
   * @param kind record, list or map
   * @param type the record's class; empty for lists and maps
   * @param children the parts by name
   */
  record OfContainer(Kind kind, String type, Map<String, Form> children) implements Form {
    public OfContainer {
      children = Collections.unmodifiableMap(kind == Kind.MAP ? new TreeMap<>(children) : children);
    }

    @Override
    public String described() {
      return kind == Kind.RECORD ? type : "a " + kind;
    }

    @Override
    public Object plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      children.forEach((name, form) -> plain.put(name, form.plain()));
      return switch (kind) {
        case RECORD -> pair("record", type, "parts", plain);
        case LIST -> new ArrayList<>(plain.values());
        case MAP -> Map.of("map", plain);
      };
    }
  }

  record OfText(String text) implements Form {
    @Override
    public String described() {
      return "a string";
    }

    @Override
    public Object plain() {
      return Map.of("text", text);
    }
  }

  /** A constant of an enum. */
  record OfEnum(String type, String constant) implements Form {
    @Override
    public String described() {
      return type;
    }

    @Override
    public Object plain() {
      return pair("enum", type, "constant", constant);
    }
  }

  /** A null, or numbers. */
  record Leaf(LeafKind kind) implements Form {
    @Override
    public String described() {
      return kind.label();
    }
  }

  /** Escapes a part of a path, so that different paths have different names. */
  static String escaped(String part) {
    return part.replace("~", "~0").replace("/", "~1");
  }

  static String join(String path, String part) {
    return path + "/" + escaped(part);
  }

  /** Returns a map in this order, since the order of Map.of differs between processes. */
  private static Map<String, Object> pair(String key1, Object one, String key2, Object two) {
    Map<String, Object> pair = new LinkedHashMap<>();
    pair.put(key1, one);
    pair.put(key2, two);
    return pair;
  }

  /**
   * Returns the form that plain values describe.
   *
   * @throws IllegalArgumentException if they do not describe a form
   */
  static Form of(@Nullable Object plain) {
    if (plain instanceof String label) {
      return new Leaf(LeafKind.labeled(label));
    }
    if (plain instanceof List<?>) {
      return new OfContainer(Kind.LIST, "", forms(plain));
    }
    if (plain instanceof Map<?, ?> map) {
      return of(map);
    }
    throw new IllegalArgumentException(
        "a form must be an object, a list or a name, but was " + plain);
  }

  private static Form of(Map<?, ?> map) {
    if (map.size() == 1 && map.get("text") instanceof String text) {
      return new OfText(text);
    }
    if (map.size() == 1 && map.get("map") instanceof Map<?, ?> entries) {
      return new OfContainer(Kind.MAP, "", forms(entries));
    }
    if (map.size() == 2 && map.get("record") instanceof String type) {
      if (map.get("parts") instanceof Map<?, ?> parts) {
        return new OfContainer(Kind.RECORD, type, forms(parts));
      }
    }
    if (map.size() == 2 && map.get("enum") instanceof String type) {
      if (map.get("constant") instanceof String constant) {
        return new OfEnum(type, constant);
      }
    }
    throw new IllegalArgumentException(
        "a form must be a record, a map, an enum or a string, but had " + map.keySet());
  }

  /** Returns the forms of a list's elements or of a map's values, by name. */
  private static Map<String, Form> forms(Object plain) {
    return Records.children(plain, (name, child) -> of(child));
  }
}
