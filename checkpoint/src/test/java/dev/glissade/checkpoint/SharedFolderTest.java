package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes and threads that have one folder. */
class SharedFolderTest {
  private static final int PROCESSES = 4;
  private static final int SAVES = 150;

  @TempDir Path folder;

  private static List<Process> start(List<ProcessBuilder> builders) throws IOException {
    List<Process> processes = new ArrayList<>();
    for (ProcessBuilder builder : builders) {
      processes.add(builder.start());
    }
    return processes;
  }

  private static void requireEnd(List<Process> processes) throws Exception {
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
  }

  private static boolean isAnyAlive(List<Process> processes) {
    return processes.stream().anyMatch(Process::isAlive);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static void requireWhole(Checkpoint checkpoint) {
    assertThat(checkpoint.params().get("x").toFloats()).containsOnly((float) checkpoint.step());
  }

  /** None fails, and who reads always finds the newest or one that was the newest just now. */
  @Test
  void processesSaveInOneFolderWhileOthersRead() throws Exception {
    Checkpoints checkpoints = Checkpoints.in(folder);
    List<ProcessBuilder> builders = new ArrayList<>();
    for (int p = 0; p < PROCESSES; p++) {
      builders.add(Child.process("race", folder.toString(), "" + p, "" + SAVES));
    }
    List<Process> processes = start(builders);
    while (checkpoints.files().isEmpty() && isAnyAlive(processes)) {
      Thread.sleep(1);
    }
    long newest = 0;
    do {
      Checkpoint read = checkpoints.newest();
      requireWhole(read);
      assertThat(read.step()).isGreaterThanOrEqualTo(newest);
      newest = read.step();
    } while (isAnyAlive(processes));
    requireEnd(processes);
    assertThat(checkpoints.newest().step()).isEqualTo(100 * (SAVES - 1) + PROCESSES - 1);
    assertThat(names()).noneMatch(name -> name.endsWith("glissade-tmp"));
  }

  @Test
  void processesSaveUnderOneName() throws Exception {
    Path file = folder.resolve("model.safetensors");
    List<ProcessBuilder> builders = new ArrayList<>();
    for (int p = 0; p < PROCESSES; p++) {
      builders.add(Child.process("overwrite", file.toString(), "" + SAVES));
    }
    List<Process> processes = start(builders);
    while (!Files.exists(file) && isAnyAlive(processes)) {
      Thread.sleep(1);
    }
    do {
      requireWhole(Checkpoint.load(file));
    } while (isAnyAlive(processes));
    requireEnd(processes);
    assertThat(names()).containsExactly("model.safetensors");
  }

  /** Also by another name of the folder: to look at a thread's file would end its lock. */
  @Test
  void threadsAndAProcessSaveWhileAThreadReads() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    List<Process> processes =
        start(List.of(Child.process("race", real.toString(), "0", "" + SAVES)));
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 1; t <= 3; t++) {
      Path name = t == 1 ? link : t == 2 ? real : real.resolve("../real");
      String first = "" + t;
      Thread thread =
          new Thread(() -> {
            try {
              Child.main(new String[] {"race", name.toString(), first, "" + SAVES});
            } catch (IOException | RuntimeException e) {
              synchronized (failures) {
                failures.add(e);
              }
            }
          });
      threads.add(thread);
      thread.start();
    }
    Checkpoints checkpoints = Checkpoints.in(link);
    while (checkpoints.files().isEmpty() && threads.stream().anyMatch(Thread::isAlive)) {
      Thread.sleep(1);
    }
    do {
      requireWhole(checkpoints.newest());
    } while (threads.stream().anyMatch(Thread::isAlive));
    for (Thread thread : threads) {
      thread.join();
    }
    requireEnd(processes);
    assertThat(failures).isEmpty();
  }

  @Test
  void oneRunHasAFolder() throws Exception {
    Path run = folder.resolve("deep/run");
    String inUse = ": the folder is in use by another run";
    try (FolderLock held = Checkpoints.in(run).lock()) {
      assertThat(held).isNotNull();
      Path link = Files.createSymbolicLink(folder.resolve("link"), run);
      for (Path name : List.of(run, link, folder.resolve("deep/../link"))) {
        assertThatThrownBy(() -> Checkpoints.in(name).lock())
            .isInstanceOf(CheckpointException.class)
            .hasMessage(name + inUse);
      }
      Process other = Child.process("lock", run.toString()).start();
      String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).contains(run + inUse);
      assertThat(other.waitFor()).isNotZero();
      Child.main(new String[] {"race", run.toString(), "1", "1"});
      assertThat(Checkpoints.in(run).newest().step()).isEqualTo(1);
    }
    Checkpoints.in(run).lock().close();
  }

  @Test
  void aKilledRunLetsTheFolderGo() throws Exception {
    Process other = Child.process("lock", folder.toString()).start();
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).startsWith("locked");
      assertThatThrownBy(() -> Checkpoints.in(folder).lock())
          .hasMessage(folder + ": the folder is in use by another run");
      other.destroyForcibly().waitFor();
    }
    Checkpoints.in(folder).lock().close();
  }

  @Test
  void aFolderThatCannotBeWrittenToIsSaidAtOnce() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> Checkpoints.in(file).lock())
        .hasMessage(file + ": the folder can't be created: a file is in the way");
    Path other = folder.resolve("run");
    Files.createDirectories(other.resolve(FolderLock.NAME));
    assertThatThrownBy(() -> Checkpoints.in(other).lock())
        .hasMessage(other + ": the folder can't be locked: it is a folder");
    Files.delete(other.resolve(FolderLock.NAME));
    Checkpoints.in(other).lock().close();
  }
}
