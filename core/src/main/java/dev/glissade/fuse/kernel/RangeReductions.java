package dev.glissade.fuse.kernel;

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
 * The reductions of a section over one range: folds their lanes, in double and in the order that
 * {@link Interpreter} specifies, and checks the sums.
 */
final class RangeReductions {
  private static final float MIN_ACCURATE = 1e-30f;

  private final int inputs;
  private final Element compute;
  private final List<Tape.Reduce> all;
  private final List<Tape.Load> loads;
  private final boolean[] checked;

  /**
   * @param whole the tape that the section comes from
   */
  RangeReductions(Section section, Tape whole) {
    this.inputs = section.arrays().length;
    this.compute = whole.compute();
    this.all = section.tape().all(Tape.Reduce.class);
    this.loads = all.isEmpty() ? List.of() : section.tape().all(Tape.Load.class);
    this.checked = new boolean[all.size()];
    for (Tape.Reduce reduce : whole.all(Tape.Reduce.class)) {
      for (int r = 0; r < checked.length; r++) {
        if (all.get(r).reduction() == reduce.reduction()) {
          checked[r] = whole.isRetryable(reduce);
        }
      }
    }
  }

  /**
   * Allocates the workspace of the section's loop: a block for each array that it loads, for loops
   * that need copies, then the lanes of the reductions.
   */
  Object[] workspace(Element lane) {
    Object[] workspace = new Object[inputs + all.size()];
    for (Tape.Load load : loads) {
      workspace[load.array()] = load.element().allocate(LaneOrder.LANES);
    }
    for (int at = inputs; at < workspace.length; at++) {
      workspace[at] = lane.allocate(LaneOrder.LANES);
    }
    return workspace;
  }

  /** Clears the lanes to zero. */
  void clear(Object[] workspace) {
    for (int at = inputs; at < workspace.length; at++) {
      if (workspace[at] instanceof float[] floats) {
        Arrays.fill(floats, 0);
      } else if (workspace[at] instanceof double[] doubles) {
        Arrays.fill(doubles, 0);
      }
    }
  }

  /** Folds the lanes of each reduction into its result; returns whether all are accurate. */
  boolean fold(Object[] workspace, double[] partials, int at) {
    for (int r = 0; r < all.size(); r++) {
      partials[at + all.get(r).reduction()] = fold(r, workspace);
    }
    return areAccurate(partials, at);
  }

  /** Returns whether a result may need a retry with the scaling. */
  boolean mayNeed(Scaling scaling) {
    boolean single = compute == Element.F32;
    boolean may = false;
    for (int r = 0; r < checked.length; r++) {
      may |= checked[r] && (single || all.get(r).kind() == Reduction.NORM);
    }
    return may && (scaling == Scaling.WIDE) == single;
  }

  /** Returns whether a result needs a retry with the scaling. */
  boolean need(Scaling scaling, double[] partials, int at) {
    boolean need = false;
    for (int r = 0; r < all.size(); r++) {
      need |= needed(r, partials[at + all.get(r).reduction()]) == scaling;
    }
    return need;
  }

  /** Replaces the results that need a retry with the scaling. */
  void replace(Scaling scaling, Object[] workspace, double[] partials, int at) {
    for (int r = 0; r < all.size(); r++) {
      int number = at + all.get(r).reduction();
      if (needed(r, partials[number]) == scaling) {
        double sum = fold(r, workspace);
        partials[number] = scaling == Scaling.WIDE ? sum : WideNorm.ofScaled(sum, scaling);
      }
    }
  }

  /** Returns whether all results are accurate. */
  boolean areAccurate(double[] partials, int at) {
    boolean accurate = true;
    for (int r = 0; r < all.size(); r++) {
      accurate &= isAccurate(r, partials[at + all.get(r).reduction()]);
    }
    return accurate;
  }

  /** Returns whether all inaccurate results are 0. */
  boolean allInaccurateAreZero(double[] partials, int at) {
    for (int r = 0; r < all.size(); r++) {
      double sum = partials[at + all.get(r).reduction()];
      if (sum != 0 && !isAccurate(r, sum)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether each inaccurate result sums products with an operand that is 0 throughout.
   *
   * @param largest the largest |a| and |b| of reduction r, at 2r and 2r + 1
   */
  boolean haveZeroOperands(double[] partials, int at, double[] largest) {
    for (int r = 0; r < all.size(); r++) {
      int number = all.get(r).reduction();
      if (!isAccurate(r, partials[at + number])
          && largest[2 * number] != 0
          && largest[2 * number + 1] != 0) {
        return false;
      }
    }
    return true;
  }

  private double fold(int r, Object[] workspace) {
    Reduction kind = all.get(r).kind();
    return workspace[inputs + r] instanceof float[] floats
        ? foldLanes(kind, floats)
        : foldLanes(kind, (double[]) workspace[inputs + r]);
  }

  private boolean isAccurate(int r, double sum) {
    return needed(r, sum) == Scaling.NONE;
  }

  private Scaling needed(int r, double sum) {
    return checked[r] ? needed(all.get(r).kind(), compute, sum) : Scaling.NONE;
  }

  /**
   * Returns the scaling of the retry that a sum needs because products overflowed or underflowed.
   */
  static Scaling needed(Reduction kind, Element compute, double sum) {
    if (compute == Element.F64) {
      return kind == Reduction.NORM ? WideNorm.needed(sum) : Scaling.NONE;
    }
    double size = Math.abs(sum);
    boolean accurate = size > MIN_ACCURATE && size <= Float.MAX_VALUE;
    return accurate || (sum == 0 && !kind.multiplies()) ? Scaling.NONE : Scaling.WIDE;
  }

  /**
   * Folds the lanes into one number and overwrites them: adds the upper half to the lower half, in
   * the type of the lanes, until 64 are left, and adds those up in double, in four interleaved
   * sums. (A single sum in double takes as long as a tenth of the range.)
   */
  static double foldLanes(Reduction kind, float[] lanes) {
    if (kind == Reduction.MAX_ABS) {
      return largest(lanes);
    }
    for (int i = 0; i < 256; i++) {
      lanes[i] += lanes[i + 256];
    }
    for (int i = 0; i < 128; i++) {
      lanes[i] += lanes[i + 128];
    }
    for (int i = 0; i < 64; i++) {
      lanes[i] += lanes[i + 64];
    }
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < 64; i += 4) {
      s0 += lanes[i];
      s1 += lanes[i + 1];
      s2 += lanes[i + 2];
      s3 += lanes[i + 3];
    }
    return s0 + s1 + s2 + s3;
  }

  private static double largest(float[] lanes) {
    double largest = 0;
    for (float lane : lanes) {
      largest = Math.max(largest, lane);
    }
    return largest;
  }

  /** Folds lanes of double in the same order. */
  static double foldLanes(Reduction kind, double[] lanes) {
    if (kind == Reduction.MAX_ABS) {
      return largest(lanes);
    }
    for (int i = 0; i < 256; i++) {
      lanes[i] += lanes[i + 256];
    }
    for (int i = 0; i < 128; i++) {
      lanes[i] += lanes[i + 128];
    }
    for (int i = 0; i < 64; i++) {
      lanes[i] += lanes[i + 64];
    }
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < 64; i += 4) {
      s0 += lanes[i];
      s1 += lanes[i + 1];
      s2 += lanes[i + 2];
      s3 += lanes[i + 3];
    }
    return s0 + s1 + s2 + s3;
  }

  private static double largest(double[] lanes) {
    double largest = 0;
    for (double lane : lanes) {
      largest = Math.max(largest, lane);
    }
    return largest;
  }
}
