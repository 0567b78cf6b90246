package dev.glissade.arena.report;

import dev.glissade.arena.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fills templates with {{names}} and escapes foreign text. */
final class Html {
  private static final Pattern NAME = Pattern.compile("\\{\\{(\\w+)}}");

  private Html() {}

  /** Escapes text for an element or a quoted attribute and replaces control characters. */
  static String escape(String text) {
    return Text.plainLines(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** Escapes JSON for a script element, so that no text in it can end the element. */
  static String escapeJson(String json) {
    return json.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  /** Replaces each {{name}} of the template in one pass, so names in values stay as they are. */
  static String fill(String template, Map<String, String> values) {
    return NAME.matcher(template)
        .replaceAll(match -> {
          String value = values.get(match.group(1));
          if (value == null) {
            throw new IllegalStateException("a template names an unknown value: " + match.group());
          }
          return Matcher.quoteReplacement(value);
        });
  }

  /** Reads a text file next to this class. */
  static String resource(String name) {
    return read(Html.class.getResourceAsStream(name), name);
  }

  /** Reads a text file of the class path. */
  static String absoluteResource(String path) {
    return read(Html.class.getClassLoader().getResourceAsStream(path), path);
  }

  private static String read(@Nullable InputStream in, String name) {
    if (in == null) {
      throw new IllegalStateException("a resource is missing from the program: " + name);
    }
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
