package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/pytorch.md compiles, runs and does what is said there. */
class DocsTest {
  @TempDir Path temporary;

  @Test
  void theCodeRuns() throws Exception {
    String[] printed = Page.of("docs/pytorch.md").run(temporary).split("\n");
    assertThat(number(printed[0], "accuracy ")).isGreaterThan(0.95); // a guess is right in 1 of 3
    assertThat(printed[1]).startsWith("{d=");
    assertThat(Double.parseDouble(printed[1].substring(3, printed[1].length() - 1)))
        .isGreaterThan(1e-3); // began at 1e-6
    assertThat(number(printed[2], "loss ")).isLessThan(0.05);
    assertThat(number(printed[3], "sam ")).isGreaterThan(0.95);
    assertThat(number(printed[4], "epsilon ")).isBetween(0.01, 3.0);
    assertThat(printed[5]).isEqualTo("step 200");
  }

  private static double number(String line, String before) {
    assertThat(line).startsWith(before);
    return Double.parseDouble(line.substring(before.length()));
  }
}
