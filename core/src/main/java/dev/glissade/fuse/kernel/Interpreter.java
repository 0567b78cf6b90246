package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.LoopSupport;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.graph.WideNorm;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.random.Threefry;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a tape instruction by instruction over blocks. It computes in double and rounds to float
 * after each operation of a float tape, which gives the bits of float arithmetic for + - * / sqrt.
 *
 * <p>Order of a reduction, which every kernel keeps: 512 lanes add up a range's elements in the
 * tape's type, each those that the {@link LaneOrder} of the kernel gives it; the lanes are added up
 * as {@link LoopSupport#fold} does. A range whose sum of squares or products leaves the range where
 * the type is accurate is added up in double instead, or of scaled numbers ({@link
 * RangeReductions#needed}), if the tape leaves what it is made of ({@link Tape#isRepeatable}).
 */
public final class Interpreter implements Kernel {
  private final Tape.Instruction[] code;
  private final LaneOrder order;
  private final boolean single;
  private final int width;
  private final int reductions;
  private final boolean[] checked;

  /** What lanes there are for each reduction. */
  private final List<Scaling> scalings;

  public Interpreter(Tape tape, LaneOrder order) {
    this.order = order;
    this.width = LaneOrder.width(tape.compute());
    this.code = tape.code().toArray(Tape.Instruction[]::new);
    this.single = tape.compute() == Element.F32;
    this.reductions = tape.reductionRoom();
    this.checked = new boolean[reductions];
    this.scalings =
        single
            ? List.of(Scaling.NONE, Scaling.WIDE)
            : List.of(Scaling.NONE, Scaling.DOWN, Scaling.UP);
    for (Tape.Instruction instruction : code) {
      if (instruction instanceof Tape.Reduce reduce) {
        checked[reduce.reduction()] = tape.mayBeRetried(reduce);
      }
    }
  }

  @Override
  public LaneOrder order() {
    return order;
  }

  @Override
  public int settling() {
    return 0;
  }

  @Override
  public String name() {
    return "the interpreter";
  }

  /**
   * Room to work in.
   *
   * @param workspace a block for each register, then of each reduction one for each scaling's lanes
   * @param floats lanes to fold
   */
  private record Room(double[][] workspace, float[] floats) {}

  @Override
  public Object scratch() {
    int blocks = code.length + scalings.size() * reductions;
    return new Room(new double[blocks][LaneOrder.LANES], new float[LaneOrder.LANES]);
  }

  @Override
  public void run(KernelArguments work, double[] partials, int at, Object scratch) {
    Room room = (Room) scratch;
    double[][] workspace = room.workspace;
    for (int lanes = code.length; lanes < workspace.length; lanes++) {
      Arrays.fill(workspace[lanes], 0);
    }
    for (int piece = 0; piece < work.pieces; piece++) {
      for (int start = work.from[piece]; start < work.to[piece]; start += LaneOrder.LANES) {
        int count = Math.min(LaneOrder.LANES, work.to[piece] - start);
        for (int register = 0; register < code.length; register++) {
          step(register, work, piece, start, count, workspace);
        }
      }
    }
    for (Tape.Instruction instruction : code) {
      if (instruction instanceof Tape.Reduce reduce) {
        partials[at + reduce.reduction()] = fold(reduce, workspace, room.floats);
      }
    }
  }

  private void step(
      int register, KernelArguments work, int piece, int start, int count, double[][] workspace) {
    double[] out = workspace[register];
    Tape.Instruction instruction = code[register];
    if (instruction instanceof Tape.Load load) {
      load.element().load(work.arrays[work.array[piece] + load.array()], start, out, count);
    } else if (instruction instanceof Tape.Scalar scalar) {
      double value = work.scalars[scalar.scalar()];
      Arrays.fill(out, 0, count, single ? (float) value : value);
    } else if (instruction instanceof Tape.Unary unary) {
      double[] a = workspace[unary.a()];
      for (int i = 0; i < count; i++) {
        out[i] = unary.op().apply(a[i]);
      }
      round(out, count);
    } else if (instruction instanceof Tape.Binary binary) {
      double[] a = workspace[binary.a()];
      double[] b = workspace[binary.b()];
      for (int i = 0; i < count; i++) {
        out[i] = binary.op().apply(a[i], b[i]);
      }
      round(out, count);
    } else if (instruction instanceof Tape.Round round) {
      double[] a = workspace[round.a()];
      for (int i = 0; i < count; i++) {
        out[i] = round.element().round(a[i]);
      }
    } else if (instruction instanceof Tape.Normal normal) {
      long key = work.keys[work.key[piece] + normal.key()];
      normal(key, work.offset[piece] + start, out, count);
    } else if (instruction instanceof Tape.Store store) {
      Object array = work.arrays[work.array[piece] + store.array()];
      store.element().store(workspace[store.a()], array, start, count);
    } else if (instruction instanceof Tape.Reduce reduce) {
      int number = start - work.from[piece];
      reduce(reduce, workspace, work.position[piece], number, count);
    }
  }

  private void normal(long key, int start, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] =
          single ? Threefry.normalFloat(key, start + i) : Threefry.normalDouble(key, start + i);
    }
  }

  private void round(double[] out, int count) {
    if (single) {
      for (int i = 0; i < count; i++) {
        out[i] = (float) out[i];
      }
    }
  }

  private void reduce(Tape.Reduce reduce, double[][] workspace, int begin, int number, int count) {
    double[] a = workspace[reduce.a()];
    double[] b = workspace[reduce.b()];
    for (int s = 0; s < scalings.size(); s++) {
      Scaling scaling = scalings.get(s);
      if (scaling != Scaling.NONE && !checked[reduce.reduction()]) {
        continue;
      }
      boolean inFloat = single && scaling == Scaling.NONE;
      double factor = scaling.factor();
      double[] lanes = workspace[lanes(reduce, scaling)];
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

  /** The block of a reduction's lanes. */
  private int lanes(Tape.Reduce reduce, Scaling scaling) {
    return code.length + scalings.size() * reduce.reduction() + scalings.indexOf(scaling);
  }

  private double fold(Tape.Reduce reduce, double[][] workspace, float[] floats) {
    double[] lanes = workspace[lanes(reduce, Scaling.NONE)];
    double sum = single ? folded(reduce, lanes, floats) : LoopSupport.fold(reduce.kind(), lanes);
    Scaling needed =
        checked[reduce.reduction()]
            ? RangeReductions.needed(reduce.kind(), single ? Element.F32 : Element.F64, sum)
            : Scaling.NONE;
    if (needed == Scaling.NONE) {
      return sum;
    }
    double again = LoopSupport.fold(reduce.kind(), workspace[lanes(reduce, needed)]);
    return needed == Scaling.WIDE ? again : WideNorm.ofScaled(again, needed);
  }

  private static double folded(Tape.Reduce reduce, double[] lanes, float[] floats) {
    for (int i = 0; i < LaneOrder.LANES; i++) {
      floats[i] = (float) lanes[i];
    }
    return LoopSupport.fold(reduce.kind(), floats);
  }
}
