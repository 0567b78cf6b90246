package dev.glissade.transform;

import dev.glissade.Scalar;
import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Gives all updates together a norm of about scaleFactor:
 *
 * <pre>{@code
 * u = scaleFactor g / (||g|| + eps)
 * }</pre>
 *
 * <p>where ||g|| is the norm of the whole tree. Keeps no state. Differs from Optax in that the norm
 * does not overflow in float32, and that a gradient of 0 gives 0 in 16 bits and with an eps of 0,
 * too, where Optax gives NaN.
 *
 * @param scaleFactor the norm of the updates, finite
 * @param eps keeps the divisor from 0, not negative
 */
@Withers
public record NormalizeByUpdateNorm(double scaleFactor, double eps)
    implements Stateless, NormalizeByUpdateNormWithers {
  /**
   * Checks the arguments.
   *
   * @param scaleFactor finite
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public NormalizeByUpdateNorm {
    Check.finite("scaleFactor", scaleFactor);
    Check.notNegative("eps", eps);
  }

  /**
   * Returns the transformation with scaleFactor = 1 and eps = 1e-6.
   *
   * @return the transformation
   */
  public static NormalizeByUpdateNorm defaults() {
    return new NormalizeByUpdateNorm(1, 1e-6);
  }

  @Override
  public Tree step(Tree g, Tree params) {
    Scalar norm = g.norm();
    Scalar divisor = norm.equalTo(0).choose(Scalar.of(1), norm.plus(eps));
    return g.dividedBy(divisor).times(scaleFactor);
  }
}
