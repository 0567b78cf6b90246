package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C ends a comparison and keeps what is complete. */
@DisabledOnOs(OS.WINDOWS)
class InterruptTest {
  private static final int PATIENCE_SECONDS = 120;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"compare", "sweep --over=learning_rate=.01..1 --points=2"})
  void tableAndReportOfWhatIsComplete(String command) throws Exception {
    List<String> words = new ArrayList<>(hearingInterrupts());
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Glissade.class.getName()));
    words.addAll(List.of(command.split(" ")));
    words.addAll(List.of("--optimizers=sgd", "--hidden=4", "--epochs=1", "--seeds=20000"));
    words.addAll(List.of("--threads=1", "--report=" + folder));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (process.isAlive() && !Files.readString(log).contains("[4/")) {
      Thread.sleep(10);
    }
    interrupt(process);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(130);
    assertThat(log)
        .content()
        .containsPattern("\nsgd +\\S+ ")
        .contains("report: " + folder.resolve("index.html"))
        .contains("glissade: stopped: the results are of the runs that were complete");
    assertThat(folder.resolve("index.html")).content().contains("stopped early");
  }

  @Test
  void trainSaysWhatIsLost() throws IOException, InterruptedException {
    Path data = Files.writeString(folder.resolve("data.csv"), "x,y\n" + "1,a\n2,b\n".repeat(200));
    List<String> words = new ArrayList<>(hearingInterrupts());
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Glissade.class.getName()));
    words.addAll(
        List.of("train", "--epochs=500000", "--data=" + data, "--out=" + folder.resolve("model")));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (process.isAlive() && !Files.readString(log).contains("label: ")) {
      Thread.sleep(10);
    }
    interrupt(process);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(130);
    assertThat(log)
        .content()
        .contains("stopped: nothing was saved; pass --checkpoint DIR to be able to resume");
    assertThat(folder.resolve("model")).doesNotExist();
  }

  /** A build in the background may ignore SIGINT, and what it starts inherits that. */
  private static List<String> hearingInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return List.of();
    }
    boolean ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .anyMatch(mask -> (mask & 2) != 0);
    return ignored ? List.of("env", "--default-signal=INT") : List.of();
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    List<String> kill = List.of("kill", "-INT", String.valueOf(process.pid()));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
  }
}
