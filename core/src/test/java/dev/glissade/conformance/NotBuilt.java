package dev.glissade.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glissade.catalog.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * What recorded cases use and the catalog does not have yet, from {@code not-built.txt}: names, and
 * arguments of names ("scale_by_lion mode").
 */
public final class NotBuilt {
  private static final Path FILE = Path.of("../conformance/optax/not-built.txt");
  private static final Set<String> LISTED = read();

  private NotBuilt() {}

  private static Set<String> read() {
    try {
      return new TreeSet<>(Files.readAllLines(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what is listed although the catalog has it. */
  public static Set<String> built() {
    Set<String> built = new TreeSet<>(LISTED);
    Set<String> known = new TreeSet<>();
    for (Entry entry : RecordedFunctions.catalog().entries()) {
      known.add(entry.name());
      entry.arguments().forEach(argument -> known.add(entry.name() + " " + argument));
    }
    built.retainAll(known);
    return built;
  }

  /** Returns whether a part of an optimizer, or an argument of one, is listed. */
  static boolean isUsedBy(JsonNode optimizer) {
    if (optimizer.has("args")) {
      String name = optimizer.get("name").textValue();
      Set<String> used = new TreeSet<>(Set.of(name));
      optimizer.get("args").fieldNames().forEachRemaining(arg -> used.add(name + " " + arg));
      if (used.stream().anyMatch(LISTED::contains)) {
        return true;
      }
    }
    for (JsonNode child : optimizer) {
      if (isUsedBy(child)) {
        return true;
      }
    }
    return false;
  }
}
