package dev.glissade.fuse;

import java.util.Arrays;
import java.util.List;

/**
 * The reductions of a section: its lanes are added up here, in double, in the order that {@link
 * Interpreter} states.
 */
final class Sums {
  private static final float SMALLEST_TRUSTED = 1e-30f;

  private final int inputs;
  private final int room;
  private final boolean single;
  private final List<Tape.Reduce> all;
  private final boolean[] repeatable;

  /**
   * @param whole the tape that the section is of
   */
  Sums(Section section, Tape whole) {
    this.inputs = section.arrays().length;
    this.room = section.tape().reductionRoom();
    this.single = whole.compute() == Element.F32;
    this.all = reductions(section.tape());
    this.repeatable = new boolean[room];
    for (Tape.Reduce reduce : reductions(whole)) {
      if (reduce.reduction() < room) {
        repeatable[reduce.reduction()] = whole.isRepeatable(reduce);
      }
    }
  }

  private static List<Tape.Reduce> reductions(Tape tape) {
    return tape.code().stream()
        .filter(Tape.Reduce.class::isInstance)
        .map(Tape.Reduce.class::cast)
        .toList();
  }

  /** Room behind the section's inputs for the lanes of its reductions. */
  Object[] lanes(Element lane) {
    Object[] local = new Object[inputs + room];
    for (Tape.Reduce reduce : all) {
      local[inputs + reduce.reduction()] = lane.allocate(Loop.BLOCK);
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
    boolean stand = true;
    for (int r = 0; r < all.size(); r++) {
      Tape.Reduce reduce = all.get(r);
      double sum = fold(reduce, local);
      partials[at + reduce.reduction()] = sum;
      stand &= stands(reduce, sum);
    }
    return stand;
  }

  /** Replaces those results that do not stand. */
  void replace(Object[] local, double[] partials, int at) {
    for (int r = 0; r < all.size(); r++) {
      Tape.Reduce reduce = all.get(r);
      if (!stands(reduce, partials[at + reduce.reduction()])) {
        partials[at + reduce.reduction()] = fold(reduce, local);
      }
    }
  }

  private double fold(Tape.Reduce reduce, Object[] local) {
    return local[inputs + reduce.reduction()] instanceof float[] floats
        ? Lanes.fold(reduce.kind(), floats)
        : Lanes.fold(reduce.kind(), (double[]) local[inputs + reduce.reduction()]);
  }

  private boolean stands(Tape.Reduce reduce, double sum) {
    return !single || !repeatable[reduce.reduction()] || isTrusted(reduce.kind(), sum);
  }

  /** Whether a range's sum in float is good: products neither overflow nor vanish. */
  static boolean isTrusted(Reduction kind, double sum) {
    double size = Math.abs(sum);
    return (size > SMALLEST_TRUSTED && size <= Float.MAX_VALUE)
        || (sum == 0 && kind != Reduction.DOT);
  }
}
