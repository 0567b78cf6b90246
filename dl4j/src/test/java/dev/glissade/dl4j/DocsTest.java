package dev.glissade.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/dl4j.md compiles, runs and does what is said there. */
class DocsTest {
  @TempDir Path temporary;

  @Test
  void theCodeRuns() throws Exception {
    String[] printed = Page.of("docs/dl4j.md").run(temporary).split("\n");
    assertThat(Double.parseDouble(printed[0])).isBetween(0.95, 1.0); // a guess is right in 1 of 3
    assertThat(number(printed[1], "d ")).isGreaterThan(1e-3); // began at 1e-6
    assertThat(number(printed[2], "loss ")).isLessThan(0.1);
    assertThat(number(printed[3], "loss ")).isLessThan(0.3);
    assertThat(printed[4]).isEqualTo("step 441"); // 5 and 2 epochs of 63 batches
  }

  private static double number(String line, String name) {
    assertThat(line).startsWith(name);
    return Double.parseDouble(line.substring(name.length()));
  }
}
