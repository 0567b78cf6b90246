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
 * Continuous coin betting: Algorithm 2 of Orabona and Tommasi, "Training Deep Networks without
 * Learning Rates Through Coin Betting", 2017 (arXiv 1705.07795). Each parameter bets on its next
 * subgradient; there is no learning rate to set. With g = lr g + weightDecay x, L starting at eps,
 * x0 the parameters at the start:
 *
 * <pre>{@code
 * L <- max(L, |g|)     G <- G + |g|     R <- max(R - g (x - x0), 0)     C <- C - g
 * u = x0 - x + C / (L max(G + L, alpha L)) (L + R)
 * }</pre>
 *
 * <p>16-bit parameters have their state in float32, where the original's eps becomes 0. What stands
 * for g is {@linkplain Tree#squarable made squarable}.
 *
 * @param learningRate what gradients are multiplied by before the bet; read at count 0 first
 * @param alpha how cautious the first bets are: the fraction of wealth at stake is at most 1/alpha
 *     of the largest gradient seen
 * @param eps what the largest gradient starts at, positive, so that nothing is divided by 0
 * @param weightDecay added to gradients as weightDecay x
 * @param mask the paths of the leaves that decay; null for all
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
   * The bets of each element.
   *
   * @param initParticles the parameters at init
   * @param cumulativeGradients minus the sum of gradients
   * @param scale the largest absolute gradient
   * @param subgradients the sum of absolute gradients
   * @param reward what the bets have won
   * @param count steps taken, which the learning rate's schedule is read at
   */
  public record COCOBState(
      Tree initParticles,
      Tree cumulativeGradients,
      Tree scale,
      Tree subgradients,
      Tree reward,
      Scalar count) {}

  public Cocob {
    Check.positive("alpha", alpha);
    Check.positive("eps", eps);
    Check.finite("weightDecay", weightDecay);
  }

  /** Returns COCOB with alpha = 100, eps = 1e-8, learning rate 1, no decay. */
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
    // u = x0 - x + C / (L max(G + L, alpha L)) (L + R); L divides L + R, so that L^2 can't
    // underflow
    Tree bet = c.dividedBy(sum.plus(scale).max(scale.times(alpha)));
    Tree u = bet.times(scale.plus(reward).dividedBy(scale)).plus(x0).minus(x);
    return Step.of(u, new COCOBState(x0, c, scale, sum, reward, state.count().plus(1)));
  }

  /** learningRate (g + weightDecay x) */
  private Tree scaled(Tree updates, Scalar count, Tree x) {
    AddDecayedWeights decay = new AddDecayedWeights(new ConstantSchedule(weightDecay), mask);
    Tree decayed = decay.step(updates, new ScaleByScheduleState(count), x, Extras.NONE).updates();
    boolean one = learningRate instanceof ConstantSchedule rate && rate.value() == 1;
    return one ? decayed : decayed.times(learningRate.at(count));
  }
}
