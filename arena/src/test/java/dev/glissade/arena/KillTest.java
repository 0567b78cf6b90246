package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own, which is killed. */
class KillTest {
  private static final int PATIENCE_SECONDS = 120;
  private static final int TERMINATED = 143;

  @TempDir private Path folder;

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    // Without the native library, which takes longer to load than the run.
    command.add("-Ddev.ludovic.netlib.blas.allowNative=false");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Glissade.class.getName());
    command.addAll(List.of(arguments));
    File log = folder.resolve("log").toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private String[] training(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--optimizer=prodigy",
                "--hidden=8",
                "--epochs=6",
                "--batch=8",
                "--out=" + folder.resolve("model.safetensors")));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private void requireEnd(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(log()).isTrue();
    assertThat(process.exitValue()).as(log()).isZero();
  }

  private byte[] model() throws IOException {
    return Files.readAllBytes(folder.resolve("model.safetensors"));
  }

  private boolean hasCheckpoint() throws IOException {
    Path kept = folder.resolve("kept");
    if (!Files.isDirectory(kept)) {
      return false;
    }
    try (Stream<Path> files = Files.list(kept)) {
      return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
    }
  }

  /** Returns the name of the newest checkpoint; empty without one. */
  private String newestCheckpoint() throws IOException {
    Path kept = folder.resolve("kept");
    if (!Files.isDirectory(kept)) {
      return "";
    }
    try (Stream<Path> files = Files.list(kept)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".safetensors"))
          .max(Comparator.naturalOrder())
          .orElse("");
    }
  }

  /**
   * Kills runs at random moments after their first checkpoint of their own. They write one after
   * each step, so that most of the time is writing. Whenever a run comes to its end before it is
   * killed, the next one starts again.
   *
   * @return how many kills left an unfinished file behind
   */
  private int kill(int times, long seed) throws IOException, InterruptedException {
    requireEnd(start(training()));
    byte[] expected = model();
    Files.delete(folder.resolve("model.safetensors"));
    String[] kept = training("--checkpoint=" + folder.resolve("kept"), "--every=1", "--resume");
    SplittableRandom random = new SplittableRandom(seed);
    int kills = 0;
    int unfinished = 0;
    while (kills < times) {
      String before = newestCheckpoint();
      Process process = start(kept);
      while (process.isAlive() && newestCheckpoint().equals(before)) {
        Thread.sleep(1);
      }
      boolean ended = process.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      if (ended) {
        assertThat(process.exitValue()).as(log()).isZero();
        assertThat(model()).isEqualTo(expected);
        restart();
      } else {
        kills++;
        unfinished += leftovers();
      }
    }
    requireEnd(start(kept));
    assertThat(model()).isEqualTo(expected);
    assertThat(leftovers()).isZero();
    return unfinished;
  }

  private void restart() throws IOException {
    Files.deleteIfExists(folder.resolve("model.safetensors"));
    try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private int leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
      return (int)
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(".safetensors") && !name.equals(".glissade-lock"))
              .count();
    }
  }

  @Test
  void aKilledRunGoesOnAsIfNothingHadBeen() throws IOException, InterruptedException {
    kill(4, 1);
  }

  @Test
  @Tag("slow")
  void twoHundredKills() throws IOException, InterruptedException {
    assertThat(kill(200, 2)).isPositive();
  }

  /**
   * SIGTERM: a checkpoint of the step that was reached, a sentence and the exit code. A run that
   * comes to its end first is started again.
   */
  @Test
  void aTerminatedRunWritesACheckpointFirst() throws IOException, InterruptedException {
    requireEnd(start(training()));
    byte[] expected = model();
    Files.delete(folder.resolve("model.safetensors"));
    String kept = "--checkpoint=" + folder.resolve("kept");
    Process process = terminated(kept);
    while (process.exitValue() == 0) {
      restart();
      process = terminated(kept);
    }
    assertThat(process.exitValue()).as(log()).isEqualTo(TERMINATED);
    assertThat(log()).containsPattern("stopped at step \\d+ and saved it in .*: pass --resume");
    requireEnd(start(training(kept, "--resume")));
    assertThat(model()).isEqualTo(expected);
  }

  private Process terminated(String kept) throws IOException, InterruptedException {
    Process process = start(training(kept, "--every=50"));
    while (process.isAlive() && !hasCheckpoint()) {
      Thread.sleep(1);
    }
    process.destroy();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(log()).isTrue();
    return process;
  }
}
