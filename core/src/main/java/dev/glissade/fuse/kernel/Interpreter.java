package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.graph.Distribution;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.graph.WideNorm;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.random.Threefry;
import java.util.Arrays;
import java.util.List;

/**
 * Interprets a tape, instruction by instruction, over blocks of elements. It computes in double and
 * rounds to float after each operation of a float tape, which yields the bits of float arithmetic
 * for + - * / sqrt.
 *
 * <p>It specifies the order of a reduction, which all kernels follow: 512 lanes add up the elements
 * of a range in the type of the tape; the kernel's {@link LaneOrder} assigns elements to lanes; and
 * {@link RangeReductions#foldLanes} adds up the lanes. If the sum of squares or products leaves the
 * interval in which the type is accurate, the kernel re-adds the range in double, or with scaled
 * numbers ({@link RangeReductions#needed}), provided that the operands still exist ({@link
 * Tape#isRepeatable}).
 */
public final class Interpreter implements Kernel {
  private final Tape.Instruction[] code;
  private final LaneOrder order;
  private final boolean single;
  private final int width;
  private final int arrays;
  private final int scalars;
  private final int temporaries;
  private final int reductions;
  private final boolean[] checked;

  /** The scalings of each reduction; each has its own lanes. */
  private final List<Scaling> scalings;

  public Interpreter(Tape tape, LaneOrder order) {
    this.order = order;
    this.width = LaneOrder.width(tape.compute());
    this.code = tape.code().toArray(Tape.Instruction[]::new);
    this.single = tape.compute() == Element.F32;
    this.arrays = tape.arrays();
    this.scalars = tape.scalars();
    this.temporaries = tape.staged();
    this.reductions = tape.reductionSlots();
    this.checked = new boolean[reductions];
    this.scalings =
        single
            ? List.of(Scaling.NONE, Scaling.WIDE)
            : List.of(Scaling.NONE, Scaling.DOWN, Scaling.UP);
    for (Tape.Reduce reduce : tape.all(Tape.Reduce.class)) {
      checked[reduce.reduction()] = tape.isRetryable(reduce);
    }
  }

  @Override
  public LaneOrder order() {
    return order;
  }

  @Override
  public int temporaries() {
    return temporaries;
  }

  @Override
  public int warmupRanges() {
    return 0;
  }

  @Override
  public String name() {
    return "the interpreter";
  }

  /**
   * The scratch space of a thread.
   *
   * @param blocks a block for each register, then the lanes of each reduction and scaling
   * @param floats float lanes to fold
   */
  private record Scratch(double[][] blocks, float[] floats) {}

  @Override
  public Object scratch() {
    int blocks = code.length + scalings.size() * reductions;
    return new Scratch(new double[blocks][LaneOrder.LANES], new float[LaneOrder.LANES]);
  }

  @Override
  public void run(KernelArguments arguments, double[] partials, int at, Object scratch) {
    double[][] blocks = ((Scratch) scratch).blocks;
    for (int lanes = code.length; lanes < blocks.length; lanes++) {
      Arrays.fill(blocks[lanes], 0);
    }
    for (int piece = 0; piece < arguments.pieces; piece++) {
      int to = arguments.to[piece];
      for (int start = arguments.from[piece]; start < to; start += LaneOrder.LANES) {
        int count = Math.min(LaneOrder.LANES, to - start);
        for (int register = 0; register < code.length; register++) {
          execute(register, arguments, piece, start, count, blocks);
        }
      }
    }
    for (Tape.Instruction instruction : code) {
      if (instruction instanceof Tape.Reduce reduce) {
        partials[at + reduce.reduction()] = fold(reduce, blocks, ((Scratch) scratch).floats);
      }
    }
  }

  private void execute(
      int register, KernelArguments arguments, int piece, int start, int count, double[][] blocks) {
    double[] out = blocks[register];
    Tape.Instruction instruction = code[register];
    if (instruction instanceof Tape.Load load) {
      int at = index(arguments, piece, load.array(), start);
      load.element().load(array(arguments, piece, load.array()), at, out, count);
    } else if (instruction instanceof Tape.Scalar scalar) {
      int ofLeaf = scalar.scalar() < scalars ? 0 : arguments.scalar[piece];
      double value = arguments.scalars[scalar.scalar() + ofLeaf];
      Arrays.fill(out, 0, count, single ? (float) value : value);
    } else if (instruction instanceof Tape.Unary unary) {
      double[] a = blocks[unary.a()];
      for (int i = 0; i < count; i++) {
        out[i] = unary.op().apply(a[i]);
      }
      round(out, count);
    } else if (instruction instanceof Tape.Binary binary) {
      double[] a = blocks[binary.a()];
      double[] b = blocks[binary.b()];
      for (int i = 0; i < count; i++) {
        out[i] = binary.op().apply(a[i], b[i]);
      }
      round(out, count);
    } else if (instruction instanceof Tape.Select select) {
      double[] mask = blocks[select.mask()];
      double[] a = blocks[select.a()];
      double[] b = blocks[select.b()];
      for (int i = 0; i < count; i++) {
        out[i] = mask[i] != 0 ? a[i] : b[i];
      }
    } else if (instruction instanceof Tape.Round round) {
      double[] a = blocks[round.a()];
      for (int i = 0; i < count; i++) {
        out[i] = round.element().round(a[i]);
      }
    } else if (instruction instanceof Tape.Draw draw) {
      long key = arguments.keys[arguments.key[piece] + draw.key()];
      draw(draw.distribution(), key, arguments.offset[piece] + start, out, count);
    } else if (instruction instanceof Tape.Store store) {
      int at = index(arguments, piece, store.array(), start);
      Object array = array(arguments, piece, store.array());
      store.element().store(blocks[store.a()], array, at, count);
    } else if (instruction instanceof Tape.Reduce reduce) {
      int number = start - arguments.from[piece];
      reduce(reduce, blocks, arguments.position[piece], number, count);
    } else {
      throw new UnsupportedOperationException(instruction + " is not interpreted");
    }
  }

  private Object array(KernelArguments arguments, int piece, int array) {
    return array < arrays
        ? arguments.arrays[arguments.array[piece] + array]
        : arguments.temporaries[array - arrays];
  }

  /** Returns the index of an element in an array; staged arrays are indexed by position. */
  private int index(KernelArguments arguments, int piece, int array, int start) {
    return array < arrays ? start : arguments.position[piece] + start - arguments.from[piece];
  }

  private void draw(Distribution distribution, long key, int start, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] =
          switch (distribution) {
            case NORMAL ->
                single
                    ? Threefry.normalFloat(key, start + i)
                    : Threefry.normalDouble(key, start + i);
            case RADEMACHER -> Threefry.rademacherDouble(key, start + i);
          };
    }
  }

  private void round(double[] out, int count) {
    if (single) {
      for (int i = 0; i < count; i++) {
        out[i] = (float) out[i];
      }
    }
  }

  private void reduce(Tape.Reduce reduce, double[][] blocks, int begin, int number, int count) {
    double[] a = blocks[reduce.a()];
    double[] b = blocks[reduce.b()];
    for (int s = 0; s < scalings.size(); s++) {
      Scaling scaling = scalings.get(s);
      if (scaling != Scaling.NONE && !checked[reduce.reduction()]) {
        continue;
      }
      boolean inFloat = single && scaling == Scaling.NONE;
      double factor = scaling.factor();
      double[] lanes = blocks[lanes(reduce, scaling)];
      for (int i = 0; i < count; i++) {
        double term = reduce.kind().term(a[i] * factor, b[i] * factor);
        int lane = order.lane(width, begin, number + i);
        lanes[lane] =
            inFloat
                ? (float) reduce.kind().combine(lanes[lane], (float) term)
                : reduce.kind().combine(lanes[lane], term);
      }
    }
  }

  /** Returns the block of a reduction's lanes. */
  private int lanes(Tape.Reduce reduce, Scaling scaling) {
    return code.length + scalings.size() * reduce.reduction() + scalings.indexOf(scaling);
  }

  private double fold(Tape.Reduce reduce, double[][] blocks, float[] floats) {
    double[] lanes = blocks[lanes(reduce, Scaling.NONE)];
    double sum =
        single
            ? foldFloats(reduce, lanes, floats)
            : RangeReductions.foldLanes(reduce.kind(), lanes);
    Scaling needed =
        checked[reduce.reduction()]
            ? RangeReductions.needed(reduce.kind(), single ? Element.F32 : Element.F64, sum)
            : Scaling.NONE;
    if (needed == Scaling.NONE) {
      return sum;
    }
    double retried = RangeReductions.foldLanes(reduce.kind(), blocks[lanes(reduce, needed)]);
    return needed == Scaling.WIDE ? retried : WideNorm.ofScaled(retried, needed);
  }

  private static double foldFloats(Tape.Reduce reduce, double[] lanes, float[] floats) {
    for (int i = 0; i < LaneOrder.LANES; i++) {
      floats[i] = (float) lanes[i];
    }
    return RangeReductions.foldLanes(reduce.kind(), floats);
  }
}
