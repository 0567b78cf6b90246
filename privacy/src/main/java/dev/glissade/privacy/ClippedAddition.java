package dev.glissade.privacy;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Structure;
import dev.glissade.Tree;
import java.util.function.Predicate;

/**
 * Adds a clipped gradient to a sum, which takes the place of the parameters. It rounds the gradient
 * to whole grid steps first, so that the sum is exact.
 *
 * <p>(x + M) - M rounds x to steps of s, a power of two, with M = 1.5 2^52 s in float64 and 1.5
 * 2^23 s in float32, because numbers of that size are s apart. M = 0 rounds nothing.
 */
record ClippedAddition(Clipping clipping) implements GradientTransformation<ClippedAddition.Tally> {

  /**
   * One batch's clip and grid, and its counts.
   *
   * @param l2NormClip the clip C
   * @param step the grid's step; 0 for no rounding
   * @param below how many norms were at most the clip
   * @param norm the norm of the last gradient
   */
  record Tally(Scalar l2NormClip, Scalar step, Scalar below, Scalar norm) {}

  @Override
  public Tally initialState(Tree sum) {
    Scalar none = Scalar.of(0);
    return new Tally(none, none, none, none);
  }

  @Override
  public Step<Tally> step(Tree gradient, Tally tally, Tree sum, Extras extras) {
    Scalar norm = gradient.norm();
    Tree clipped = clipping.clipped(gradient, norm, tally.l2NormClip());
    Scalar isBelow = norm.lessThan(tally.l2NormClip()).or(norm.equalTo(tally.l2NormClip()));
    return Step.of(
        rounded(clipped, tally.step()),
        new Tally(tally.l2NormClip(), tally.step(), tally.below().plus(isBelow), norm));
  }

  /** Rounds each element to the nearest whole number of steps. */
  static Tree rounded(Tree tree, Scalar step) {
    Structure form = tree.structure();
    Predicate<String> isDouble = path -> form.leaf(path).dtype() == DType.FLOAT64;
    Tree doubles = shifted(tree.select(isDouble), step.times(0x1.8p52));
    return doubles.merge(shifted(tree.select(isDouble.negate()), step.times(0x1.8p23)));
  }

  private static Tree shifted(Tree tree, Scalar by) {
    return tree.plus(by).plus(by.negate());
  }
}
