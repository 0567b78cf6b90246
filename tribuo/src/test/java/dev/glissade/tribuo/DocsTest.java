package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/tribuo.md compiles, runs and does what is said there. */
class DocsTest {
  @TempDir Path temporary;

  @Test
  void theCodeRuns() throws Exception {
    String[] printed = Page.of("docs/tribuo.md").run(temporary).split("\n");
    assertThat(printed[0]).startsWith("accuracy ");
    assertThat(Double.parseDouble(printed[0].substring(9))).isBetween(0.9, 1.0); // 1 of 3 guessed
    assertThat(printed[1]).startsWith("d ");
    assertThat(Double.parseDouble(printed[1].substring(2))).isGreaterThan(1e-3); // began at 1e-6
    assertThat(printed[2]).startsWith("accuracy ");
    assertThat(Double.parseDouble(printed[2].substring(9))).isBetween(0.9, 1.0);
    assertThat(printed[3]).startsWith("prodigy");
    assertThat(printed[4]).isEqualTo("step 190"); // 5 epochs of 38 minibatches
    assertThat(printed[5]).isEqualTo("step 380");
  }
}
