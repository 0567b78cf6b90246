package dev.glissade.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example has a page that shows its program, what that prints and what it draws. */
@Tag("vectors")
class GalleryTest {
  private static final Path GALLERY = Path.of("../docs/gallery");
  private static final Path CURRENT = Path.of("target/gallery");

  /** It needs DJL: DjlGalleryTest of the module djl runs its program. */
  private static final String DJL = "djl.md";

  static List<Class<?>> examples() throws Exception {
    return ExampleRun.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void thePageIsCurrent(Class<?> example) throws Exception {
    String name = pageName(example);
    Path page = GALLERY.resolve(name + ".md");
    assertThat(page).as("a page of %s", example.getSimpleName()).exists();
    String text = Files.readString(page);
    assertThat(text).contains("/" + example.getSimpleName() + ".java)", "```java\n", "```text\n");
    ExampleRun run = ExampleRun.of(example);
    String shown = replaced(replaced(text, "java", source(example)), "text", run.printed());
    Path current = write(page, shown);
    if (!run.picture().isEmpty()) {
      assertThat(text).contains("](" + name + ".svg)");
      Path picture = GALLERY.resolve(name + ".svg");
      requireEqual(picture, write(picture, run.picture()));
    }
    requireEqual(page, current);
  }

  /** The source of an example, without the line that names the package. */
  private static String source(Class<?> example) throws IOException {
    Path file = Path.of("src/main/java/dev/glissade/examples", example.getSimpleName() + ".java");
    String source = Files.readString(file);
    return source.substring(source.indexOf("import "));
  }

  private static String replaced(String text, String language, String block) {
    return Pattern.compile("(```" + language + "\n).*?```", Pattern.DOTALL)
        .matcher(text)
        .replaceAll("$1" + Matcher.quoteReplacement(block + "```"));
  }

  /** Writes what a file of the gallery should be. */
  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(CURRENT);
    return Files.writeString(CURRENT.resolve(file.getFileName()), text);
  }

  private static void requireEqual(Path file, Path current) throws IOException {
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s differs from %s, which is up to date", file, current)
        .isEqualTo(Files.readString(current));
  }

  @Test
  void eachPageHasAnExampleAndALineInTheIndex() throws Exception {
    String index = Files.readString(GALLERY.resolve("README.md"));
    List<String> expected = new ArrayList<>(List.of("README.md", DJL));
    for (Class<?> example : examples()) {
      expected.add(pageName(example) + ".md");
    }
    try (Stream<Path> files = Files.list(GALLERY)) {
      List<String> pages = files.map(f -> f.getFileName().toString()).toList();
      assertThat(pages.stream().filter(page -> page.endsWith(".md")))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    expected.stream()
        .filter(page -> !page.equals("README.md"))
        .forEach(page -> assertThat(index).contains("](" + page + ")"));
    assertThat(Files.readString(GALLERY.resolve("README.md"))).doesNotContain("```java");
  }

  /** "prodigy-against-adam" of ProdigyAgainstAdam. */
  private static String pageName(Class<?> example) {
    String name = example.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1");
    return name.toLowerCase(Locale.ROOT);
  }
}
