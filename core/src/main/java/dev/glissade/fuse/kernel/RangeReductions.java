package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.LoopSupport;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.graph.WideNorm;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import java.util.Arrays;
import java.util.List;

/**
 * The reductions of a section: its lanes are added up here, in double, in the order that {@link
 * Interpreter} states.
 */
public final class RangeReductions {
  private static final float SMALLEST_TRUSTED = 1e-30f;

  private final int inputs;
  private final Element compute;
  private final List<Tape.Reduce> all;
  private final List<Tape.Load> loads;
  private final boolean[] checked;

  /**
   * @param whole the tape that the section is of
   */
  RangeReductions(Section section, Tape whole) {
    this.inputs = section.arrays().length;
    this.compute = whole.compute();
    this.all = of(section.tape(), Tape.Reduce.class);
    this.loads = all.isEmpty() ? List.of() : of(section.tape(), Tape.Load.class);
    this.checked = new boolean[all.size()];
    for (Tape.Reduce reduce : of(whole, Tape.Reduce.class)) {
      for (int r = 0; r < checked.length; r++) {
        if (all.get(r).reduction() == reduce.reduction()) {
          checked[r] = whole.mayBeRetried(reduce);
        }
      }
    }
  }

  private static <T> List<T> of(Tape tape, Class<T> kind) {
    return tape.code().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /**
   * Room for the section's loop: a block for each array that it reads, for loops that need copies,
   * and behind them the lanes of its reductions.
   */
  Object[] room(Element lane) {
    Object[] local = new Object[inputs + all.size()];
    for (Tape.Load load : loads) {
      local[load.array()] = load.element().allocate(LaneOrder.LANES);
    }
    for (int at = inputs; at < local.length; at++) {
      local[at] = lane.allocate(LaneOrder.LANES);
    }
    return local;
  }

  void clear(Object[] local) {
    for (int at = inputs; at < local.length; at++) {
      if (local[at] instanceof float[] floats) {
        Arrays.fill(floats, 0);
      } else if (local[at] instanceof double[] doubles) {
        Arrays.fill(doubles, 0);
      }
    }
  }

  /** Gives each reduction's result; whether all stand. */
  boolean give(Object[] local, double[] partials, int at) {
    for (int r = 0; r < all.size(); r++) {
      partials[at + all.get(r).reduction()] = fold(r, local);
    }
    return stand(partials, at);
  }

  /** Whether a result may need to be added up as the scaling says. */
  boolean mayNeed(Scaling scaling) {
    boolean may = false;
    for (int r = 0; r < checked.length; r++) {
      boolean norm = compute == Element.F64 && all.get(r).kind() == Reduction.NORM;
      may |= checked[r] && (compute == Element.F32 ? scaling == Scaling.WIDE : norm);
    }
    return may && (scaling == Scaling.WIDE) == (compute == Element.F32);
  }

  /** Whether a result needs to be added up as the scaling says. */
  boolean need(Scaling scaling, double[] partials, int at) {
    boolean need = false;
    for (int r = 0; r < all.size(); r++) {
      need |= needed(r, partials[at + all.get(r).reduction()]) == scaling;
    }
    return need;
  }

  /** Replaces those results that needed to be added up as the scaling says. */
  void replace(Scaling scaling, Object[] local, double[] partials, int at) {
    for (int r = 0; r < all.size(); r++) {
      int number = at + all.get(r).reduction();
      if (needed(r, partials[number]) == scaling) {
        double sum = fold(r, local);
        partials[number] = scaling == Scaling.WIDE ? sum : WideNorm.ofScaled(sum, scaling);
      }
    }
  }

  /** Whether all results stand. */
  boolean stand(double[] partials, int at) {
    boolean stand = true;
    for (int r = 0; r < all.size(); r++) {
      stand &= stands(r, partials[at + all.get(r).reduction()]);
    }
    return stand;
  }

  /** Whether all results that do not stand are 0. */
  boolean areZero(double[] partials, int at) {
    for (int r = 0; r < all.size(); r++) {
      double sum = partials[at + all.get(r).reduction()];
      if (sum != 0 && !stands(r, sum)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether all results that do not stand are of products with one operand 0 throughout.
   *
   * @param largest of reduction r, at 2r and 2r + 1, the largest |a| and |b|
   */
  boolean standAtZero(double[] partials, int at, double[] largest) {
    for (int r = 0; r < all.size(); r++) {
      int number = all.get(r).reduction();
      if (!stands(r, partials[at + number])
          && largest[2 * number] != 0
          && largest[2 * number + 1] != 0) {
        return false;
      }
    }
    return true;
  }

  private double fold(int r, Object[] local) {
    Reduction kind = all.get(r).kind();
    return local[inputs + r] instanceof float[] floats
        ? LoopSupport.fold(kind, floats)
        : LoopSupport.fold(kind, (double[]) local[inputs + r]);
  }

  private boolean stands(int r, double sum) {
    return needed(r, sum) == Scaling.NONE;
  }

  private Scaling needed(int r, double sum) {
    return checked[r] ? needed(all.get(r).kind(), compute, sum) : Scaling.NONE;
  }

  /** How a range's sum has to be added up again, where products overflowed or vanished. */
  static Scaling needed(Reduction kind, Element compute, double sum) {
    if (compute == Element.F64) {
      return kind == Reduction.NORM ? WideNorm.needed(sum) : Scaling.NONE;
    }
    double size = Math.abs(sum);
    boolean trusted = size > SMALLEST_TRUSTED && size <= Float.MAX_VALUE;
    return trusted || (sum == 0 && !kind.multiplies()) ? Scaling.NONE : Scaling.WIDE;
  }
}
