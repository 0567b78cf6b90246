package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * DoWG, distance over weighted gradients: gradient descent without a learning rate (Khaled,
 * Mishchenko and Jin, "DoWG Unleashed: An Efficient Universal Parameter-Free Gradient Descent
 * Method", 2023, arXiv 2305.16284). As {@link Dog} it steps by the largest distance from the start,
 * but later gradients, taken farther from it, weigh more, so its steps stay larger. With g =
 * gradient + weightDecay x, x0 the parameters at the start, and d the largest squared distance:
 *
 * <pre>{@code
 * d <- max(d, ||x - x0||^2)     w <- w + d ||g||^2     u = -learningRate d / (sqrt(w) + eps) g
 * }</pre>
 *
 * <p>Differs from Optax as {@link Dog} does.
 *
 * <p>Takes leaves of any type.
 *
 * @param learningRate multiplies the steps; leave it at 1, or use a schedule whose largest value is
 *     1; read at count 0 at the first step
 * @param initEstimSqDist the first squared distance, positive; null for eps
 * @param eps added to the root, positive
 * @param weightDecay L2 penalty, added to gradients as weightDecay x; null for none
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Dowg(
    Schedule learningRate,
    @Nullable Double initEstimSqDist,
    double eps,
    @Nullable Double weightDecay,
    @Nullable Predicate<String> mask)
    implements GradientTransformation<Dowg.DoWGState>, DowgWithers {

  /**
   * The state of {@link Dowg}.
   *
   * @param initParams the parameters at the start, x0
   * @param weightedSqNormGrads the weighted sum of squared gradient norms, w
   * @param estimSqDist the largest squared distance from the start, d
   * @param count the number of steps taken, at which the learning rate's schedule is read
   */
  public record DoWGState(
      Tree initParams, Scalar weightedSqNormGrads, Scalar estimSqDist, Scalar count) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param initEstimSqDist positive and finite, or null
   * @param eps positive and finite
   * @param weightDecay finite, or null
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Dowg {
    if (initEstimSqDist != null) {
      Check.positive("initEstimSqDist", initEstimSqDist);
    }
    Check.positive("eps", eps);
    if (weightDecay != null) {
      Check.finite("weightDecay", weightDecay);
    }
  }

  /**
   * Returns DoWG with learningRate = 1, eps = 1e-4, which is also the first squared distance, and
   * no weight decay.
   *
   * @return the optimizer
   */
  public static Dowg defaults() {
    return new Dowg(new ConstantSchedule(1), null, 1e-4, null, null);
  }

  @Override
  public DoWGState initialState(Tree x) {
    double first = initEstimSqDist == null ? eps : initEstimSqDist;
    return new DoWGState(x, Scalar.of(0), Scalar.of(first), Scalar.of(0));
  }

  @Override
  public Step<DoWGState> step(Tree updates, DoWGState state, Tree x, Extras extras) {
    Tree g = Distances.decayed(updates.squarable(), x, weightDecay, mask);
    // d <- max(d, ||x - x0||^2);  w <- w + d ||g||^2
    Scalar distance = x.minus(state.initParams()).norm();
    Scalar d = Distances.larger(state.estimSqDist(), distance.times(distance));
    Scalar norm = g.norm();
    Scalar w = Distances.sum(state.weightedSqNormGrads(), norm.times(norm).times(d));
    // u = -learningRate d / (sqrt(w) + eps) g
    Scalar step = d.dividedBy(w.sqrt().plus(eps));
    Tree u = Descent.by(g, step, learningRate, state.count());
    return Step.of(u, new DoWGState(state.initParams(), w, d, state.count().plus(1)));
  }
}
