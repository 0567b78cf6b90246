package dev.glissade;

import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a value decides about the program, apart from its numbers: the form of the records, the
 * structures of the trees, and whatever is neither tree, scalar nor key.
 */
record Signature(List<@Nullable Object> parts) {

  static Signature of(@Nullable Object value) {
    List<@Nullable Object> parts = new ArrayList<>();
    Records.walk(
        value,
        (path, leaf) -> {
          parts.add(path);
          parts.add(leaf instanceof Deferred deferred ? deferred.signature() : leaf);
        });
    return new Signature(parts);
  }

  /** Returns that of extra arguments, all gradient functions being alike, whatever they hold. */
  static Signature of(Extras extras) {
    Map<String, Object> arguments = new LinkedHashMap<>(extras.arguments());
    arguments.replaceAll(
        (name, value) -> value instanceof GradientFunction ? GradientFunction.class : value);
    return of(arguments);
  }

  /**
   * Returns the path of the first part that has another value than before, but the same type; null
   * if there is none.
   */
  @Nullable String changedSince(Signature before) {
    for (int i = 0; i < Math.min(parts.size(), before.parts.size()); i += 2) {
      Object now = parts.get(i + 1);
      Object then = before.parts.get(i + 1);
      if (!parts.get(i).equals(before.parts.get(i))) {
        return null;
      }
      if (now != null && then != null && now.getClass() == then.getClass() && !now.equals(then)) {
        return String.valueOf(parts.get(i));
      }
    }
    return null;
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }
}
