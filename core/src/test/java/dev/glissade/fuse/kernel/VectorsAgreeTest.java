package dev.glissade.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.Storage;
import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.fuse.tape.VectorPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Vectorized loops and the interpreter compute the same bits, on arrays and on off-heap memory,
 * also where float sums are inaccurate. Needs {@code --add-modules jdk.incubator.vector}.
 */
@Tag("vectors")
class VectorsAgreeTest {
  private static final int CASES = 300;

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  static LongStream fewSeeds() {
    return LongStream.range(0, CASES / 12);
  }

  private static VectorApi machine() {
    VectorApi here = VectorApi.here();
    assertThat(here).as("the JVM must have the module jdk.incubator.vector").isNotNull();
    return here;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sameBits(long seed) {
    Random random = new Random(seed);
    agree(RandomTape.of(random, false), random, seed % 3 == 0 ? 600 : 2 * Ranges.SIZE);
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void sameBitsOfLargeValues(long seed) {
    Random random = new Random(seed);
    agree(RandomTape.large(random, false), random, 3000);
  }

  private static void agree(RandomTape tape, Random random, int most) {
    int power = tape.power(random);
    List<Plane[]> data = tape.leaves(random, most, Math.pow(10, power));
    Kernel oracle = new Interpreter(tape.tape(), LaneOrder.ROWS);
    RandomTape.Result interpreted = tape.run(oracle, data, 0);
    VectorPlan plan = VectorPlan.of(tape.tape());
    assertThat(plan.fits()).isTrue();
    List<VectorKernel> kernels = kernels(plan);
    long some = random.nextLong() & (1L << tape.tape().arrays()) - 1;
    int variants = random.nextInt(4) == 0 ? 2 * kernels.size() : 2;
    for (int k = 0; k < variants; k++) {
      long offHeap = k % 2 == 0 ? 0 : some;
      Kernel variant = kernels.get(k / 2).offHeap(offHeap);
      assertThat(variant).isNotNull();
      RandomTape.Result generated = tape.run(variant, data, offHeap);
      for (int i = 0; i < interpreted.arrays().size(); i++) {
        assertThat(generated.arrays().get(i))
            .as("array %d of %s, off-heap %d", i, tape.tape(), offHeap)
            .isEqualTo(interpreted.arrays().get(i));
      }
      assertThat(generated.partials()).as("%s", tape.tape()).isEqualTo(interpreted.partials());
    }
  }

  /** Returns kernels for each kind of off-heap memory that this JDK's vectors access. */
  private static List<VectorKernel> kernels(VectorPlan plan) {
    VectorApi here = machine();
    List<VectorKernel> kernels = new ArrayList<>();
    kernels.add(new VectorKernel(plan, here, false));
    kernels.add(new VectorKernel(plan, here, true));
    if (here.memory() == Storage.NATIVE) {
      VectorApi byBuffer = new VectorApi(here.floats(), here.doubles(), Storage.BYTES);
      kernels.add(new VectorKernel(plan, byBuffer, false));
    }
    return kernels;
  }

  @Test
  void usesAddressesWhereTheProgramAllowsIt() {
    boolean allowed =
        Object.class.getModule().isExported("jdk.internal.vm.vector", getClass().getModule());
    int version = Runtime.version().feature();
    assertThat(machine().memory())
        .isEqualTo(version >= 22 ? Storage.SEGMENT : allowed ? Storage.NATIVE : Storage.BYTES);
  }

  @Test
  void takenWhereTheModuleIs() {
    Tape tape = RandomTape.of(new Random(1), false).tape();
    Kernel kernel = new Kernels().kernel(tape);
    assertThat(kernel)
        .isInstanceOf(
            Boolean.getBoolean("dev.glissade.interpret") ? Interpreter.class : VectorKernel.class);
    assertThat(machine().floats()).isGreaterThanOrEqualTo(4);
  }

  /** Sums of long expressions that underflow: the check for zeros must fit the compiler. */
  @Test
  void checksZerosOnlyInASmallLoop() {
    List<Tape.Instruction> code = new ArrayList<>(List.of(new Tape.Load(0, Element.F32)));
    List<Reduction> reductions = new ArrayList<>();
    int last = 0;
    for (int r = 0; r < 5; r++) {
      for (int k = 0; k < 20; k++) {
        code.add(new Tape.Binary(Op.MUL, last, 0));
        last = code.size() - 1;
      }
      code.add(new Tape.Reduce(r, Reduction.DOT, last, last));
      reductions.add(Reduction.DOT);
    }
    Tape tape = new Tape(Element.F32, code, 1, 0, 0, reductions);
    Section whole = Section.whole(tape);
    assertThat(whole.fitsVectors()).isFalse();
    List<Scaling> generated = new ArrayList<>();
    ReductionRetry retry =
        new ReductionRetry(
            whole,
            tape,
            true,
            (section, scaling) -> {
              generated.add(scaling);
              return (arguments, workspace) -> {};
            });
    retry.new Workspace().run(new KernelArguments(1), new double[5], 0);
    assertThat(generated).containsExactly(Scaling.WIDE);
  }
}
