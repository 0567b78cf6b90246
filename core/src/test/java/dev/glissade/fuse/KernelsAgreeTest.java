package dev.glissade.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated loops and the interpreter give the same bits, whatever the tape. */
class KernelsAgreeTest {
  private static final int CASES = 300;
  private static final Op[] UNARY = {Op.NEG, Op.ABS, Op.SQRT, Op.SIGN, Op.NAN_TO_ZERO};
  private static final Op[] BINARY = {Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.MAX, Op.MIN};

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  /** A tape of random arithmetic; stores over some of the arrays it reads, and reductions. */
  private record RandomTape(Tape tape, Element[] elements) {

    static RandomTape of(Random random) {
      return of(random, true);
    }

    /** With 16-bit arrays and random numbers, which vectors do not do, or without. */
    static RandomTape of(Random random, boolean any) {
      boolean single = random.nextBoolean();
      int arrays = 1 + random.nextInt(8);
      Element[] elements = new Element[arrays];
      List<Tape.Instruction> code = new ArrayList<>();
      for (int i = 0; i < arrays; i++) {
        Element[] choices = {Element.F32, Element.F32, Element.BF16, Element.F16};
        int choice = any ? random.nextInt(choices.length) : 0;
        elements[i] = single ? choices[choice] : Element.F64;
        code.add(new Tape.Load(i, elements[i]));
      }
      code.add(new Tape.Scalar(0));
      code.add(new Tape.Scalar(1));
      if (any) {
        code.add(new Tape.Normal(0));
      }
      int operations = 1 + random.nextInt(40);
      for (int k = 0; k < operations; k++) {
        code.add(operation(random, code.size()));
      }
      int values = code.size();
      List<Reduction> reductions = new ArrayList<>();
      for (int r = random.nextInt(3); r > 0; r--) {
        Reduction kind = Reduction.values()[random.nextInt(Reduction.values().length)];
        int a = random.nextInt(values);
        int b = kind == Reduction.DOT ? random.nextInt(values) : a;
        code.add(new Tape.Reduce(reductions.size(), kind, a, b));
        reductions.add(kind);
      }
      for (int array = 0; array < arrays; array++) {
        if (random.nextInt(3) > 0) {
          code.add(new Tape.Store(array, elements[array], random.nextInt(values)));
        }
      }
      Element compute = single ? Element.F32 : Element.F64;
      return new RandomTape(new Tape(compute, code, arrays, 2, 1, reductions), elements);
    }

    private static Tape.Instruction operation(Random random, int registers) {
      int a = random.nextInt(registers);
      int b = random.nextInt(registers);
      return random.nextInt(3) == 0
          ? new Tape.Unary(UNARY[random.nextInt(UNARY.length)], a)
          : new Tape.Binary(BINARY[random.nextInt(BINARY.length)], a, b);
    }

    Plane[] data(Random random, int size, double scale) {
      Plane[] planes = new Plane[elements.length];
      for (int i = 0; i < planes.length; i++) {
        double[] numbers = random.doubles(size, -scale, scale).toArray();
        for (int k = 0; k < size; k += 97) {
          numbers[k] = k % 2 == 0 ? 0 : -0.0;
        }
        planes[i] = Plane.of(elements[i], numbers);
      }
      return planes;
    }
  }

  private record Result(List<double[]> arrays, double[] partials) {}

  private static Result run(Kernel kernel, RandomTape tape, Plane[] data, int size) {
    return run(kernel, tape, data, size, 0);
  }

  private static Result run(
      Kernel kernel, RandomTape tape, Plane[] data, int size, long outside) {
    Object[] arrays = new Object[data.length];
    Plane[] copies = new Plane[data.length];
    for (int i = 0; i < arrays.length; i++) {
      copies[i] = (outside >>> i & 1) != 0 ? outside(data[i]) : data[i].copy();
      arrays[i] = Vectors.given(copies[i]);
    }
    int reductions = tape.tape().reductions().size();
    Object scratch = kernel.scratch();
    Ranges ranges = Ranges.of(new int[] {size});
    Work work = new Work(ranges.mostPieces());
    work.arrays = arrays;
    work.keys = new long[] {42};
    work.scalars = new double[] {0.7, -1.3e-3};
    double[] partials = new double[reductions * ranges.count()];
    for (int range = 0; range < ranges.count(); range++) {
      work.take(ranges, range, arrays.length, 1);
      kernel.run(work, partials, range * reductions, scratch);
    }
    List<double[]> numbers = new ArrayList<>();
    for (Plane copy : copies) {
      numbers.add(copy.toDoubles());
    }
    return new Result(numbers, partials);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sameBits(long seed) {
    Random random = new Random(seed);
    RandomTape tape = RandomTape.of(random);
    int size = 1 + random.nextInt(2 * Loop.RANGE);
    double scale = Math.pow(10, random.nextInt(7) - 3);
    Plane[] data = tape.data(random, size, scale);
    Result interpreted = run(new Interpreter(tape.tape()), tape, data, size);
    Result generated = run(new FusedKernel(tape.tape()), tape, data, size);
    for (int i = 0; i < data.length; i++) {
      assertThat(generated.arrays().get(i))
          .as("array %d of %s", i, tape.tape())
          .isEqualTo(interpreted.arrays().get(i));
    }
    assertThat(generated.partials()).as("%s", tape.tape()).isEqualTo(interpreted.partials());
  }

  private static Plane outside(Plane plane) {
    Element element = plane.element();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(plane.length() * element.bytes()).order(ByteOrder.nativeOrder());
    Buffer view = element == Element.F32 ? bytes.asFloatBuffer() : bytes.asDoubleBuffer();
    Plane copy = new Plane(element, view, bytes, true);
    plane.copyTo(copy);
    return copy;
  }

  /** Vectors, on arrays and outside of the heap, also where float sums are not good enough. */
  @ParameterizedTest
  @MethodSource("seeds")
  void vectorsToo(long seed) {
    Vectors machine = Vectors.here();
    assumeThat(machine).as("the module of vectors").isNotNull();
    Random random = new Random(seed);
    RandomTape tape = RandomTape.of(random, false);
    int size = 1 + random.nextInt(seed % 3 == 0 ? 600 : 2 * Loop.RANGE);
    int power = tape.tape().compute() == Element.F32 ? random.nextInt(73) - 36 : 0;
    Plane[] data = tape.data(random, size, Math.pow(10, power));
    Result interpreted = run(new Interpreter(tape.tape()), tape, data, size);
    VectorKernel kernel = new VectorKernel(tape.tape(), machine);
    long some = random.nextLong() & (1L << data.length) - 1;
    for (long outside : new long[] {0, some}) {
      Kernel on = kernel.on(outside);
      assertThat(on).isNotNull();
      Result generated = run(on, tape, data, size, outside);
      for (int i = 0; i < data.length; i++) {
        assertThat(generated.arrays().get(i))
            .as("array %d of %s, outside %d", i, tape.tape(), outside)
            .isEqualTo(interpreted.arrays().get(i));
      }
      assertThat(generated.partials()).as("%s", tape.tape()).isEqualTo(interpreted.partials());
    }
  }

  @Test
  void bigTapesAreCutIntoSections() {
    Random random = new Random(5);
    RandomTape tape = RandomTape.of(random);
    while (tape.tape().code().size() < 45) {
      tape = RandomTape.of(random);
    }
    assertThat(Fission.sections(tape.tape(), Section::fitsElements)).hasSizeGreaterThan(1);
  }
}
