package dev.glissade.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.fuse.codegen.GeneratedLoop;
import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.Storage;
import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.fuse.tape.VectorPlan;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kernel that starts over elements changes to vectors, and computes the same bits before, while
 * and after it does. Needs {@code --add-modules jdk.incubator.vector}.
 */
@Tag("vectors")
class VectorsWarmUpTest {
  private static final Duration MOST = Duration.ofMinutes(2);

  /** Multiplies, stores, and adds up twice: vectors are several times faster than elements. */
  private static RandomTape tape() {
    List<Tape.Instruction> code =
        List.of(
            new Tape.Load(0, Element.F32),
            new Tape.Load(1, Element.F32),
            new Tape.Scalar(1),
            new Tape.Binary(Op.MUL, 0, 2),
            new Tape.Binary(Op.ADD, 3, 1),
            new Tape.Store(0, Element.F32, 4),
            new Tape.Reduce(0, Reduction.NORM, 4, 4),
            new Tape.Reduce(1, Reduction.DOT, 0, 1));
    List<Reduction> reductions = List.of(Reduction.NORM, Reduction.DOT);
    return new RandomTape(
        new Tape(Element.F32, code, 2, 2, 1, reductions), new Element[] {Element.F32, Element.F32});
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3})
  void changesToVectorsWithoutAChangeOfBits(long offHeap) {
    RandomTape tape = tape();
    List<Plane[]> data = tape.leaves(new Random(1), 30_000, 1);
    RandomTape.Result expected = tape.run(new Interpreter(tape.tape(), LaneOrder.ROWS), data, 0);
    VectorApi here = Objects.requireNonNull(VectorApi.here());
    VectorKernel first = new VectorKernel(VectorPlan.of(tape.tape()), here, true);
    VectorKernel kernel = (VectorKernel) Objects.requireNonNull(first.offHeap(offHeap));
    assertThat(kernel.name()).contains("elements until");
    long start = System.nanoTime();
    boolean warm = false;
    while (!warm && System.nanoTime() - start < MOST.toNanos()) {
      warm = kernel.isWarm();
      RandomTape.Result result = tape.run(kernel, data, offHeap);
      assertThat(result.partials()).isEqualTo(expected.partials());
      for (int i = 0; i < expected.arrays().size(); i++) {
        assertThat(result.arrays().get(i)).isEqualTo(expected.arrays().get(i));
      }
    }
    assertThat(warm).isTrue();
    assertThat(kernel.name())
        .isEqualTo(
            offHeap != 0 && here.memory() == Storage.BYTES
                ? "vectors through byte buffers"
                : "vectors");
  }

  /** A loop whose vectors the compiler never gets into registers. */
  @Test
  void staysWithElementsThatAreFaster() throws InterruptedException {
    AtomicInteger slow = new AtomicInteger();
    GeneratedLoop elements = (arguments, workspace) -> {};
    GeneratedLoop vectors =
        (arguments, workspace) -> {
          slow.incrementAndGet();
          LockSupport.parkNanos(10_000);
        };
    Tape whole = tape().tape();
    RangeReductions sums = new RangeReductions(Section.whole(whole), whole);
    VectorApi here = Objects.requireNonNull(VectorApi.here());
    WarmingLoop loop =
        new WarmingLoop(elements, () -> vectors, () -> new LoopSamples(whole, here, 0, 0, sums), 1);
    KernelArguments arguments = new KernelArguments(1);
    while (slow.get() < 1000) {
      loop.run(arguments, new Object[0]);
      Thread.sleep(1);
    }
    assertThat(loop.isWarm()).isFalse();
  }
}
