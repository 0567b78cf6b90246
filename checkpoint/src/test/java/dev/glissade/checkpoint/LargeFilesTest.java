package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.AdamW;
import dev.glissade.optimizer.Optimizers;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files beyond 2 GiB, and checkpoints that are larger than what is left of the heap. */
@Tag("slow")
class LargeFilesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  @Test
  void aHundredMillionParametersWithAdamWAreSavedWithoutACopy() throws Exception {
    float[] params = new float[100_000_000];
    for (int i = 0; i < params.length; i++) {
      params[i] = i % 1000 * 0.001f;
    }
    AdamW optimizer = Optimizers.adamw(0.1);
    Stepper<?> stepper = stepped(optimizer, Tree.of("x", Tensor.wrap(params)));
    Path file = folder.resolve("large.safetensors");
    save(optimizer, stepper.params(), file);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    save(optimizer, stepper.params(), file);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(2 << 20);
    assertThat(Files.size(file)).isGreaterThan(1_200_000_000L);

    float[] other = new float[params.length];
    Checkpoint.load(file).stepper(optimizer, Tree.of("x", Tensor.wrap(other)));
    assertThat(Arrays.equals(params, other)).isTrue();
  }

  private Object state = "";

  private <S> Stepper<S> stepped(dev.glissade.GradientTransformation<S> optimizer, Tree params) {
    Stepper<S> stepper = Stepper.borrowing(optimizer, params);
    stepper.step(params.copy());
    state = stepper.liveState();
    return stepper;
  }

  @SuppressWarnings("unchecked")
  private <S> void save(dev.glissade.GradientTransformation<S> optimizer, Tree params, Path file)
      throws Exception {
    Checkpoint.of(params, optimizer, (S) state).save(file);
  }

  @Test
  void aTensorOfMoreThanTwoGibibytes() throws Exception {
    float[] large = new float[600_000_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = i % 9_999_991;
    }
    Path file = folder.resolve("large.safetensors");
    Checkpoint.of(Tree.of("a", Tensor.wrap(large), "b", Tensor.scalar(5f))).save(file);
    assertThat(Files.size(file)).isGreaterThan(2_400_000_000L);
    Tree back = Checkpoint.load(file).params();
    assertThat(Arrays.equals(large, (float[]) back.get("a").array())).isTrue();
    assertThat(back.get("b").get(0)).isEqualTo(5);
    try (Safetensors opened = Safetensors.open(file)) {
      opened.verify();
      assertThat(opened.tensor("params/b").get(0)).isEqualTo(5);
    }
  }
}
