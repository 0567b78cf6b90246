package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/checkpoints.md compiles, runs and does what is said there. */
class DocsTest {
  @TempDir Path temporary;

  @Test
  void theCodeRuns() throws Exception {
    List<String> printed = Page.of("docs/checkpoints.md").runEach(temporary);
    assertThat(printed).hasSize(3);
    assertThat(printed.get(0))
        .contains("50 steps, Progress[epoch=5, loss=0.5]")
        .contains("same bits: true");
    assertThat(printed.get(1)).contains("no other run can start");
    assertThat(printed.get(2)).contains("TensorInfo[name=w, type=F32").contains("[3.0, -2.0]");
  }
}
