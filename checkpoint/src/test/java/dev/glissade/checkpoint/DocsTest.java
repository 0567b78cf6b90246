package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/checkpoints.md compiles, runs and does what is said there. */
class DocsTest {
  @TempDir Path folder;

  @Test
  void theCodeRuns() throws Exception {
    List<String> blocks = Page.blocks(Path.of("../docs/checkpoints.md"));
    String source =
        """
        import dev.glissade.*;
        import dev.glissade.checkpoint.*;
        import dev.glissade.contrib.*;
        import java.nio.file.Path;
        import java.util.Map;
        public class Docs {
          public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
        %s
          }
        %s
        }
        """
            .formatted(
                blocks.get(0) + blocks.get(1) + blocks.get(3) + blocks.get(4), blocks.get(2));
    String printed = Page.run(folder, "Docs", source, folder.resolve("run").toString());
    assertThat(printed)
        .startsWith("50 0.5 ")
        .contains("nobody else begins", "TensorInfo[name=params/w, type=F32");
    try (Safetensors model = Safetensors.open(folder.resolve("run/model.safetensors"))) {
      assertThat(Math.abs(model.tensor("w").get(0))).isLessThan(3);
    }
  }
}
