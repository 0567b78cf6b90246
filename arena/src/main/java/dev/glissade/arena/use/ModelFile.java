package dev.glissade.arena.use;

import dev.glissade.DType;
import dev.glissade.Tree;
import dev.glissade.arena.data.DataException;
import dev.glissade.arena.data.Encoding;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Safetensors;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.models.Activation;
import dev.glissade.models.Mlp;
import dev.glissade.records.Records;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trained model with all that prediction needs, in a safetensors file: the tensors are the
 * parameters, the notes {@code architecture} and {@code encoding} are JSON, and further notes say
 * how it was trained.
 *
 * @param notes the notes, by name
 */
public record ModelFile(Mlp model, Tree params, Encoding encoding, Map<String, String> notes) {
  private static final String ARCHITECTURE = "architecture";
  private static final String ENCODING = "encoding";

  /** Writes a model. */
  public static void write(
      Path file, Mlp model, Tree params, Encoding encoding, Map<String, String> notes)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(ARCHITECTURE, Json.STRICT.write(plain(model)));
    all.put(ENCODING, Json.STRICT.write(encoding.plain()));
    all.putAll(notes);
    Safetensors.write(file, params, all);
  }

  private static Map<String, Object> plain(Mlp model) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("inputs", model.inputs());
    plain.put("hidden", model.hidden());
    plain.put("outputs", model.outputs());
    plain.put("activation", model.activation().toString());
    return plain;
  }

  /**
   * Reads a model and checks that its parts fit each other.
   *
   * @throws DataException if the file is not that of a model, or is damaged
   */
  public static ModelFile read(Path file) throws IOException {
    try (Safetensors tensors = Safetensors.open(file)) {
      Map<String, String> notes = tensors.metadata();
      String architecture = notes.get(ARCHITECTURE);
      String encoding = notes.get(ENCODING);
      if (architecture == null || encoding == null) {
        throw new DataException(
            "%s must be a model that \"glissade train --out\" wrote, but has no note \"%s\""
                .formatted(file, architecture == null ? ARCHITECTURE : ENCODING));
      }
      tensors.verify();
      Mlp model = model(file, Json.STRICT.read(file + ": " + ARCHITECTURE, architecture));
      Encoding columns = encoding(file, Json.STRICT.read(file + ": " + ENCODING, encoding));
      Tree params = tensors.tree();
      check(file, model, params, columns);
      return new ModelFile(model, params, columns, notes);
    } catch (CheckpointException e) {
      throw new DataException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Encoding encoding(Path file, Object plain) {
    try {
      return Encoding.of(plain);
    } catch (DataException e) {
      throw new DataException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Mlp model(Path file, Object plain) {
    Map<String, @Nullable Object> children = Records.children(plain);
    try {
      List<Integer> hidden = new ArrayList<>();
      Records.children(children.get("hidden"))
          .forEach((i, size) -> hidden.add(whole("hidden", size)));
      return new Mlp(
          whole("inputs", children.get("inputs")),
          hidden,
          whole("outputs", children.get("outputs")),
          activation(children.get("activation")),
          DType.FLOAT32);
    } catch (IllegalArgumentException e) {
      throw new DataException("%s: architecture: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Activation activation(@Nullable Object name) {
    for (Activation activation : Activation.values()) {
      if (activation.toString().equals(name)) {
        return activation;
      }
    }
    throw new IllegalArgumentException("activation must be relu, tanh or sigmoid, but was " + name);
  }

  private static int whole(String name, @Nullable Object value) {
    if (value instanceof Integer number) {
      return number;
    }
    throw new IllegalArgumentException(name + " must be a whole number, but was " + value);
  }

  private static void check(Path file, Mlp model, Tree params, Encoding encoding) {
    if (!params.structure().equals(model.structure())) {
      throw new DataException(
          "%s must have the tensors of its architecture, %s, but had %s"
              .formatted(file, model.structure(), params.structure()));
    }
    if (encoding.features() != model.inputs() || encoding.outputs() != model.outputs()) {
      throw new DataException(
          "%s must have an encoding of %d inputs and %d outputs, but had %d and %d"
              .formatted(
                  file, model.inputs(), model.outputs(), encoding.features(), encoding.outputs()));
    }
  }
}
