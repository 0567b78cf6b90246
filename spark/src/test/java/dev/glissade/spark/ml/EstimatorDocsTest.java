package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/spark-ml.md compiles, runs and prints what is said there. */
class EstimatorDocsTest {
  @TempDir Path folder;

  @Test
  void theCodeRuns() throws Exception {
    MlSession.assumeRuns();
    Page page = Page.of("docs/spark-ml.md");
    List<String> printed = page.runEach(folder);
    assertThat(printed).isEqualTo(page.outputs());
  }
}
