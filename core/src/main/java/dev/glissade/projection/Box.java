package dev.glissade.projection;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Projects each element to an interval: {@code min(max(x, lower), upper)}.
 *
 * @param lower the least value of an element; -infinity for no bound
 * @param upper the largest value of an element, not less than lower; infinity for no bound
 */
@Withers
public record Box(double lower, double upper) implements Projection, BoxWithers {
  /**
   * Checks the bounds.
   *
   * @param lower less than or equal to upper
   * @param upper may be infinite
   * @throws IllegalArgumentException if lower is greater than upper, or a bound is NaN
   */
  public Box {
    Check.that(lower <= upper, "lower must be at most upper, %s".formatted(upper), lower);
  }

  @Override
  public Tree of(Tree x) {
    return x.max(lower).min(upper);
  }
}
