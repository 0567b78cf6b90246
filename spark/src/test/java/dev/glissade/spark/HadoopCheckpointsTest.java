package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that had a complete checkpoint always has one, whoever writes into it. */
class HadoopCheckpointsTest {
  /** What happens after each change of a file, and before a renaming and an opening. */
  private static Action afterChange = () -> {};

  private static Action beforeRename = () -> {};
  private static Action beforeOpen = () -> {};
  private static boolean renames = true;

  @TempDir Path folder;

  /** What a test does meanwhile. */
  private interface Action {
    void run() throws IOException;
  }

  /** The local files, which refuse to rename to a name that is taken, as HDFS does. */
  public static final class StrictFileSystem extends RawLocalFileSystem {
    @Override
    public String getScheme() {
      return "strict";
    }

    @Override
    public URI getUri() {
      return URI.create("strict:///");
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      beforeRename.run();
      boolean renamed = renames && !exists(to) && super.rename(from, to);
      afterChange.run();
      return renamed;
    }

    @Override
    public boolean delete(org.apache.hadoop.fs.Path file, boolean recursive) throws IOException {
      boolean deleted = super.delete(file, recursive);
      afterChange.run();
      return deleted;
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
      beforeOpen.run();
      return super.open(file, buffer);
    }
  }

  @BeforeEach
  @AfterEach
  void clear() {
    afterChange = () -> {};
    beforeRename = () -> {};
    beforeOpen = () -> {};
    renames = true;
  }

  private HadoopCheckpoints checkpoints() {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.strict.impl", StrictFileSystem.class.getName());
    configuration.set("fs.file.impl", RawLocalFileSystem.class.getName());
    return new HadoopCheckpoints("strict://" + folder.toUri().getPath(), 1, configuration);
  }

  private static Checkpoint checkpoint(long step) {
    return Checkpoint.of(Tree.of("w", Tensor.of(new float[] {step}))).step(step);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static long step(HadoopCheckpoints checkpoints) throws IOException {
    return Objects.requireNonNull(checkpoints.newest()).checkpoint().step();
  }

  @Test
  void aStepThatIsSavedAgainIsThereAllTheTime() throws Exception {
    HadoopCheckpoints checkpoints = checkpoints();
    checkpoints.save(checkpoint(7));
    afterChange = () -> assertThat(step(checkpoints)).isEqualTo(7);
    for (int i = 0; i < 3; i++) {
      checkpoints.save(checkpoint(7));
      assertThat(names()).hasSize(1);
    }
    clear();
    for (int step = 8; step <= 10; step++) {
      checkpoints.save(checkpoint(step));
    }
    assertThat(names())
        .containsExactly("step-000000000009.safetensors", "step-000000000010.safetensors");
  }

  @Test
  void twoWritersOfAStepDoNotDisturbEachOther() throws Exception {
    HadoopCheckpoints checkpoints = checkpoints();
    checkpoints.save(checkpoint(6));
    beforeRename =
        () -> {
          beforeRename = () -> {};
          checkpoints().save(checkpoint(7)); // the name was free when the other one looked
        };
    checkpoints.save(checkpoint(7));
    assertThat(step(checkpoints)).isEqualTo(7);
    assertThat(names())
        .containsExactly("step-000000000006.safetensors", "step-000000000007.1.safetensors");
  }

  @Test
  void damagedFilesOfLaterStepsDoNotPushOutWhatIsSaved() throws Exception {
    HadoopCheckpoints checkpoints = checkpoints();
    for (int step : new int[] {10, 15, 20}) {
      checkpoints.save(checkpoint(step));
    }
    for (String name : names()) {
      Files.write(folder.resolve(name), new byte[9]);
    }
    assertThat(checkpoints.newest()).isNull();
    for (int step : new int[] {12, 13, 14}) {
      checkpoints.save(checkpoint(step));
      assertThat(step(checkpoints)).isEqualTo(step);
    }
    checkpoints.save(checkpoint(15));
    assertThat(names())
        .containsExactly(
            "step-000000000014.safetensors",
            "step-000000000015.1.safetensors",
            "step-000000000020.safetensors");
    assertThat(step(checkpoints)).isEqualTo(15);
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadIsReadAgain() throws Exception {
    HadoopCheckpoints checkpoints = checkpoints();
    checkpoints.save(checkpoint(7));
    beforeOpen =
        () -> {
          beforeOpen = () -> {};
          checkpoints().save(checkpoint(8));
          Files.delete(folder.resolve("step-000000000007.safetensors"));
        };
    assertThat(step(checkpoints)).isEqualTo(8);
    beforeOpen =
        () -> {
          throw new FileNotFoundException("always gone");
        };
    assertThatThrownBy(checkpoints::newest).hasMessage("always gone");
  }

  @Test
  void aFileSystemThatDoesNotRenameIsNamed() throws Exception {
    HadoopCheckpoints checkpoints = checkpoints();
    renames = false;
    assertThatThrownBy(() -> checkpoints.save(checkpoint(1)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the file system must rename strict:/")
        .hasMessageEndingWith("step-000000000001.safetensors, but did not");
    assertThat(names()).isEmpty();
  }
}
