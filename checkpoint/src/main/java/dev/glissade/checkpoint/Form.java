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
 * of each leaf. Its numbers are tensors, named by the path to the leaf.
 */
sealed interface Form {

  /** Describes it in a sentence. */
  String described();

  /** Returns it as plain values, for JSON. */
  default Object plain() {
    return described();
  }

  /**
   * A record, a list or a map. A map is in the order of its keys: its own order may differ between
   * processes, but equal runs must write equal bytes.
   *
   * @param type the record's class; empty for lists and maps
   * @param children by name
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
      return "a text";
    }

    @Override
    public Object plain() {
      return Map.of("text", text);
    }
  }

  /** The constant of an enum. */
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

  /** Nothing, or numbers. */
  record Leaf(LeafKind kind) implements Form {
    @Override
    public String described() {
      return kind.label();
    }
  }

  /** Escapes a part of a path, so that no two paths have the same name. */
  static String escaped(String part) {
    return part.replace("~", "~0").replace("/", "~1");
  }

  static String join(String path, String part) {
    return path + "/" + escaped(part);
  }

  /** Returns a map in this order; the order of Map.of differs between processes. */
  private static Map<String, Object> pair(String key1, Object one, String key2, Object two) {
    Map<String, Object> pair = new LinkedHashMap<>();
    pair.put(key1, one);
    pair.put(key2, two);
    return pair;
  }

  /**
   * Returns the form that plain values describe.
   *
   * @throws IllegalArgumentException if they describe none
   */
  static Form of(@Nullable Object plain) {
    if (plain instanceof String label) {
      return new Leaf(LeafKind.labelled(label));
    }
    if (plain instanceof List<?>) {
      return new OfContainer(Kind.LIST, "", forms(plain));
    }
    if (plain instanceof Map<?, ?> map) {
      return of(map);
    }
    throw new IllegalArgumentException("unknown form " + plain);
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
    throw new IllegalArgumentException("unknown form with " + map.keySet());
  }

  /** Returns the forms of a list's elements or of a map's values, by name. */
  private static Map<String, Form> forms(Object plain) {
    return Records.children(plain, (name, child) -> of(child));
  }
}
