package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.contrib.Page;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/gallery/djl.md shows {@link TwoRings} and what it prints. */
class DjlGalleryTest {
  private static final Pattern NUMBER = Pattern.compile("\\d\\.\\d\\d");

  @Test
  void thePageIsCurrent() throws Exception {
    Page page = Page.of("docs/gallery/djl.md");
    String source = Files.readString(Path.of("src/test/java/dev/glissade/djl/TwoRings.java"));
    String printed = printed();
    String current = replaced(page.text(), "java", source.substring(source.indexOf("import ")));
    current = replaced(current, "text", printed);
    Path generated = Files.writeString(Path.of("target/gallery-djl.md"), current);
    assertThat(page.text().replaceAll(NUMBER.pattern(), "#"))
        .as("docs/gallery/djl.md differs from %s, which is up to date", generated)
        .isEqualTo(current.replaceAll(NUMBER.pattern(), "#"));
    List<Double> shown = numbers(page.blocks("text").get(0));
    List<Double> found = numbers(printed);
    assertThat(found).hasSize(2).hasSameSizeAs(shown);
    for (int i = 0; i < 2; i++) {
      assertThat(found.get(i)).isCloseTo(shown.get(i), within(0.05)); // engines round differently
    }
    assertThat(found.get(1)).isGreaterThan(0.95);
  }

  private static String printed() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      TwoRings.main(new String[0]);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  private static List<Double> numbers(String text) {
    return NUMBER.matcher(text).results().map(r -> Double.valueOf(r.group())).toList();
  }

  private static String replaced(String text, String language, String block) {
    return Pattern.compile("(```" + language + "\n).*?```", Pattern.DOTALL)
        .matcher(text)
        .replaceFirst("$1" + Matcher.quoteReplacement(block + "```"));
  }
}
