package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/djl.md compiles, runs and does what is said there. */
class DocsTest {
  @TempDir Path temporary;

  @Test
  void theCodeRuns() throws Exception {
    String[] printed = Page.of("docs/djl.md").run(temporary).split("\n");
    assertThat(Double.parseDouble(printed[0])).isBetween(0.95, 1.0); // a guess is right in 1 of 3
    assertThat(printed[1]).startsWith("d ");
    assertThat(Double.parseDouble(printed[1].substring(2))).isGreaterThan(1e-3); // began at 1e-6
    assertThat(printed[2]).startsWith("0.0999").contains(" 0.1");
    assertThat(printed[3]).startsWith("loss ");
    assertThat(Double.parseDouble(printed[3].substring(5))).isLessThan(0.05);
    assertThat(printed[4]).startsWith("epsilon ");
    assertThat(printed[5]).isEqualTo("step 126"); // 2 epochs of 63 batches
  }
}
