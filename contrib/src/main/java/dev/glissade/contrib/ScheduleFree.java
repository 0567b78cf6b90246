package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.Wrapped;
import dev.glissade.records.Check;
import dev.glissade.records.Records;
import dev.glissade.transform.Moments;
import dev.glissade.withers.Withers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Schedule-Free: averages the iterates of another optimizer in place of a decaying learning rate
 * (Defazio et al., "The Road Less Scheduled", 2024, arXiv 2405.15682). It needs no end of training
 * to be known, and works best with a constant learning rate after a warm-up, a larger one than with
 * a schedule.
 *
 * <p>There are three points: z, which the base optimizer moves; the weighted average x of all z;
 * and y between the two, at which gradients are taken and which is what the stepper holds. With ub
 * the base optimizer's update, L the largest learning rate so far, and a the weight of the new z in
 * the average:
 *
 * <pre>{@code
 * L <- max(L, learningRate)      w = L^weightLrPower      W <- W + w      a = w / W
 * z <- z + ub(g, y)              x <- (1 - a) x + a z     y <- b1 x + (1 - b1) z
 * so u = a (z - y) + (1 - b1 (1 - a)) ub, with z before the step
 * }</pre>
 *
 * <p><b>Evaluate and save x, not y</b>: {@code stepper.evalParams()}, which is {@code y + (1 / b1 -
 * 1) (y - z)}. Give the base optimizer no momentum, since b1 is one; its weight decay acts at y.
 * Statistics of batch normalization belong to y: compute them again at x before you evaluate.
 *
 * <p>Differs from Optax as follows. This wrapper and the base optimizer read their schedules at the
 * same count, where Optax's wrapper reads one count later. {@code b1 = 0}, with which x is lost, is
 * refused. The parameters to evaluate are found inside chains and masks. z of 16-bit parameters is
 * float32, unless stateDtype says otherwise; since y is rounded to 16 bits at each step and x comes
 * from a difference, wrap the optimizer in {@code masterWeights} there.
 *
 * @param baseOptimizer moves z; usually an optimizer without momentum
 * @param learningRate the base optimizer's learning rate, which weighs the average; read at count 0
 *     at the first step
 * @param b1 how close y is to the average x, in (0, 1]
 * @param weightLrPower the power of the learning rate that is the weight of an iterate, finite; 0
 *     for equal weights
 * @param stateDtype the type of z; null for the type in which the parameters are computed
 */
@Withers
public record ScheduleFree(
    GradientTransformation<?> baseOptimizer,
    Schedule learningRate,
    double b1,
    double weightLrPower,
    @Nullable DType stateDtype)
    implements GradientTransformation<ScheduleFree.ScheduleFreeState>, ScheduleFreeWithers {

  /**
   * The state of {@link ScheduleFree}.
   *
   * @param b1 how close y is to the average x
   * @param weightSum the sum of the weights, W
   * @param stepCount the number of steps taken
   * @param maxLr the largest learning rate so far, L
   * @param baseOptimizerState the base optimizer's state
   * @param z the base optimizer's iterate
   */
  public record ScheduleFreeState(
      Scalar b1,
      Scalar weightSum,
      Scalar stepCount,
      Scalar maxLr,
      Object baseOptimizerState,
      Tree z) {

    /** Returns the average x = y + (1 / b1 - 1) (y - z). */
    Tree average(Tree y) {
      Tree wide = z.as(y.structure().computed());
      Scalar beyond = Scalar.of(1).dividedBy(b1).minus(1);
      return y.plus(y.minus(wide).times(beyond)).as(y.structure());
    }
  }

  /**
   * Checks the arguments.
   *
   * @param baseOptimizer any transformation
   * @param learningRate any schedule
   * @param b1 in (0, 1]
   * @param weightLrPower finite and not negative
   * @param stateDtype a real type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScheduleFree {
    checkB1(b1);
    Check.notNegative("weightLrPower", weightLrPower);
    Moments.checkStorage("stateDtype", stateDtype);
  }

  static void checkB1(double b1) {
    Check.that(b1 > 0 && b1 <= 1, "b1 must be in (0, 1]", b1);
  }

  /**
   * Returns Schedule-Free with b1 = 0.9, weightLrPower = 2 and z in the parameters' computed type.
   *
   * @param baseOptimizer moves z
   * @param learningRate the base optimizer's learning rate
   * @return the optimizer
   */
  public static ScheduleFree of(GradientTransformation<?> baseOptimizer, Schedule learningRate) {
    return new ScheduleFree(baseOptimizer, learningRate, 0.9, 2, null);
  }

  @Override
  public ScheduleFreeState initialState(Tree y) {
    return new ScheduleFreeState(
        Scalar.of(b1),
        Scalar.of(0),
        Scalar.of(0),
        Scalar.of(0),
        Wrapped.initialState(baseOptimizer, y),
        stored(y.as(y.structure().computed())));
  }

  private Tree stored(Tree z) {
    return stateDtype == null ? z : z.as(stateDtype);
  }

  @Override
  public Step<ScheduleFreeState> step(Tree g, ScheduleFreeState state, Tree y, Extras extras) {
    // L <- max(L, lr);  w = L^power;  W <- W + w;  a = w / W, 0 while W is 0
    Scalar largest = state.maxLr().max(learningRate.at(state.stepCount()));
    Scalar weight = largest.pow(weightLrPower);
    Scalar sum = state.weightSum().plus(weight);
    Scalar a = sum.greaterThan(0).choose(weight.dividedBy(sum), Scalar.of(0));
    // z <- z + ub;  u = a (z - y) + (1 - b1 (1 - a)) ub
    Step<Object> base = Wrapped.step(baseOptimizer, g, state.baseOptimizerState(), y, extras);
    Tree ub = base.updates();
    Tree z = state.z().as(y.structure().computed());
    Scalar share = a.minus(1).times(b1).plus(1);
    Tree u = z.minus(y).times(a).plus(ub.times(share));
    return Step.of(
        u,
        new ScheduleFreeState(
            Scalar.of(b1),
            sum,
            state.stepCount().plus(1),
            largest,
            base.state(),
            stored(z.plus(ub))));
  }

  @Override
  public Tree evalParams(ScheduleFreeState state, Tree params) {
    return state.average(params);
  }

  /** Returns the averages of all Schedule-Free states in a state, other leaves as they are. */
  static Tree averages(Object state, Tree params) {
    List<ScheduleFreeState> found = Records.parts(state, ScheduleFreeState.class);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "the state must have a part of scheduleFree, but was a "
              + state.getClass().getSimpleName());
    }
    Tree at = params;
    for (ScheduleFreeState each : found) {
      List<String> paths = each.z().paths();
      Tree own = at.select(paths::contains);
      if (own.paths().size() < paths.size()) {
        throw new IllegalArgumentException(
            "the params must have the leaves %s, but had %s: use evalParams of the optimizer"
                .formatted(paths, params.paths()));
      }
      at = each.average(own).merge(at.select(path -> !paths.contains(path)));
    }
    return at;
  }

  @Override
  public boolean perExample() {
    return baseOptimizer.perExample();
  }
}
