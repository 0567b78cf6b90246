package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/spark.md compiles, runs and prints what is said there. */
class DocsTest {
  @TempDir Path folder;

  @Test
  void theCodeRuns() throws Exception {
    LocalSpark.assumeRuns();
    Page page = Page.of("docs/spark.md");
    List<String> printed = page.runEach(folder);
    assertThat(printed).isEqualTo(page.outputs());
  }
}
