package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.testing.Allocation;
import dev.glissade.testing.Numbers;
import dev.glissade.testing.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints in streams are those of files, with the same checks. */
class StreamsTest {
  private record Progress(int epoch, double loss) {}

  private static Checkpoint checkpoint(DType dtype) {
    Stepper<?> stepper = Stepper.of(Contrib.prodigy(), Problem.params(dtype));
    for (int i = 0; i < 3; i++) {
      stepper.step(Problem.gradients(Contrib.prodigy(), dtype, i));
    }
    return Checkpoint.of(stepper)
        .with("progress", new Progress(7, 0.5))
        .with("wide", Tree.of("z", Tensor.complex(new double[] {1, 2}, new double[] {3, 4}, 2)))
        .metadata("note", "of a run");
  }

  private static byte[] bytes(Checkpoint checkpoint) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    checkpoint.save(out);
    return out.toByteArray();
  }

  private static Checkpoint load(byte[] bytes) throws CheckpointException {
    return Checkpoint.load(new ByteArrayInputStream(bytes), bytes.length);
  }

  @Test
  void haveTheBytesOfFiles(@TempDir Path folder) throws Exception {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
      Checkpoint checkpoint = checkpoint(dtype);
      Path file = folder.resolve(dtype + ".safetensors");
      checkpoint.save(file);
      byte[] bytes = bytes(checkpoint);
      assertThat(bytes).isEqualTo(Files.readAllBytes(file));
      Checkpoint loaded = load(bytes);
      assertThat(loaded.step()).isEqualTo(3);
      assertThat(loaded.get("progress", Progress.class)).isEqualTo(new Progress(7, 0.5));
      assertThat(loaded.metadata()).containsEntry("note", "of a run");
      assertThat(Numbers.of(loaded.params())).isEqualTo(Numbers.of(checkpoint.params()));
      assertThat(Numbers.of(loaded.state(Contrib.prodigy())))
          .isEqualTo(Numbers.of(checkpoint.state(Contrib.prodigy())));
    }
  }

  @Test
  void mayComeInPiecesAndOneAfterAnother() throws Exception {
    byte[] first = bytes(checkpoint(DType.FLOAT32));
    byte[] second = bytes(Checkpoint.of(Tree.of("w", Tensor.of(new float[] {1, 2}))));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    InputStream slow =
        new FilterInputStream(new ByteArrayInputStream(both)) {
          @Override
          public int read(byte[] to, int from, int count) throws IOException {
            return super.read(to, from, Math.min(count, 3));
          }
        };
    assertThat(Checkpoint.load(slow, first.length).step()).isEqualTo(3);
    assertThat(Checkpoint.load(slow, second.length).params().get("w").toFloats())
        .containsExactly(1, 2);
    assertThat(slow.read()).isEqualTo(-1);
  }

  @Test
  void cutAnywhereAreRefused() throws Exception {
    byte[] bytes = bytes(Checkpoint.of(Tree.of("w", Tensor.of(new float[] {1, 2}))));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> load(cut))
          .isInstanceOfSatisfying(
              CheckpointException.class, e -> assertThat(e.isCorrupt()).isTrue());
      assertThatThrownBy(() -> Checkpoint.load(new ByteArrayInputStream(cut), bytes.length))
          .isInstanceOfSatisfying(
              CheckpointException.class, e -> assertThat(e.isCorrupt()).isTrue())
          .hasMessage(
              "checkpoint: the stream must have %d bytes, but ended after %d"
                  .formatted(bytes.length, length));
    }
  }

  @Test
  void changedAnywhereAreRefused() throws Exception {
    byte[] bytes = bytes(Checkpoint.of(Tree.of("w", Tensor.of(new float[] {1, 2}))));
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> load(changed)).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void thatClaimMoreThanTheyHaveAllocateNothing() {
    String tensor = Raw.tensor("w", "F32", "[500000000]", "[0,2000000000]");
    byte[] claims = Raw.bytes(("{" + tensor + "}").getBytes(StandardCharsets.UTF_8), 8);
    long allocated =
        Allocation.of(() ->
            assertThatThrownBy(() -> load(claims))
                .hasMessageContaining("must have 2000000000 bytes of tensors, but had 8"));
    assertThat(allocated).isLessThan(4 << 20);
  }

  @Test
  void thatFailSayWhy() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    assertThatThrownBy(() -> checkpoint(DType.FLOAT32).save(full))
        .isInstanceOf(IOException.class)
        .hasMessage("no space left");
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        };
    assertThatThrownBy(() -> Checkpoint.load(broken, 1000))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("checkpoint: can't be read: connection reset");
  }
}
