package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Makes MADGRAD's steps of gradients: dual averaging with a cube root in place of Adam's square
 * root (Defazio and Jelassi, "Adaptivity without Compromise: A Momentumized, Adaptive, Dual
 * Averaged Gradient Method for Stochastic Optimization", 2021, arXiv 2101.11075). With x0 the
 * parameters at the start and t the number of this step from 1:
 *
 * <pre>{@code
 * k = (learningRate + eps) sqrt(t)       v <- v + k g^2      s <- s + k g
 * z = x0 - s / (cbrt(v) + eps)           u = (1 - momentum) (z - x)
 * }</pre>
 *
 * <p>The updates are to be added as they are: the learning rate is inside of k. Gradients are
 * {@linkplain Tree#squarable made squarable}, so that a huge one does not overflow. Differs from
 * Optax in that sqrt(t) is a double, and the sums of 16-bit parameters are float32.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate weighs the gradients; read at count 0 at the first step
 * @param momentum how much of the way to z a step does not go, in [0, 1)
 * @param eps added to the learning rate and to the cube root, positive
 */
@Withers
public record ScaleByMadgrad(Schedule learningRate, double momentum, double eps)
    implements GradientTransformation<ScaleByMadgrad.MadgradState>, ScaleByMadgradWithers {

  /**
   * The state of {@link ScaleByMadgrad}.
   *
   * @param count the number of steps taken
   * @param gradSumSq the weighted sum of squared gradients, v
   * @param s the weighted sum of gradients
   * @param x0 the parameters at the start
   */
  public record MadgradState(Scalar count, Tree gradSumSq, Tree s, Tree x0) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param momentum in [0, 1)
   * @param eps positive and finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByMadgrad {
    Check.decay("momentum", momentum);
    Check.positive("eps", eps);
  }

  /**
   * Returns MADGRAD's steps with momentum = 0.9 and eps = 1e-6.
   *
   * @param learningRate weighs the gradients
   * @return the transformation
   */
  public static ScaleByMadgrad of(Schedule learningRate) {
    return new ScaleByMadgrad(learningRate, 0.9, 1e-6);
  }

  @Override
  public MadgradState initialState(Tree x) {
    return new MadgradState(Scalar.of(0), x.zeros(), x.zeros(), x);
  }

  @Override
  public Step<MadgradState> step(Tree updates, MadgradState state, Tree x, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    // k = (lr + eps) sqrt(t);  v <- v + k g^2;  s <- s + k g
    Scalar k = learningRate.at(state.count()).plus(eps).times(t.sqrt());
    Tree v = state.gradSumSq().plus(g.square().times(k));
    Tree s = state.s().plus(g.times(k));
    // z = x0 - s / (cbrt(v) + eps);  u = (1 - momentum) (z - x)
    Tree z = state.x0().minus(s.dividedBy(v.cbrt().plus(eps)));
    Tree u = z.minus(x).times(1 - momentum);
    return Step.of(u, new MadgradState(t, v, s, state.x0()));
  }
}
