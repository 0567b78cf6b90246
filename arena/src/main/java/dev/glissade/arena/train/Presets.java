package dev.glissade.arena.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Arguments with which each optimizer trains well here: presets.json. */
public final class Presets {
  private static final Map<String, Object> ALL = load();

  private Presets() {}

  private static Map<String, Object> load() {
    try (InputStream in =
        Objects.requireNonNull(Presets.class.getResourceAsStream("presets.json"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return PlainJson.map(PlainJson.parse("presets.json", text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> section(String section) {
    return PlainJson.map(Objects.requireNonNull(ALL.get(section)));
  }

  /** The arguments of an optimizer, plain; empty where it does well with its defaults. */
  public static Map<String, Object> arguments(String name) {
    return named("arguments", name);
  }

  /** What goes before the presets of an optimizer inside of this one. */
  static Map<String, Object> within(String name) {
    return named("within", name);
  }

  private static Map<String, Object> named(String section, String name) {
    Object found = section(section).get(name);
    return found == null ? Map.of() : PlainJson.map(found);
  }

  /** What a reader of this optimizer's results should know. */
  static @Nullable String note(String name) {
    Object note = section("notes").get(name);
    return note == null ? null : note.toString();
  }
}
