package dev.glissade.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form of a stored value, in the metadata: records with their types, lists, maps, and the kind
 * of each leaf. Its numbers are tensors, named by the path to the leaf.
 */
sealed interface Form {

  /** A record of the class of this name. */
  record OfRecord(String type, Map<String, Form> parts) implements Form {}

  record OfList(List<Form> elements) implements Form {}

  /**
   * A map in the order of its keys. A map's own order may differ between processes, but equal runs
   * must write equal bytes.
   */
  record OfMap(SortedMap<String, Form> entries) implements Form {}

  record OfText(String text) implements Form {}

  /** The constant of an enum. */
  record OfEnum(String type, String constant) implements Form {}

  /** Nothing, or numbers. */
  record Leaf(LeafKind kind) implements Form {}

  /** Escapes a part of a path, so that no two paths have the same name. */
  static String escaped(String part) {
    return part.replace("~", "~0").replace("/", "~1");
  }

  static String join(String path, String part) {
    return path + "/" + escaped(part);
  }

  /** Describes it in a sentence. */
  default String described() {
    if (this instanceof OfRecord record) {
      return record.type();
    }
    if (this instanceof OfEnum constant) {
      return constant.type();
    }
    if (this instanceof Leaf leaf) {
      return leaf.kind().label();
    }
    return this instanceof OfList ? "a list" : this instanceof OfMap ? "a map" : "a text";
  }

  /** Returns it as plain values, for JSON. */
  default Object plain() {
    if (this instanceof OfRecord record) {
      return pair("record", record.type(), "parts", plain(record.parts()));
    }
    if (this instanceof OfMap map) {
      return Map.of("map", plain(map.entries()));
    }
    if (this instanceof OfList list) {
      return list.elements().stream().map(Form::plain).toList();
    }
    if (this instanceof OfText text) {
      return Map.of("text", text.text());
    }
    if (this instanceof OfEnum constant) {
      return pair("enum", constant.type(), "constant", constant.constant());
    }
    return ((Leaf) this).kind().label();
  }

  /** Returns a map in this order; the order of Map.of differs between processes. */
  private static Map<String, Object> pair(String key1, Object one, String key2, Object two) {
    Map<String, Object> pair = new LinkedHashMap<>();
    pair.put(key1, one);
    pair.put(key2, two);
    return pair;
  }

  private static Map<String, Object> plain(Map<String, Form> forms) {
    Map<String, Object> plain = new LinkedHashMap<>();
    forms.forEach((name, form) -> plain.put(name, form.plain()));
    return plain;
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
    if (plain instanceof List<?> list) {
      List<Form> elements = new ArrayList<>();
      list.forEach(element -> elements.add(of(element)));
      return new OfList(elements);
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
      return new OfMap(new TreeMap<>(forms(entries)));
    }
    if (map.size() == 2 && map.get("record") instanceof String type) {
      if (map.get("parts") instanceof Map<?, ?> parts) {
        return new OfRecord(type, forms(parts));
      }
    }
    if (map.size() == 2 && map.get("enum") instanceof String type) {
      if (map.get("constant") instanceof String constant) {
        return new OfEnum(type, constant);
      }
    }
    throw new IllegalArgumentException("unknown form with " + map.keySet());
  }

  private static Map<String, Form> forms(Map<?, ?> plain) {
    Map<String, Form> forms = new LinkedHashMap<>();
    plain.forEach((name, value) -> forms.put(String.valueOf(name), of(value)));
    return Collections.unmodifiableMap(forms);
  }
}
