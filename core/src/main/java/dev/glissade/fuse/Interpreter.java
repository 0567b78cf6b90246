package dev.glissade.fuse;

import dev.glissade.random.Threefry;
import java.util.Arrays;

/**
 * Runs a tape instruction by instruction over blocks. It computes in double and rounds to float
 * after each operation of a float tape, which gives the bits of float arithmetic for + - * / sqrt.
 *
 * <p>Order of a reduction, which every kernel keeps: 512 lanes add up a range's elements in the
 * tape's type, each those that the {@link LaneOrder} of the kernel gives it; the lanes are added up
 * as {@link Lanes#fold} does. A float range whose sum of squares or products leaves the range where
 * float is accurate is added up in double instead, if the tape leaves what it is made of ({@link
 * Tape#isRepeatable}).
 */
final class Interpreter implements Kernel {
  private final Tape.Instruction[] code;
  private final LaneOrder order;
  private final boolean single;
  private final int width;
  private final int reductions;
  private final boolean[] repeatable;

  Interpreter(Tape tape, LaneOrder order) {
    this.order = order;
    this.width = LaneOrder.width(tape.compute());
    this.code = tape.code().toArray(Tape.Instruction[]::new);
    this.single = tape.compute() == Element.F32;
    this.reductions = tape.reductionRoom();
    this.repeatable = new boolean[reductions];
    for (Tape.Instruction instruction : code) {
      if (instruction instanceof Tape.Reduce reduce) {
        repeatable[reduce.reduction()] = tape.isRepeatable(reduce);
      }
    }
  }

  @Override
  public String name() {
    return "the interpreter";
  }

  /**
   * Room to work in.
   *
   * @param workspace a block for each register, then two for the lanes of each reduction
   * @param floats lanes to fold
   */
  private record Room(double[][] workspace, float[] floats) {}

  @Override
  public Object scratch() {
    return new Room(new double[code.length + 2 * reductions][Loop.BLOCK], new float[Loop.BLOCK]);
  }

  @Override
  public void run(Work work, double[] partials, int at, Object scratch) {
    Room room = (Room) scratch;
    double[][] workspace = room.workspace;
    for (int r = 0; r < 2 * reductions; r++) {
      Arrays.fill(workspace[code.length + r], 0);
    }
    for (int piece = 0; piece < work.pieces; piece++) {
      for (int start = work.from[piece]; start < work.to[piece]; start += Loop.BLOCK) {
        int count = Math.min(Loop.BLOCK, work.to[piece] - start);
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
      int register, Work work, int piece, int start, int count, double[][] workspace) {
    double[] out = workspace[register];
    Tape.Instruction instruction = code[register];
    if (instruction instanceof Tape.Load load) {
      load.element().load(work.arrays[work.array[piece] + load.array()], start, out, count);
    } else if (instruction instanceof Tape.Scalar scalar) {
      double value = work.scalars[scalar.scalar()];
      Arrays.fill(out, 0, count, single ? (float) value : value);
    } else if (instruction instanceof Tape.Unary unary) {
      unary(unary.op(), workspace[unary.a()], out, count);
    } else if (instruction instanceof Tape.Binary binary) {
      binary(binary.op(), workspace[binary.a()], workspace[binary.b()], out, count);
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

  private void unary(Op op, double[] a, double[] out, int count) {
    switch (op) {
      case NEG -> {
        for (int i = 0; i < count; i++) {
          out[i] = -a[i];
        }
      }
      case ABS -> {
        for (int i = 0; i < count; i++) {
          out[i] = Math.abs(a[i]);
        }
      }
      case SQRT -> {
        for (int i = 0; i < count; i++) {
          out[i] = Math.sqrt(a[i]);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          out[i] = op.apply(a[i]);
        }
      }
    }
    round(out, count);
  }

  private void binary(Op op, double[] a, double[] b, double[] out, int count) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < count; i++) {
          out[i] = a[i] + b[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < count; i++) {
          out[i] = a[i] - b[i];
        }
      }
      case MUL -> {
        for (int i = 0; i < count; i++) {
          out[i] = a[i] * b[i];
        }
      }
      case DIV -> {
        for (int i = 0; i < count; i++) {
          out[i] = a[i] / b[i];
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          out[i] = op.apply(a[i], b[i]);
        }
      }
    }
    round(out, count);
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
    double[] lanes = workspace[code.length + 2 * reduce.reduction()];
    double[] wide = workspace[code.length + 2 * reduce.reduction() + 1];
    for (int i = 0; i < count; i++) {
      double term = term(reduce.kind(), a[i], b[i]);
      int lane = order.lane(width, begin, number + i);
      wide[lane] = reduce.kind().combine(wide[lane], term);
      lanes[lane] =
          single
              ? (float) reduce.kind().combine(lanes[lane], (float) term)
              : reduce.kind().combine(lanes[lane], term);
    }
  }

  private static double term(Reduction kind, double a, double b) {
    return switch (kind) {
      case DOT -> a * b;
      case SUM -> a;
      case SUM_ABS, MAX_ABS -> Math.abs(a);
      case NON_FINITE -> Double.isFinite(a) ? 0 : 1;
    };
  }

  private double fold(Tape.Reduce reduce, double[][] workspace, float[] floats) {
    double[] lanes = workspace[code.length + 2 * reduce.reduction()];
    if (!single) {
      return Lanes.fold(reduce.kind(), lanes);
    }
    for (int i = 0; i < Loop.BLOCK; i++) {
      floats[i] = (float) lanes[i];
    }
    double narrow = Lanes.fold(reduce.kind(), floats);
    if (!repeatable[reduce.reduction()] || Sums.isTrusted(reduce.kind(), narrow)) {
      return narrow;
    }
    return Lanes.fold(reduce.kind(), workspace[code.length + 2 * reduce.reduction() + 1]);
  }
}
