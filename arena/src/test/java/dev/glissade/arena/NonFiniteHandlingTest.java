package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learning rate with which the second loss is not finite any more. */
class NonFiniteHandlingTest {
  @TempDir private Path folder;

  private static ProgramRun train(String policy, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--optimizer=sgd(learning_rate=1e38)",
                "--schedule=constant",
                "--epochs=2",
                "--non-finite=" + policy));
    arguments.addAll(List.of(more));
    return ProgramRun.run(arguments.toArray(String[]::new));
  }

  @Test
  void stopEndsTheRunAsDiverged() {
    ProgramRun run = train("stop");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("(diverged)");
  }

  @Test
  void errorNamesTheStep() {
    ProgramRun run = train("error");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).containsPattern("glissade: loss is (NaN|Infinity) at step \\d+");
  }

  /** All that follows is skipped, also behind a resumption. */
  @Test
  void skipCounts() {
    String kept = "--checkpoint=" + folder.resolve("kept");
    ProgramRun run = train("skip", kept, "--every=34");
    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.out()).containsPattern("6\\d steps were skipped");
    folder.resolve("kept/checkpoint-000000000086.safetensors").toFile().delete();
    assertThat(train("skip", kept, "--resume").out())
        .contains(run.out().lines().skip(1).findFirst().orElseThrow());
  }

  @Test
  void allowGoesOn() {
    ProgramRun run = train("allow");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("(diverged)").doesNotContain("skipped");
    assertThat(train("ignore").err())
        .contains("--non-finite must be stop, skip, error or allow, but was \"ignore\"");
  }
}
