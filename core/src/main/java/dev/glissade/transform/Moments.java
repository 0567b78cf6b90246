package dev.glissade.transform;

import dev.glissade.DType;
import dev.glissade.Scalar;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import org.jspecify.annotations.Nullable;

/**
 * Means with the weights decay and 1 - decay, which the moment-based transformations share, and
 * their storage in a type of their own.
 *
 * <p>They are computed as x + s (y - x), where s is the smaller of the two weights and y is what it
 * multiplies. So the weights add up to 1 in float, too, and a mean of equal numbers is that number.
 * And nothing is lost: since s is at most 1/2, s |x| is at most (1 - s) |x|, so with u the unit of
 * rounding the error is at most 3 u ((1 - s) |x| + s |y|), as for the plain sum of the two terms.
 * (If s were always 1 - decay, a small y in place of a large x would cancel: decay 0 gave 0 for y =
 * 1e-3, x = 1e10.)
 */
public final class Moments {
  private Moments() {}

  /**
   * Returns decay m + (1 - decay) g, for numbers whose difference is finite.
   *
   * @param m the mean before
   * @param decay its weight, in [0, 1)
   * @param g what the mean takes in
   * @return the mean; 16-bit leaves become float32
   */
  public static Tree update(Tree m, double decay, Tree g) {
    if (decay == 0) {
      return g.as(g.structure().computed());
    }
    return decay < 0.5 ? g.plus(m.minus(g).times(decay)) : m.plus(g.minus(m).times(1 - decay));
  }

  /**
   * Returns decay m + (1 - decay) g for any finite numbers: s y - s x cannot overflow, where y - x
   * can.
   *
   * @param m the mean before
   * @param decay its weight, in [0, 1)
   * @param g what the mean takes in
   * @return the mean; 16-bit leaves become float32
   */
  public static Tree mean(Tree m, double decay, Tree g) {
    if (decay == 0) {
      return g.as(g.structure().computed());
    }
    return decay < 0.5
        ? g.plus(m.times(decay).minus(g.times(decay)))
        : m.plus(g.times(1 - decay).minus(m.times(1 - decay)));
  }

  /**
   * Returns decay m + (1 - decay) g, added up term by term as in Optax: as exact as {@link
   * #update}, with other bits.
   *
   * @param m the mean before
   * @param decay its weight, in [0, 1)
   * @param g what the mean takes in
   * @return the mean; 16-bit leaves become float32
   */
  public static Tree termwise(Tree m, double decay, Tree g) {
    return decay == 0 ? g.as(g.structure().computed()) : m.times(decay).plus(g.times(1 - decay));
  }

  /**
   * Returns m / (1 - decay^t), computed as a product: one division serves all elements.
   *
   * @param m a mean that started at 0
   * @param decay its decay, in [0, 1)
   * @param t the number of steps that it has taken in, at least 1
   * @return the mean without the bias towards 0
   */
  public static Tree debiased(Tree m, double decay, Scalar t) {
    return m.times(Scalar.of(1).dividedBy(t.powerOf(decay).negate().plus(1)));
  }

  /**
   * Requires a type in which a moment can be stored, or null.
   *
   * @param name the argument's name, for the message
   * @param dtype the type
   * @throws IllegalArgumentException if the type is complex
   */
  public static void checkStorage(String name, @Nullable DType dtype) {
    if (dtype != null) {
      Check.that(!dtype.isComplex(), name + " must be a real type", dtype);
    }
  }

  /**
   * Returns a stored moment in the type in which it is computed.
   *
   * @param stored the moment as {@link #stored} has rounded it
   * @param g the gradients
   * @return the moment in the gradients' computed type
   */
  public static Tree computed(Tree stored, Tree g) {
    return stored.as(g.structure().computed());
  }

  /**
   * Returns a moment rounded to the type in which it is stored.
   *
   * @param moment the moment in its computed type
   * @param dtype the type in which it is stored; null for the computed type
   * @return the moment to keep in the state
   */
  public static Tree stored(Tree moment, @Nullable DType dtype) {
    return dtype == null ? moment : moment.as(dtype);
  }
}
