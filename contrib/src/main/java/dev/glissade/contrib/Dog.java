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
 * DoG, distance over gradients: gradient descent without a learning rate (Ivgi, Hinder and Carmon,
 * "DoG is SGD's Best Friend: A Parameter-Free Dynamic Step Size Schedule", 2023, arXiv 2302.12022).
 * The step is the largest distance from the start, r, over the root of the sum of squared gradient
 * norms, s. With g = gradient + weightDecay x and x0 the parameters at the start:
 *
 * <pre>{@code
 * r <- max(r, ||x - x0||)     s <- s + ||g||^2     u = -learningRate r / sqrt(s + eps) g
 * }</pre>
 *
 * <p>initStep says how it starts: see {@link InitStep}. <b>Evaluate an average of the
 * parameters</b>, as the paper does: the last iterate is noisy. Layer-wise DoG is {@code
 * scaleByDistanceOverGradients}.
 *
 * <p>Differs from Optax as follows. Distances and sums are doubles whatever the type of the
 * parameters, where Optax's are bfloat16 for bfloat16 parameters and never grow. A gradient that is
 * not finite leaves them as they are. The mask is a predicate on leaf paths, and the state counts
 * steps.
 *
 * <p>Takes leaves of any type.
 *
 * @param learningRate multiplies the steps; leave it at 1, or use a schedule whose largest value is
 *     1; read at count 0 at the first step
 * @param initStep how to choose the first step
 * @param eps added under the root, positive
 * @param weightDecay L2 penalty, added to gradients as weightDecay x; null for none
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Dog(
    Schedule learningRate,
    InitStep initStep,
    double eps,
    @Nullable Double weightDecay,
    @Nullable Predicate<String> mask)
    implements GradientTransformation<Dog.DoGState>, DogWithers {

  /** The rules for the first step. */
  public enum Rule {
    /** The first r is the value. */
    DISTANCE,
    /** The first step is the value times the gradient, and r starts at 0. */
    LEARNING_RATE,
    /** The first r is the value times {@code 1 + ||x0||}. */
    HEURISTIC
  }

  /**
   * How DoG chooses its first step. A value that is too small costs a few steps, one that is too
   * large may diverge.
   *
   * @param rule what the value is
   * @param value positive
   */
  public record InitStep(Rule rule, double value) {
    /**
     * Checks the value.
     *
     * @param rule any rule
     * @param value positive and finite
     * @throws IllegalArgumentException if the value breaks its rule
     */
    public InitStep {
      Check.positive("initStep value", value);
    }

    /**
     * {@return a first distance}
     *
     * @param distance the first r, positive
     */
    public static InitStep distance(double distance) {
      return new InitStep(Rule.DISTANCE, distance);
    }

    /**
     * {@return a first distance relative to the parameters, as the authors advise}
     *
     * @param share the share of {@code 1 + ||x0||}, positive; 1e-6 to 1e-4
     */
    public static InitStep heuristic(double share) {
      return new InitStep(Rule.HEURISTIC, share);
    }

    /**
     * {@return a learning rate of the first step}
     *
     * @param rate the factor of the first gradient, positive
     */
    public static InitStep learningRate(double rate) {
      return new InitStep(Rule.LEARNING_RATE, rate);
    }

    Scalar distance(Tree x) {
      return switch (rule) {
        case DISTANCE -> Scalar.of(value);
        case LEARNING_RATE -> Scalar.of(0);
        case HEURISTIC -> x.norm().plus(1).times(value);
      };
    }
  }

  /**
   * The state of {@link Dog}.
   *
   * @param isInitStep 1 before the first step, then 0
   * @param initParams the parameters at the start, x0
   * @param maxDist the largest distance from them, r
   * @param sumSqNormGrads the sum of squared gradient norms, s
   * @param count the number of steps taken, at which the learning rate's schedule is read
   */
  public record DoGState(
      Scalar isInitStep, Tree initParams, Scalar maxDist, Scalar sumSqNormGrads, Scalar count) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param initStep any
   * @param eps positive and finite
   * @param weightDecay finite, or null
   * @param mask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Dog {
    Check.positive("eps", eps);
    if (weightDecay != null) {
      Check.finite("weightDecay", weightDecay);
    }
  }

  /**
   * Returns DoG with learningRate = 1, a first distance of 1e-6 (1 + ||x0||), eps = 1e-8 and no
   * weight decay.
   *
   * @return the optimizer
   */
  public static Dog defaults() {
    return new Dog(new ConstantSchedule(1), InitStep.heuristic(1e-6), 1e-8, null, null);
  }

  @Override
  public DoGState initialState(Tree x) {
    return new DoGState(Scalar.of(1), x, initStep.distance(x), Scalar.of(0), Scalar.of(0));
  }

  @Override
  public Step<DoGState> step(Tree updates, DoGState state, Tree x, Extras extras) {
    Tree g = Distances.decayed(updates.squarable(), x, weightDecay, mask);
    // r <- max(r, ||x - x0||);  s <- s + ||g||^2
    Scalar r = Distances.larger(state.maxDist(), x.minus(state.initParams()).norm());
    Scalar norm = g.norm();
    Scalar s = Distances.sum(state.sumSqNormGrads(), norm.times(norm));
    // u = -learningRate r / sqrt(s + eps) g
    Scalar step = r.dividedBy(s.plus(eps).sqrt());
    if (initStep.rule() == Rule.LEARNING_RATE) {
      step = state.isInitStep().choose(Scalar.of(initStep.value()), step);
    }
    Tree u = Descent.by(g, step, learningRate, state.count());
    return Step.of(u, new DoGState(Scalar.of(0), state.initParams(), r, s, state.count().plus(1)));
  }
}
