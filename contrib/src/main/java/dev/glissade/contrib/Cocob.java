package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleBySchedule.ScaleByScheduleState;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * COCOB, continuous coin betting: gradient descent without a learning rate (Orabona and Tommasi,
 * "Training Deep Networks without Learning Rates Through Coin Betting", 2017, arXiv 1705.07795,
 * Algorithm 2). Each element bets a part of what it has won so far on its next subgradient. With g
 * = learningRate (gradient + weightDecay x) and x0 the parameters at the start:
 *
 * <pre>{@code
 * L <- max(L, |g|)     G <- G + |g|     R <- max(R - g (x - x0), 0)     C <- C - g
 * u = x0 - x + C / (L max(G + L, alpha L)) (L + R)
 * }</pre>
 *
 * <p>L starts at eps, everything else at 0. Costs five values of state per element, where Adam
 * costs two. Use it where nothing is known about the scale of the problem and elements differ much
 * in scale.
 *
 * <p>Differs from Optax as follows. 16-bit parameters have their state in float32, where Optax's
 * eps becomes 0 and a zero gradient gives NaN. g is {@linkplain Tree#squarable made squarable}, so
 * that products of huge gradients do not overflow. The mask is a predicate on leaf paths, and the
 * learning rate is read at count 0 at the first step.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies gradients before the bet; leave it at 1, or use a schedule whose
 *     largest value is 1
 * @param alpha caution of the first bets, positive: until gradients add up to alpha times the
 *     largest one, an element bets as if they had. Larger values start more slowly
 * @param eps the largest gradient before the first step, positive, so that nothing is divided by 0
 * @param weightDecay L2 penalty, added to gradients as weightDecay x, finite
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Cocob(
    Schedule learningRate,
    double alpha,
    double eps,
    double weightDecay,
    @Nullable Predicate<String> mask)
    implements GradientTransformation<Cocob.COCOBState>, CocobWithers {

  /**
   * The state of {@link Cocob}, for each element unless said otherwise.
   *
   * @param initParticles the parameters at the start, x0
   * @param cumulativeGradients minus the sum of gradients, C
   * @param scale the largest absolute gradient, L
   * @param subgradients the sum of absolute gradients, G
   * @param reward what the bets have won, R
   * @param count the number of steps taken, at which the learning rate's schedule is read
   */
  public record COCOBState(
      Tree initParticles,
      Tree cumulativeGradients,
      Tree scale,
      Tree subgradients,
      Tree reward,
      Scalar count) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param alpha positive and finite
   * @param eps positive and finite
   * @param weightDecay finite
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Cocob {
    Check.positive("alpha", alpha);
    Check.positive("eps", eps);
    Check.finite("weightDecay", weightDecay);
  }

  /**
   * Returns COCOB with learningRate = 1, alpha = 100, eps = 1e-8 and no weight decay.
   *
   * @return the optimizer
   */
  public static Cocob defaults() {
    return new Cocob(new ConstantSchedule(1), 100, 1e-8, 0, null);
  }

  @Override
  public COCOBState initialState(Tree x) {
    return new COCOBState(x, x.zeros(), x.fill(eps), x.zeros(), x.zeros(), Scalar.of(0));
  }

  @Override
  public Step<COCOBState> step(Tree updates, COCOBState state, Tree x, Extras extras) {
    Tree x0 = state.initParticles();
    Tree g = scaled(updates, state.count(), x).squarable();
    // L <- max(L, |g|);  G <- G + |g|;  R <- max(R - g (x - x0), 0);  C <- C - g
    Tree scale = state.scale().max(g.abs());
    Tree sum = state.subgradients().plus(g.abs());
    Tree reward = state.reward().minus(g.times(x.minus(x0))).max(0);
    Tree c = state.cumulativeGradients().minus(g);
    // u = x0 - x + C / (L max(G + L, alpha L)) (L + R), with L + R divided by L, because L^2 might
    // underflow
    Tree bet = c.dividedBy(sum.plus(scale).max(scale.times(alpha)));
    Tree u = bet.times(scale.plus(reward).dividedBy(scale)).plus(x0).minus(x);
    return Step.of(u, new COCOBState(x0, c, scale, sum, reward, state.count().plus(1)));
  }

  /** Returns learningRate (g + weightDecay x). */
  private Tree scaled(Tree updates, Scalar count, Tree x) {
    AddDecayedWeights decay = new AddDecayedWeights(new ConstantSchedule(weightDecay), mask);
    Tree decayed = decay.step(updates, new ScaleByScheduleState(count), x, Extras.NONE).updates();
    boolean one = learningRate instanceof ConstantSchedule rate && rate.value() == 1;
    return one ? decayed : decayed.times(learningRate.at(count));
  }
}
