package dev.glissade.checkpoint;

import dev.glissade.checkpoint.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** Writes a checkpoint. Notes with these names hold everything except numbers. */
final class CheckpointWriter {
  static final String FORMAT = "glissade.format";
  static final String VERSION = "glissade.version";
  static final String STEP = "glissade.step";
  static final String OPTIMIZER = "glissade.optimizer";
  static final String FORMS = "glissade.forms";

  /** The version of this library. */
  static final String LIBRARY = library();

  private CheckpointWriter() {}

  private static String library() {
    Properties properties = new Properties();
    try (InputStream in = CheckpointWriter.class.getResourceAsStream("version.properties")) {
      properties.load(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  /** Returns the notes of a checkpoint. */
  static Map<String, String> notes(Map<String, Form> forms, Checkpoint.Facts facts) {
    Map<String, Object> plain = new LinkedHashMap<>();
    forms.forEach((name, form) -> plain.put(name, form.plain()));
    Map<String, String> all = new LinkedHashMap<>();
    all.put(FORMAT, Integer.toString(Migrations.ALL.current()));
    all.put(VERSION, LIBRARY);
    all.put(STEP, Long.toString(facts.step()));
    String optimizer = facts.optimizer();
    if (optimizer != null) {
      all.put(OPTIMIZER, optimizer);
    }
    all.put(FORMS, Json.STRICT.write(plain));
    all.putAll(facts.metadata());
    return all;
  }
}
