package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glissade.contrib.Contrib;
import dev.glissade.fuse.codegen.VectorApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The stages printed in docs/engine.md are those of a Prodigy step. */
class EngineGuideTest {
  private static final Pattern STAGE =
      Pattern.compile("(<!-- stage: ([a-z ]+) -->\n```text\n)(.*?)(```)", Pattern.DOTALL);

  @Test
  void theGuideShowsWhatTheEngineDoes() throws IOException {
    assumeFalse(Boolean.getBoolean("dev.glissade.interpret"), "other kernels run then");
    assumeTrue(VectorApi.here() == null, "other kernels run with the Vector API");
    Map<String, String> stages = StepPrinter.stages(Contrib.prodigy(), 100_000);
    String guide = Files.readString(Path.of("../docs/engine.md"));
    Matcher matcher = STAGE.matcher(guide);
    StringBuilder current = new StringBuilder();
    int shown = 0;
    while (matcher.find()) {
      String printed = stages.get(matcher.group(2));
      assertThat(printed).as("stage %s", matcher.group(2)).isNotNull();
      matcher.appendReplacement(
          current, Matcher.quoteReplacement(matcher.group(1) + printed + matcher.group(4)));
      shown++;
    }
    matcher.appendTail(current);
    Path generated = Files.writeString(Path.of("target/engine.md"), current);
    assertThat(shown).isEqualTo(stages.size());
    assertThat(guide)
        .as("docs/engine.md must show the engine's stages; %s is up to date", generated)
        .isEqualTo(current.toString());
  }
}
