package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/checkpoints.md compiles, runs and does what is said there. */
public class DocsTest {
  private static final String IMPORTS =
      """
      import dev.glissade.*;
      import dev.glissade.checkpoint.*;
      import dev.glissade.contrib.*;
      import java.nio.file.Path;
      import java.util.Map;
      """;

  @TempDir Path temporary;

  /** What the page's code takes as given. */
  public static class Given {
    protected static Path folder;
  }

  @Test
  void theCodeRuns() throws Exception {
    Given.folder = temporary.resolve("run");
    String printed = Page.of("docs/checkpoints.md").run(temporary, IMPORTS, Given.class);
    assertThat(printed)
        .startsWith("50 0.5 ")
        .contains("nobody else begins", "TensorInfo[name=params/w, type=F32");
    try (Safetensors model = Safetensors.open(Given.folder.resolve("model.safetensors"))) {
      assertThat(Math.abs(model.tensor("w").get(0))).isLessThan(3);
    }
  }
}
