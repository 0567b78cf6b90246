package dev.glissade.arena.replay;

import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.Records;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A recorded case: an optimizer, parameters, what each step is given, and the results of the
 * original, all as plain values.
 *
 * @param expected the recorded results; empty if the case has none
 */
public record CaseFile(
    String name,
    Object optimizer,
    Object params,
    StepArguments arguments,
    Map<String, @Nullable Object> expected) {

  /**
   * Reads a case.
   *
   * @throws IllegalArgumentException if the file is not a case; the message says where
   */
  public static CaseFile read(Path file) {
    if (!(Json.PYTHON.readFile(file.toString()) instanceof Map<?, ?> root)) {
      throw new IllegalArgumentException(
          file
              + " must be a JSON object of optimizer, params and gradients, but was not an object");
    }
    Object name = root.get("name");
    return new CaseFile(
        name == null
            ? String.valueOf(file.getFileName()).replaceFirst("\\.json$", "")
            : name.toString(),
        field(file, root, "optimizer"),
        field(file, root, "params"),
        root.containsKey("problem")
            ? StepArguments.of(
                Problem.of(root.get("problem")), root.get("needs"), field(file, root, "steps"))
            : StepArguments.of(
                field(file, root, "gradients"), root.get("values"), root.get("hessian_diagonals")),
        Records.children(root.get("expected")));
  }

  private static Object field(Path file, Map<?, ?> root, String name) {
    Object value = root.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          file + " must have \"" + name + "\", but had only " + root.keySet());
    }
    return value;
  }
}
