package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.graph.Distribution;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Tape;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A tape of random arithmetic; stores over some of the arrays it reads, and reductions. */
record RandomTape(Tape tape, Element[] elements) {
  private static final Op[] UNARY = {Op.NEG, Op.ABS, Op.SQRT, Op.SIGN, Op.NAN_TO_ZERO};
  private static final Op[] SLOW = {Op.CBRT, Op.TANH};
  private static final Op[] BINARY = {Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.MAX, Op.MIN, Op.GREATER};

  static RandomTape of(Random random) {
    return of(random, true);
  }

  /** With 16-bit arrays and random numbers, which vectors do not do, or without. */
  static RandomTape of(Random random, boolean any) {
    return of(random, any, 1 + random.nextInt(40), random.nextInt(3));
  }

  /** With values of some hundred operations each, made of many arrays and scalars. */
  static RandomTape large(Random random, boolean any) {
    return of(random, any, 100 + random.nextInt(400), random.nextInt(6));
  }

  private static RandomTape of(Random random, boolean any, int operations, int reduced) {
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
      Distribution[] all = Distribution.values();
      code.add(new Tape.Draw(all[random.nextInt(all.length)], 0));
    }
    if (any) {
      code.add(new Tape.Unary(SLOW[random.nextInt(SLOW.length)], random.nextInt(code.size())));
    }
    for (int k = 0; k < operations; k++) {
      code.add(operation(random, code.size(), operations));
    }
    int values = code.size();
    List<Reduction> reductions = new ArrayList<>();
    for (int r = reduced; r > 0; r--) {
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

  /** Of two earlier values, of long tapes mostly of the last: sums stay in range. */
  private static Tape.Instruction operation(Random random, int registers, int operations) {
    boolean chained = operations > 40 && random.nextInt(8) > 0;
    int a = chained ? registers - 1 : random.nextInt(registers);
    int b = random.nextInt(registers);
    if (random.nextInt(12) == 0) {
      return new Tape.Select(random.nextInt(registers), a, b);
    }
    return random.nextInt(3) == 0
        ? new Tape.Unary(UNARY[random.nextInt(UNARY.length)], a)
        : new Tape.Binary(BINARY[random.nextInt(BINARY.length)], a, b);
  }

  /** A power of ten for its numbers, such that sums of squares now and then overflow or vanish. */
  int power(Random random) {
    int most = tape.compute() == Element.F32 ? 36 : 300;
    return random.nextBoolean() ? random.nextInt(7) - 3 : random.nextInt(2 * most + 1) - most;
  }

  /** One leaf, or, half of the time, several that are one range and more. */
  List<Plane[]> leaves(Random random, int most, double scale) {
    List<Plane[]> leaves = new ArrayList<>();
    leaves.add(data(random, 1 + random.nextInt(most), scale));
    for (int more = random.nextBoolean() ? 0 : random.nextInt(12); more > 0; more--) {
      leaves.add(data(random, 1 + random.nextInt(most / 8 + 1), scale));
    }
    return leaves;
  }

  private Plane[] data(Random random, int size, double scale) {
    Plane[] planes = new Plane[elements.length];
    for (int i = 0; i < planes.length; i++) {
      double[] numbers = random.doubles(size, -scale, scale).toArray();
      if (random.nextInt(5) == 0) {
        Arrays.fill(numbers, 0);
      }
      for (int k = 0; k < size; k += 97) {
        numbers[k] = k % 2 == 0 ? 0 : -0.0;
      }
      if (random.nextInt(4) == 0) {
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-42};
        for (double number : special) {
          numbers[random.nextInt(size)] = number;
        }
      }
      planes[i] = Plane.of(elements[i], numbers);
    }
    return planes;
  }

  /** What a kernel left in the arrays of all leaves and gave as sums of the ranges. */
  record Result(List<double[]> arrays, double[] partials) {}

  /**
   * Runs a kernel on copies.
   *
   * @param data each leaf's planes
   * @param offHeap bit i: array i of each leaf is copied to off-heap memory
   */
  Result run(Kernel kernel, List<Plane[]> data, long offHeap) {
    List<Plane> copies = new ArrayList<>();
    for (Plane[] leaf : data) {
      for (int i = 0; i < leaf.length; i++) {
        copies.add((offHeap >>> i & 1) != 0 ? offHeap(leaf[i]) : leaf[i].copy());
      }
    }
    int[] sizes = data.stream().mapToInt(leaf -> leaf[0].length()).toArray();
    int reductions = tape.reductions().size();
    Object scratch = kernel.scratch();
    Ranges ranges = Ranges.of(sizes, tape.compute());
    KernelArguments arguments = new KernelArguments(ranges.mostPieces());
    arguments.ensureTemporaries(kernel.temporaries(), tape.compute());
    StagingBuffers blocks = kernel.needsCopies() ? new StagingBuffers(tape, Ranges.SIZE) : null;
    Object[] operands = copies.stream().map(VectorApi::operand).toArray();
    arguments.keys = new long[data.size()];
    Arrays.setAll(arguments.keys, leaf -> 42 + leaf);
    arguments.scalars = new double[] {0.7, -1.3e-3};
    double[] partials = new double[reductions * ranges.count()];
    for (int range = 0; range < ranges.count(); range++) {
      arguments.setRange(ranges, range, tape);
      arguments.arrays = operands;
      if (blocks != null) {
        blocks.load(arguments, operands);
        blocks.redirect(arguments);
      }
      kernel.run(arguments, partials, range * reductions, scratch);
      if (blocks != null) {
        blocks.store(arguments, operands, ranges, range);
      }
    }
    return new Result(copies.stream().map(Plane::toDoubles).toList(), partials);
  }

  private static Plane offHeap(Plane plane) {
    Element element = plane.element();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(plane.length() * element.bytes()).order(ByteOrder.nativeOrder());
    Buffer view = element == Element.F32 ? bytes.asFloatBuffer() : bytes.asDoubleBuffer();
    Plane copy = new Plane(element, view, bytes, true);
    plane.copyTo(copy);
    return copy;
  }
}
