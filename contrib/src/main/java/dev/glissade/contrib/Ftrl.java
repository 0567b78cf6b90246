package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * FTRL-Proximal: follow the regularized leader, which makes sparse linear models by an L1 penalty
 * (McMahan and Streeter, "Adaptive Bound Optimization for Online Convex Optimization", 2010, arXiv
 * 1002.4908; McMahan et al., "Ad Click Prediction: a View from the Trenches", KDD 2013, Algorithm
 * 1). For each parameter x:
 *
 * <pre>{@code
 * sigma = (sqrt(n + g^2) - sqrt(n)) / learningRate
 * z <- z + g - sigma x                                n <- n + g^2
 * x <- 0                                              where |z| <= l1
 * x <- -(z - sign(z) l1) / ((beta + sqrt(n)) / learningRate + l2)  else
 * }</pre>
 *
 * <p>For logistic regression on many sparse features, such as click prediction: parameters that do
 * not earn their L1 penalty are exactly 0. Each parameter has a learning rate of its own, which
 * falls as Adagrad's does, so no schedule is needed.
 *
 * <p><b>Start from parameters of 0</b>, as the paper does: the regularizers pull towards 0, and a
 * parameter without a gradient so far becomes 0. Put no weight decay or momentum in front.
 *
 * <p>Gradients are {@linkplain Tree#squarable made squarable}, so that a huge one does not
 * overflow; a sum that would exceed the type's largest number stays at it. State of 16-bit
 * parameters is float32. Optax has no counterpart.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate the paper's alpha, positive; about 0.1 for features of size 1, no schedule
 * @param beta lowers the first steps of a parameter, not negative
 * @param l1 the L1 penalty, not negative; makes parameters 0
 * @param l2 the L2 penalty, not negative
 */
@Withers
public record Ftrl(double learningRate, double beta, double l1, double l2)
    implements GradientTransformation<Ftrl.FtrlState>, FtrlWithers {

  /** Least divisor, which makes 0/0 a 0: it is 0 only where z is. */
  private static final double TINY = Float.MIN_NORMAL;

  /**
   * The state of {@link Ftrl}; both trees start at 0.
   *
   * @param z the sum of gradients, less what earlier steps have done
   * @param n the sum of squared gradients
   */
  public record FtrlState(Tree z, Tree n) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate finite and positive
   * @param beta finite and not negative
   * @param l1 finite and not negative
   * @param l2 finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Ftrl {
    Check.positive("learningRate", learningRate);
    Check.notNegative("beta", beta);
    Check.notNegative("l1", l1);
    Check.notNegative("l2", l2);
  }

  /**
   * Returns FTRL-Proximal with beta = 1 and without penalties.
   *
   * @param learningRate the paper's alpha
   * @return the optimizer
   */
  public static Ftrl of(double learningRate) {
    return new Ftrl(learningRate, 1, 0, 0);
  }

  @Override
  public FtrlState initialState(Tree params) {
    return new FtrlState(params.zeros(), params.zeros());
  }

  @Override
  public Step<FtrlState> step(Tree updates, FtrlState state, Tree x, Extras extras) {
    Tree g = updates.squarable();
    Tree n = state.n().plus(g.square()).cappedAtLargest();
    Tree root = n.sqrt();
    // z <- z + g - sigma x;  sigma = (sqrt(n + g^2) - sqrt(n)) / learningRate
    Tree sigma = root.minus(state.n().sqrt()).times(1 / learningRate);
    Tree z = state.z().plus(g).minus(sigma.times(x));
    // sign(z) l1 - z, 0 where |z| <= l1
    Tree shrunk = z.max(-l1).min(l1).minus(z);
    // (beta + sqrt(n)) / learningRate + l2
    Tree divisor = root.times(1 / learningRate).plus(beta / learningRate + l2).max(TINY);
    Tree next = shrunk.dividedBy(divisor);
    return Step.of(next.minus(x), new FtrlState(z, n));
  }
}
