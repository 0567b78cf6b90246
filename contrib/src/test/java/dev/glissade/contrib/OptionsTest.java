package dev.glissade.contrib;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.records.RecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** docs/optimizers.md names each option of the catalog in Java spelling, with its default. */
class OptionsTest {
  private static final Catalog CATALOG = Catalog.standard();

  @Test
  void thePageNamesEachOptionAndItsDefault() throws IOException {
    List<String> lines = CATALOG.entries().stream().map(OptionsTest::line).toList();
    Path current = Files.write(Path.of("target/options.md"), lines);
    String page = Page.of("docs/optimizers.md").text().replaceAll("\\s+", " ");
    assertThat(lines.stream().filter(line -> !page.contains(line)))
        .as("lines of %s that docs/optimizers.md lacks", current)
        .isEmpty();
  }

  /** Returns a line such as "`clip`: `maxDelta` (required).". */
  private static String line(Entry entry) {
    RecordType type = RecordType.of(entry.prototype().getClass());
    List<String> options = new ArrayList<>();
    for (int i = 0; i < type.size(); i++) {
      String argument = entry.arguments().get(i);
      String value =
          entry.required().contains(argument)
              ? "(required)"
              : shown(CATALOG.plain(entry.defaultOf(argument)));
      options.add("`" + type.name(i) + "` " + value);
    }
    String all = options.isEmpty() ? "no options" : String.join(", ", options);
    return "`" + camel(entry.name()) + "`: " + all + ".";
  }

  private static String shown(@Nullable Object value) {
    if (value instanceof Collection<?> list && !list.isEmpty()) {
      return list.stream().map(OptionsTest::shown).toList().toString();
    }
    if (value instanceof Map<?, ?> map && map.get("name") instanceof String name) {
      Object arguments = map.get("args");
      List<?> all = arguments instanceof Map<?, ?> named ? List.copyOf(named.values()) : List.of();
      return camel(name)
          + (all.isEmpty()
              ? ""
              : " of " + all.stream().map(OptionsTest::shown).collect(joining(", ")));
    }
    if (value instanceof Number number) {
      return String.valueOf(number).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }
    boolean none =
        value == null
            || value instanceof Collection<?>
            || (value instanceof Map<?, ?> map && map.isEmpty());
    return none ? "none" : String.valueOf(value);
  }

  private static String camel(String snake) {
    StringBuilder name = new StringBuilder();
    for (String word : snake.split("_")) {
      boolean first = name.isEmpty();
      name.append(first ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
