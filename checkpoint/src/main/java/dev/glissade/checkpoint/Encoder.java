package dev.glissade.checkpoint;

import dev.glissade.Tree;
import dev.glissade.records.ContainerType;
import dev.glissade.records.ContainerType.Kind;
import dev.glissade.records.Records;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Splits a value into its form and its numbers, without copying arrays. */
final class Encoder {
  private final Map<String, Content> contents;

  /** Creates an encoder that adds numbers to this map, by their names in the file. */
  Encoder(Map<String, Content> contents) {
    this.contents = contents;
  }

  /**
   * Returns the form of a value.
   *
   * @throws IllegalArgumentException if a part of the value can't be stored; the message names it
   */
  Form encode(String path, @Nullable Object value) {
    ContainerType type = ContainerType.of(value);
    if (type == null || value == null) {
      return leaf(path, value);
    }
    if (value instanceof Map<?, ?> map) {
      requireTexts(path, map.keySet());
    }
    return new Form.OfContainer(
        type.kind(),
        type.kind() == Kind.RECORD ? value.getClass().getName() : "",
        Records.children(value, (name, child) -> encode(Form.join(path, name), child)));
  }

  private static void requireTexts(String path, Set<?> keys) {
    for (Object key : keys) {
      if (!(key instanceof String)) {
        throw new IllegalArgumentException(
            "each key of %s must be a string, but one was %s".formatted(path, key));
      }
    }
  }

  private Form leaf(String path, @Nullable Object value) {
    if (value instanceof String text) {
      return new Form.OfText(text);
    }
    if (value instanceof Enum<?> constant) {
      return new Form.OfEnum(constant.getDeclaringClass().getName(), constant.name());
    }
    LeafKind kind = LeafKind.of(value);
    if (kind == null) {
      throw new IllegalArgumentException(
          "%s must be made of trees, numbers, strings, records, lists and maps, but was %s"
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
