package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of checkpoints, and what may happen to it. */
class CheckpointsTest {
  @TempDir Path parent;

  private static Checkpoint at(long step) {
    return Checkpoint.of(Tree.of("x", Tensor.scalar((double) step))).step(step);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void keepsTheNewestFewAndLeavesOtherFilesAlone() throws Exception {
    Path folder = parent.resolve("deep/run");
    Checkpoints checkpoints = Checkpoints.in(folder).keep(2);
    checkpoints.save(at(9));
    Files.writeString(folder.resolve("checkpoint-.safetensors"), "mine");
    Files.writeString(folder.resolve("model.safetensors"), "mine");
    for (long step : new long[] {10, 100, 20}) {
      checkpoints.save(at(step));
    }
    assertThat(names(folder))
        .containsExactly(
            "checkpoint-.safetensors",
            "checkpoint-000000000010.safetensors",
            "checkpoint-000000000020.safetensors",
            "checkpoint-000000000100.safetensors",
            "model.safetensors");
    assertThat(checkpoints.files())
        .extracting(path -> path.getFileName().toString())
        .first()
        .isEqualTo("checkpoint-000000000100.safetensors");
    assertThat(checkpoints.newest().step()).isEqualTo(100);
    checkpoints.save(at(100));
    checkpoints.keep(1).save(at(101));
    assertThat(names(folder))
        .containsExactly(
            "checkpoint-.safetensors", "checkpoint-000000000101.safetensors", "model.safetensors");
    assertThatThrownBy(() -> checkpoints.keep(0)).hasMessage("keep must be at least 1, but was 0");
  }

  @Test
  void goesBackToTheOneBeforeACorruptOneAndSaysSo() throws Exception {
    List<String> said = new ArrayList<>();
    Checkpoints checkpoints = Checkpoints.in(parent).reporting(said::add);
    for (long step = 1; step <= 3; step++) {
      checkpoints.save(at(step));
    }
    Path newest = checkpoints.files().get(0);
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length - 1] ^= 1;
    Files.write(newest, bytes);
    assertThat(checkpoints.newest().step()).isEqualTo(2);
    assertThat(said)
        .containsExactly(
            newest
                + ": the checksum is wrong: the file has changed since it was written; going back to the"
                + " previous checkpoint");
    Files.write(checkpoints.files().get(1), new byte[0]);
    assertThat(checkpoints.newest().step()).isEqualTo(1);
    Files.delete(checkpoints.files().get(2));
    assertThatThrownBy(checkpoints::newest)
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            parent
                + ": no checkpoint can be read: "
                + newest
                + ": the checksum is wrong: the file has changed since it was written");
  }

  @Test
  void aMissingOrEmptyFolderIsSaid() throws Exception {
    Path folder = parent.resolve("none");
    Checkpoints checkpoints = Checkpoints.in(folder);
    assertThat(checkpoints.files()).isEmpty();
    assertThatThrownBy(checkpoints::newest).hasMessage(folder + ": there is no such folder");
    Files.createDirectory(folder);
    assertThatThrownBy(checkpoints::newest)
        .hasMessage(folder + ": there is no checkpoint in the folder");
  }

  @Test
  void aFolderThatWasDeletedIsMadeAgain() throws Exception {
    Path folder = parent.resolve("run");
    Checkpoints checkpoints = Checkpoints.in(folder);
    Path file = checkpoints.save(at(1));
    Files.delete(file);
    Files.delete(folder);
    checkpoints.save(at(2));
    assertThat(checkpoints.newest().step()).isEqualTo(2);
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws Exception {
    Path file = Files.writeString(parent.resolve("run"), "x");
    Checkpoints checkpoints = Checkpoints.in(file);
    assertThatThrownBy(() -> checkpoints.save(at(1)))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": the folder can't be created: a file is in the way");
    assertThatThrownBy(checkpoints::newest)
        .hasMessage(file + ": the folder can't be read: " + file + " is not a folder");
    assertThatThrownBy(() -> at(1).save(parent.resolve("none/x")))
        .hasMessage(
            parent.resolve("none/x")
                + ": can't be written: there is no folder "
                + parent.resolve("none"));
    assertThatThrownBy(() -> at(1).save(parent))
        .hasMessage(parent + ": can't be written: it is a folder");
  }

  @Test
  void aReadOnlyFolderIsSaidAndNothingIsLost() throws Exception {
    Checkpoints checkpoints = Checkpoints.in(parent).keep(1);
    checkpoints.save(at(1));
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeTrue(!Files.isWritable(parent), "root may write anywhere");
      assertThatThrownBy(() -> checkpoints.save(at(2)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageEndingWith(": can't be written: no permission in " + parent);
      assertThat(checkpoints.newest().step()).isEqualTo(1);
    } finally {
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void leftoversOfKilledWritersAreRemoved() throws Exception {
    Path left =
        Files.writeString(
            parent.resolve(".checkpoint-000000000001.safetensors.1-2.glissade-tmp"), "half");
    Path foreign = Files.writeString(parent.resolve("x.tmp"), "mine");
    Checkpoints.in(parent).save(at(1));
    assertThat(left).doesNotExist();
    assertThat(foreign).exists();
    assertThat(names(parent)).containsExactly("checkpoint-000000000001.safetensors", "x.tmp");
  }

  @Test
  void anInterruptedThreadStillSaves() throws Exception {
    Thread.currentThread().interrupt();
    Path file = Checkpoints.in(parent).save(at(1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Checkpoint.load(file).step()).isEqualTo(1);
  }

  @Test
  void manyThreadsSaveInOneFolder() throws Exception {
    Checkpoints checkpoints = Checkpoints.in(parent).keep(100);
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int first = 10 * t;
      Thread thread =
          new Thread(() -> {
            for (int i = 0; i < 10; i++) {
              try {
                checkpoints.save(at(first + i));
              } catch (CheckpointException e) {
                synchronized (failures) {
                  failures.add(e);
                }
              }
            }
          });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(checkpoints.files()).hasSize(40);
    for (Path file : checkpoints.files()) {
      Checkpoint.load(file);
    }
  }
}
