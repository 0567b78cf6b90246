package dev.glissade.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each page of the documentation has code that runs, links that lead somewhere, names that are. */
class DocsTest {
  private static final Path ROOT = Path.of("..");

  @TempDir Path folder;

  static List<String> pages() throws IOException {
    List<String> pages = new ArrayList<>(List.of("README.md"));
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      files
          .filter(file -> file.toString().endsWith(".md"))
          .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .forEach(pages::add);
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theCodeRuns(String name) throws Exception {
    Page page = Page.of(name);
    if (!page.code().isEmpty() && !isRunByAnotherTest(name)) {
      List<String> printed = page.runEach(folder);
      assertThat(printed).as("programs of %s", name).hasSameSizeAs(page.code());
      List<String> outputs = page.outputs();
      for (int i = 0; i < printed.size(); i++) {
        if (!outputs.get(i).isEmpty()) {
          assertThat(printed.get(i)).as("%s: It prints", name).isEqualTo(outputs.get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void modulesCompile(String name) {
    int least = name.equals("docs/getting-started.md") ? 1 : 0;
    assertThat(Page.of(name).compileModules(folder)).isGreaterThanOrEqualTo(least);
  }

  /** Whether another test names the page, or it shows a program of the gallery, as GalleryTest. */
  private static boolean isRunByAnotherTest(String name) throws IOException {
    if (name.startsWith("docs/gallery/")) {
      return true;
    }
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests) && isNamedIn(tests, "Page.of(\"" + name + "\")")) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isNamedIn(Path tests, String words) throws IOException {
    try (Stream<Path> files = Files.walk(tests)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
        if (Files.readString(file).contains(words)) {
          return true;
        }
      }
    }
    return false;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(String name) {
    Path page = ROOT.resolve(name);
    Pattern.compile("\\]\\(([^)#\\s]*)(#[^)]*)?\\)")
        .matcher(Page.of(name).text())
        .results()
        .filter(link -> !link.group(1).contains("://"))
        .forEach(link -> {
          Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
          assertThat(target).as("%s: link", name).exists();
          if (link.group(2) != null) {
            assertThat(anchors(target)).as("%s: link", name).contains(link.group(2));
          }
        });
  }

  /** Returns the anchors of a page's headings, as GitHub makes them: "#base-optimizers". */
  private static List<String> anchors(Path page) {
    String text = Page.of(ROOT.relativize(page.normalize()).toString()).text();
    return Pattern.compile("(?m)^#+ (.*)$")
        .matcher(text)
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> "#" + heading.replaceAll("[^\\w -]", "").replace(' ', '-'))
        .toList();
  }

  private static Map<String, List<String>> methods() {
    Map<String, List<String>> methods = new TreeMap<>();
    for (Class<?> index : List.of(Optimizers.class, Transforms.class, Schedules.class)) {
      methods.put(index.getSimpleName(), names(index));
    }
    methods.put("Contrib", names(dev.glissade.contrib.Contrib.class));
    return methods;
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class)
        .map(Method::getName)
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void eachOptimizerHasAPlace() {
    String optimizers = Page.of("docs/optimizers.md").text();
    String fromOptax = Page.of("docs/from-optax.md").text();
    methods()
        .forEach((index, names) -> {
          for (String method : names) {
            assertThat(optimizers).as("docs/optimizers.md").contains("`" + method + "`");
            assertThat(fromOptax).as("docs/from-optax.md").contains(index + "." + method);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namesAreThere(String name) throws Exception {
    List<MatchResult> mentions =
        Pattern.compile(
                "`(Optimizers|Transforms|Schedules|Contrib|Projections|Updates|Tree|Tensor|Scalar|Stepper|States"
                    + "|RandomKey|Checkpoint|Checkpoints|GradientTransformation|Extras)\\.(\\w+)")
            .matcher(Page.of(name).text())
            .results()
            .toList();
    for (MatchResult mention : mentions) {
      Class<?> type = type(mention.group(1));
      boolean isThere =
          names(type).contains(mention.group(2))
              || Arrays.stream(type.getFields())
                  .anyMatch(f -> f.getName().equals(mention.group(2)));
      assertThat(isThere).as("%s: %s).", name, mention.group()).isTrue();
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    String module =
        switch (name) {
          case "Optimizers" -> "optimizer.";
          case "Transforms", "Updates" -> "transform.";
          case "Projections" -> "projection.";
          case "Schedules" -> "schedule.";
          case "Contrib" -> "contrib.";
          case "Checkpoint", "Checkpoints" -> "checkpoint.";
          default -> "";
        };
    return Class.forName("dev.glissade." + module + name);
  }
}
