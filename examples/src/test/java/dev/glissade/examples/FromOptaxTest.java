package dev.glissade.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.contrib.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** "Coming from Optax" says what is here, and the catalog has it under Optax's own name. */
class FromOptaxTest {
  /**
   * Names that are here without an entry: parts and aliases of others, code, functions of trees.
   */
  private static final Set<String> NO_ENTRY =
      Set.of(
          "inject_stateful_hyperparams",
          "multi_transform",
          "projection_halfspace",
          "projection_hyperplane",
          "projection_vector",
          "schedule_free_eval_params",
          "stateless",
          "stateless_with_tree_map",
          "unitwise_clip",
          "unitwise_norm");

  private static final Set<String> SECTIONS =
      Set.of(
          "Optimizers",
          "optax.contrib",
          "Transformations and combinators",
          "Schedules",
          "Losses, projections and the rest");

  /** What a row says is here begins with one of these, or says that it is the same. */
  private static final Pattern HERE =
      Pattern.compile("`(Optimizers|Contrib|Transforms|Schedules|Projections|Skip\\w+)\\b.*");

  private static Set<String> entries() {
    return Catalog.standard().entries().stream().map(Entry::name).collect(Collectors.toSet());
  }

  /** Returns Optax's names of optimizers, schedules and projections, each with our column. */
  private static Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    for (String section : Page.of("docs/from-optax.md").text().split("(?m)^## ")) {
      if (SECTIONS.contains(section.lines().findFirst().orElse(""))) {
        section
            .lines()
            .filter(line -> line.startsWith("| `"))
            .forEach(line -> {
              String[] cells = line.split("\\s*\\|\\s*");
              snakes(cells[1]).forEach(name -> rows.put(name, cells[2]));
            });
      }
    }
    return rows;
  }

  /** Returns the names in code that are in snake case, as those of functions are. */
  private static List<String> snakes(String cell) {
    return new ArrayList<>(
        Pattern.compile("`([a-z][a-z0-9_]*)`")
            .matcher(cell)
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList());
  }

  @Test
  void whatIsHereHasItsNameInTheCatalog() {
    Set<String> entries = entries();
    List<String> missing = new ArrayList<>();
    rows()
        .forEach((name, ours) -> {
          if (HERE.matcher(ours).matches() && !entries.contains(name) && !NO_ENTRY.contains(name)) {
            missing.add(name);
          }
        });
    assertThat(missing).as("names in the table without an entry").isEmpty();
  }

  @Test
  void whatIsNotHereIsNot() {
    Set<String> entries = entries();
    List<String> stale = new ArrayList<>();
    rows()
        .forEach((name, ours) -> {
          if (!HERE.matcher(ours).matches() && entries.contains(name)) {
            stale.add(name);
          }
        });
    assertThat(stale).as("names with an entry that the table says are not here").isEmpty();
    assertThat(rows()).hasSizeGreaterThan(150);
    assertThat(NO_ENTRY).allMatch(name -> rows().containsKey(name) && !entries.contains(name));
  }

  /** A state that is the same is a record of its name. */
  @Test
  void statesThatAreTheSameExist() throws IOException {
    StringBuilder sources = new StringBuilder();
    for (String module : List.of("core", "contrib")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          sources.append(Files.readString(file));
        }
      }
    }
    String states = Page.of("docs/from-optax.md").text().split("(?m)^## States")[1];
    List<String> same =
        states
            .lines()
            .filter(line -> line.contains("| the same"))
            .map(line -> line.substring(0, line.indexOf("| the same")))
            .flatMap(left -> Pattern.compile("`(\\w+)`").matcher(left).results())
            .map(match -> match.group(1))
            .filter(name -> !name.equals("MultiTransformState")) // an alias of PartitionState
            .toList();
    assertThat(same).hasSizeGreaterThan(40);
    assertThat(same).allMatch(name -> sources.indexOf("record " + name + "(") >= 0);
  }
}
