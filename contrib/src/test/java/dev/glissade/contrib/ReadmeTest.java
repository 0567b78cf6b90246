package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the README compiles, runs and does what is said there. */
class ReadmeTest {
  @TempDir Path folder;

  private static List<String> blocks() throws IOException {
    return Page.blocks(Path.of("../README.md"));
  }

  private static String imports(String block) {
    return block
        .lines()
        .filter(line -> line.startsWith("import "))
        .collect(Collectors.joining("\n"));
  }

  private static String code(String block) {
    return block
        .lines()
        .filter(line -> !line.startsWith("import "))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void tenLinesFindTheMinimum() throws Exception {
    String source =
        """
        %s
        %s
        public class Readme {
          public static void main(String[] arguments) {
        %s
          }
        %s
        }
        """
            .formatted(
                imports(blocks().get(0)),
                imports(blocks().get(1)),
                code(blocks().get(0)),
                code(blocks().get(1)));
    String printed = Page.run(folder, "Readme", source);
    Matcher numbers = Pattern.compile("(-?\\d+\\.\\d+(?:E-?\\d+)?)").matcher(printed);
    List<Double> found = numbers.results().map(r -> Double.valueOf(r.group())).toList();
    assertThat(found).hasSize(2).allSatisfy(w -> assertThat(w).isBetween(0.9, 1.1));
  }
}
