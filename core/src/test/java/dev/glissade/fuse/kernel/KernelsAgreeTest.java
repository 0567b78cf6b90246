package dev.glissade.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.tape.Fission;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.fuse.tape.VectorPlan;
import dev.glissade.testing.ProcessorTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated loops and the interpreter compute the same bits for any tape. */
@Tag("vectors")
class KernelsAgreeTest {
  private static final int CASES = 300;

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  static LongStream fewSeeds() {
    return LongStream.range(0, CASES / 12);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sameBits(long seed) {
    Random random = new Random(seed);
    agree(RandomTape.of(random), random, 2 * Ranges.SIZE);
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void sameBitsOfLargeValues(long seed) {
    Random random = new Random(seed);
    agree(RandomTape.large(random, seed % 2 == 0), random, 3000);
  }

  private static void agree(RandomTape tape, Random random, int most) {
    double scale = Math.pow(10, tape.power(random));
    List<Plane[]> data = tape.leaves(random, most, scale);
    Kernel oracle = new Interpreter(tape.tape(), LaneOrder.COLUMNS);
    RandomTape.Result interpreted = tape.run(oracle, data, 0);
    RandomTape.Result generated = tape.run(new ElementKernel(tape.tape()), data, 0);
    for (int i = 0; i < interpreted.arrays().size(); i++) {
      assertThat(generated.arrays().get(i))
          .as("array %d of %s", i, tape.tape())
          .isEqualTo(interpreted.arrays().get(i));
    }
    assertThat(generated.partials()).as("%s", tape.tape()).isEqualTo(interpreted.partials());
  }

  /** Beyond 255 numbers and arrays a loop could not even be defined as one method. */
  @Test
  void largeValuesAreLoops() {
    List<Tape.Instruction> code = new ArrayList<>(List.of(new Tape.Load(0, Element.F64)));
    for (int scalar = 0; scalar < 400; scalar++) {
      int last = code.size() - 1;
      code.add(new Tape.Scalar(scalar));
      code.add(new Tape.Binary(scalar % 2 == 0 ? Op.MUL : Op.ADD, last, last + 1));
    }
    code.add(new Tape.Store(0, Element.F64, code.size() - 1));
    Tape tape = new Tape(Element.F64, code, 1, 400, 0, List.of());
    boolean interpret = Boolean.getBoolean("dev.glissade.interpret");
    assertThat(new Kernels().kernel(tape) instanceof Interpreter).isEqualTo(interpret);
    assertThat(new ElementKernel(tape).temporaries()).isBetween(10, 60);
    assertThat(VectorPlan.of(tape).fits()).isTrue();
  }

  /** Each section has lanes for its own reductions alone; 255 would be too many parameters. */
  @Test
  void manyReductionsAreLoops() {
    int many = 300;
    List<Tape.Instruction> code = new ArrayList<>(List.of(new Tape.Load(0, Element.F32)));
    for (int r = 0; r < many; r++) {
      code.add(new Tape.Scalar(r));
      code.add(new Tape.Binary(Op.MUL, 0, code.size() - 1));
      code.add(new Tape.Reduce(r, Reduction.DOT, code.size() - 1, 0));
    }
    List<Reduction> dots = Collections.nCopies(many, Reduction.DOT);
    Tape tape = new Tape(Element.F32, code, 1, many, 0, dots);
    Kernel kernel = new Kernels().kernel(tape);
    Ranges ranges = Ranges.of(new int[] {1000}, Element.F32);
    KernelArguments arguments = new KernelArguments(ranges.mostPieces());
    arguments.ensureTemporaries(kernel.temporaries(), Element.F32);
    arguments.scalars = IntStream.range(0, many).asDoubleStream().toArray();
    // Products that underflow in float, and products of zeros: the kernel retries both.
    for (float number : new float[] {1e-20f, 0}) {
      float[] numbers = new float[1000];
      Arrays.fill(numbers, number);
      arguments.arrays = new Object[] {numbers};
      arguments.setRange(ranges, 0, tape);
      double[] sums = new double[many];
      kernel.run(arguments, sums, 0, kernel.scratch());
      double square = (double) number * number;
      for (int r = 0; r < many; r++) {
        assertThat(sums[r]).isCloseTo(1000 * r * square, offset(1e-40));
      }
    }
  }

  /** Eight states of 200 operations each that read one another: planned in time. */
  @Test
  void largeValuesThatOverwriteOneAnotherAreCut() throws Exception {
    List<Tape.Instruction> code = new ArrayList<>();
    for (int array = 0; array < 8; array++) {
      code.add(new Tape.Load(array, Element.F32));
    }
    List<Tape.Instruction> stores = new ArrayList<>();
    for (int array = 0; array < 8; array++) {
      int last = array;
      for (int k = 0; k < 100; k++) {
        code.add(new Tape.Binary(Op.MUL, last, (array + k) % 8));
        code.add(new Tape.Binary(Op.ADD, code.size() - 1, (array + 1) % 8));
        last = code.size() - 1;
      }
      stores.add(new Tape.Store(array, Element.F32, last));
    }
    code.addAll(stores);
    Tape tape = new Tape(Element.F32, code, 8, 0, 0, List.of());
    ProcessorTime.requireAtMost(
        30,
        "planning",
        () -> {
          assertThat(VectorPlan.of(tape).fits()).isTrue();
          assertThat(new ElementKernel(tape).temporaries()).isBetween(8, 300);
        });
  }

  @Test
  void bigTapesAreCutIntoSections() {
    Random random = new Random(5);
    RandomTape tape = RandomTape.of(random);
    while (tape.tape().code().size() < 45 || tape.tape().all(Tape.Store.class).size() < 4) {
      tape = RandomTape.of(random);
    }
    assertThat(Fission.sections(tape.tape(), job -> true, Section.ELEMENTS)).hasSizeGreaterThan(1);
  }
}
