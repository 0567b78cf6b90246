package dev.glissade.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.VectorPlan;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A kernel that starts over elements changes to vectors, and computes the same bits before, while
 * and after it does. Needs {@code --add-modules jdk.incubator.vector}.
 */
@Tag("vectors")
class VectorsWarmUpTest {
  private static final Duration MOST = Duration.ofMinutes(2);

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "3, 1", "4, 5", "5, 0", "6, 0"})
  void changesToVectorsWithoutAChangeOfBits(long seed, long offHeap) {
    Random random = new Random(seed);
    RandomTape tape = RandomTape.of(random, false);
    List<Plane[]> data = tape.leaves(random, 3000, 1);
    RandomTape.Result expected = tape.run(new Interpreter(tape.tape(), LaneOrder.ROWS), data, 0);
    VectorApi here = Objects.requireNonNull(VectorApi.here());
    long memory = offHeap & (1L << tape.tape().arrays()) - 1;
    VectorKernel first = new VectorKernel(VectorPlan.of(tape.tape()), here, true);
    VectorKernel kernel = (VectorKernel) Objects.requireNonNull(first.offHeap(memory));
    assertThat(kernel.name()).contains("elements until");
    long start = System.nanoTime();
    boolean warm = false;
    while (!warm && System.nanoTime() - start < MOST.toNanos()) {
      warm = kernel.isWarm();
      RandomTape.Result result = tape.run(kernel, data, memory);
      assertThat(result.partials()).isEqualTo(expected.partials());
      for (int i = 0; i < expected.arrays().size(); i++) {
        assertThat(result.arrays().get(i)).isEqualTo(expected.arrays().get(i));
      }
    }
    assertThat(warm).as("%s", tape.tape()).isTrue();
    assertThat(kernel.name()).isEqualTo("vectors");
  }
}
