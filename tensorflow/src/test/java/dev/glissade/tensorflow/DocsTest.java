package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/tensorflow.md compiles, runs and does what is said there. */
class DocsTest {
  @TempDir Path temporary;

  @Test
  void theCodeRuns() throws Exception {
    String[] printed = Page.of("docs/tensorflow.md").run(temporary).split("\n");
    assertThat(printed[0]).startsWith("loss ");
    assertThat(Double.parseDouble(printed[0].substring(5))).isLessThan(0.2);
    assertThat(printed[1]).startsWith("d ");
    assertThat(Double.parseDouble(printed[1].substring(2))).isGreaterThan(1e-3); // began at 1e-6
    assertThat(printed[2]).startsWith("loss ");
    assertThat(Double.parseDouble(printed[2].substring(5))).isLessThan(0.05);
    assertThat(printed[3]).isEqualTo("step 200");
  }
}
