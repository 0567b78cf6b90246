package dev.glissade.checkpoint;

import dev.glissade.Tree;
import dev.glissade.records.RecordType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Splits a value into its form and its numbers, without copying arrays. */
final class Encoder {
  private final Map<String, Content> contents;

  /** Creates an encoder that puts numbers here, by their names in the file. */
  Encoder(Map<String, Content> contents) {
    this.contents = contents;
  }

  /**
   * The form of a value.
   *
   * @throws IllegalArgumentException naming what can't be stored
   */
  Form encode(String path, @Nullable Object value) {
    if (value instanceof Record record) {
      return new Form.OfRecord(record.getClass().getName(), parts(path, record));
    }
    if (value instanceof List<?> list) {
      List<Form> elements = new ArrayList<>();
      for (Object element : list) {
        elements.add(encode(Form.join(path, Integer.toString(elements.size())), element));
      }
      return new Form.OfList(elements);
    }
    if (value instanceof Map<?, ?> map) {
      return new Form.OfMap(entries(path, map));
    }
    if (value instanceof String text) {
      return new Form.OfText(text);
    }
    if (value instanceof Enum<?> constant) {
      return new Form.OfEnum(constant.getDeclaringClass().getName(), constant.name());
    }
    return leaf(path, value);
  }

  private Map<String, Form> parts(String path, Record record) {
    RecordType type = RecordType.of(record.getClass());
    Map<String, Form> parts = new LinkedHashMap<>();
    for (int i = 0; i < type.size(); i++) {
      String name = type.name(i);
      parts.put(name, encode(Form.join(path, name), type.get(record, i)));
    }
    return parts;
  }

  private SortedMap<String, Form> entries(String path, Map<?, ?> map) {
    SortedMap<String, Form> entries = new TreeMap<>();
    map.forEach((key, value) -> {
      if (!(key instanceof String name)) {
        throw new IllegalArgumentException(
            "the keys of %s must be texts to be stored: %s".formatted(path, key));
      }
      entries.put(name, encode(Form.join(path, name), value));
    });
    return entries;
  }

  private Form leaf(String path, @Nullable Object value) {
    LeafKind kind = LeafKind.of(value);
    if (kind == null) {
      throw new IllegalArgumentException(
          "%s must be made of trees, numbers, texts, records, lists and maps to be stored: %s"
              .formatted(path, value == null ? null : value.getClass().getName()));
    }
    if (value instanceof Tree tree) {
      tree.toMap().forEach((leaf, t) -> contents.put(path + "/" + leaf, Content.of(t)));
    } else if (value != null) {
      contents.put(path, kind.content(value));
    }
    return new Form.Leaf(kind);
  }
}
