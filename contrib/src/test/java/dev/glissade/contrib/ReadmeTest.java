package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the README compiles, runs and does what is said there. */
class ReadmeTest {
  @TempDir Path folder;

  @Test
  void tenLinesFindTheMinimum() throws Exception {
    Page page = Page.of("README.md");
    List<String> printed = page.runEach(folder);
    assertThat(page.code().get(0)).endsWith("; // " + printed.get(0));
    Matcher numbers = Pattern.compile("(-?\\d+\\.\\d+(?:E-?\\d+)?)").matcher(printed.get(0));
    List<Double> found = numbers.results().map(r -> Double.valueOf(r.group())).toList();
    assertThat(found).hasSize(2).allSatisfy(w -> assertThat(w).isBetween(0.9, 1.1));
  }
}
