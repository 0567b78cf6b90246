package dev.glissade.arena.train;

import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.Records;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The arguments with which each optimizer trains well here, from presets.json. */
public final class Presets {
  private static final Map<String, @Nullable Object> ALL = load();

  private Presets() {}

  private static Map<String, @Nullable Object> load() {
    try (InputStream in =
        Objects.requireNonNull(Presets.class.getResourceAsStream("presets.json"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Records.children(Json.STRICT.read("presets.json", text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, @Nullable Object> section(String section) {
    return Records.children(ALL.get(section));
  }

  /**
   * Returns the preset arguments of an optimizer as plain values; empty if its defaults do well.
   */
  public static Map<String, @Nullable Object> arguments(String name) {
    return named("arguments", name);
  }

  /** Returns the arguments that override the presets of an optimizer inside of this one. */
  static Map<String, @Nullable Object> within(String name) {
    return named("within", name);
  }

  private static Map<String, @Nullable Object> named(String section, String name) {
    return Records.children(section(section).get(name));
  }

  /** Returns a remark for readers of this optimizer's results, or null. */
  static @Nullable String note(String name) {
    Object note = section("notes").get(name);
    return note == null ? null : note.toString();
  }
}
