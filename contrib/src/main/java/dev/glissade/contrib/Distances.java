package dev.glissade.contrib;

import dev.glissade.Scalar;
import dev.glissade.Tree;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Arithmetic that DoG and DoWG share. */
final class Distances {
  private Distances() {}

  /** Returns g + weightDecay x on the leaves of the mask; g without a decay. */
  static Tree decayed(
      Tree g, Tree x, @Nullable Double weightDecay, @Nullable Predicate<String> mask) {
    if (weightDecay == null || weightDecay == 0) {
      return g;
    }
    Tree decayed = g.plus(x.times(weightDecay));
    return mask == null ? decayed : decayed.where(mask, g);
  }

  /** Returns the larger of the two; what it was if the new number is not finite. */
  static Scalar larger(Scalar before, Scalar now) {
    return now.isFinite().choose(before.max(now), before);
  }

  /** Returns the sum; what it was if that is not finite, as after a NaN gradient. */
  static Scalar sum(Scalar before, Scalar more) {
    Scalar sum = before.plus(more);
    return sum.isFinite().choose(sum, before);
  }
}
