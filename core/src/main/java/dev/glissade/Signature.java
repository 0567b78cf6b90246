package dev.glissade;

import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a program depends on in a value, apart from its numbers: the form of the records, the
 * structures of the trees, and everything that is not a tree, a scalar or a key.
 *
 * @param parts each leaf's path, followed by what the program depends on in it
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

  /**
   * Returns the signature of extra arguments, for which all gradient functions count as equal, all
   * products with a Hessian, and all loss functions.
   */
  static Signature of(Extras extras) {
    Map<String, Object> arguments = new LinkedHashMap<>(extras.arguments());
    arguments.replaceAll((name, value) -> kind(value));
    return of(arguments);
  }

  private static Object kind(Object argument) {
    if (argument instanceof GradientFunction) {
      return GradientFunction.class;
    }
    if (argument instanceof LossFunction) {
      return LossFunction.class;
    }
    return argument instanceof HessianProduct ? HessianProduct.class : argument;
  }

  /**
   * Returns the path of the first part whose value has changed but whose type has not; null if
   * there is no such part.
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
