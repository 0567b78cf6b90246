package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Multiplies gradients by an estimate of the inverse Hessian that it builds from the last steps:
 * L-BFGS (Liu and Nocedal, "On the Limited Memory BFGS Method for Large Scale Optimization", 1989;
 * Nocedal and Wright, "Numerical Optimization", algorithm 7.4). Each step adds the pair dx = x -
 * x_before, dy = g - g_before, with the weight rho = 1 / {@code <dx, dy>}. Then
 *
 * <pre>{@code
 * q = g
 * from the newest pair to the oldest:  a_i = rho_i <dx_i, q>,  q <- q - a_i dy_i
 * q <- gamma q
 * from the oldest pair to the newest:  b = rho_i <dy_i, q>,    q <- q + (a_i - b) dx_i
 * u = q
 * }</pre>
 *
 * <p>where gamma is {@code <dx, dy> / ||dy||^2} of the newest pair, or min(maxInitScale, 1 / ||g||)
 * before there is one. Updates point uphill, as gradients do: {@code Optimizers.lbfgs} turns them
 * and searches along them. For full batches and smooth losses; noise of minibatches spoils the
 * pairs.
 *
 * <p>Differs from Optax as follows. It skips a pair whose curvature {@code <dx, dy>} is not above
 * 2^-52 ||dx|| ||dy||, as where the loss is not convex or the parameters did not move; Optax keeps
 * it, and may then step uphill. Where the last step has not moved the parameters, as after a line
 * search without success, it forgets all pairs, so that it goes along the gradients. If rounding
 * makes q point downhill all the same, it gives g with the first gamma and forgets the pairs. With
 * requireCurvature = false it keeps all pairs and every q, as Optax does. It never keeps a pair
 * whose curvature is NaN or infinite. The pairs are a list, newest first, instead of a ring; a step
 * in place moves none of them.
 *
 * <p>Takes real leaves. 16-bit ones have pairs in float32.
 *
 * @param memorySize the number of pairs to keep, at least 1. A step moves 4 memorySize + 6 times
 *     the parameters
 * @param scaleInitPrecond whether gamma is computed; it is 1 otherwise
 * @param maxInitScale the largest gamma before there is a pair, positive; infinity makes the first
 *     update of length 1, as SciPy does, which often saves an evaluation where gradients are small
 * @param requireCurvature whether to skip pairs of negative or no curvature
 */
@Withers
public record ScaleByLbfgs(
    int memorySize, boolean scaleInitPrecond, double maxInitScale, boolean requireCurvature)
    implements GradientTransformation<ScaleByLbfgs.ScaleByLBFGSState>, ScaleByLbfgsWithers {
  /** The least cosine of the angle between dx and dy. */
  private static final double LEAST_CURVATURE = Math.ulp(1.0);

  /**
   * The state of {@link ScaleByLbfgs}.
   *
   * @param count the number of steps taken
   * @param params the parameters before the last step
   * @param updates the gradients of the last step
   * @param memory the pairs, newest first; those that are still missing are 0
   */
  public record ScaleByLBFGSState(Scalar count, Tree params, Tree updates, List<Pair> memory) {}

  /**
   * What one step has told about the Hessian.
   *
   * @param diffParams dx, the change of the parameters
   * @param diffUpdates dy, the change of the gradients
   * @param weight 1 / {@code <dx, dy>}; 0 for no pair
   * @param scale {@code <dx, dy> / ||dy||^2}; 0 for no pair
   */
  public record Pair(Tree diffParams, Tree diffUpdates, Scalar weight, Scalar scale) {}

  /**
   * Checks the arguments.
   *
   * @param memorySize at least 1
   * @param scaleInitPrecond true or false
   * @param maxInitScale positive
   * @param requireCurvature true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByLbfgs {
    Check.atLeast("memorySize", 1, memorySize);
    Check.that(maxInitScale > 0, "maxInitScale must be positive", maxInitScale);
  }

  /**
   * Returns the scaling with memorySize = 10, scaleInitPrecond = true, maxInitScale = 1 and
   * requireCurvature = true.
   *
   * @return the transformation
   */
  public static ScaleByLbfgs defaults() {
    return new ScaleByLbfgs(10, true, 1, true);
  }

  @Override
  public ScaleByLBFGSState initialState(Tree params) {
    Tree zeros = params.zeros();
    Pair none = new Pair(zeros, zeros, Scalar.of(0), Scalar.of(0));
    return new ScaleByLBFGSState(
        Scalar.of(0), params, zeros, Collections.nCopies(memorySize, none));
  }

  @Override
  public Step<ScaleByLBFGSState> step(Tree g, ScaleByLBFGSState state, Tree x, Extras extras) {
    List<Pair> memory = remembered(g, x, state, requireCurvature);
    Scalar first = scaleInitPrecond ? firstScale(g) : Scalar.of(1);
    Scalar scale = memory.get(0).scale();
    Scalar isFirst = requireCurvature ? scale.equalTo(0) : state.count().equalTo(0);
    Scalar gamma = scaleInitPrecond ? isFirst.choose(first, scale) : first;
    Tree q = product(g, memory, gamma);
    Step<List<Pair>> next = Step.of(q, memory);
    if (requireCurvature) {
      Scalar ascends = q.dot(g).greaterThan(0);
      next = ascends.choose(next, Step.of(g.times(first), forgotten(memory)));
    }
    return Step.of(
        next.updates(),
        new ScaleByLBFGSState(
            state.count().plus(1), x, g.as(state.updates().structure()), next.state()));
  }

  private Scalar firstScale(Tree g) {
    Scalar norm = g.norm();
    Scalar inverse = norm.greaterThan(0).choose(norm.pow(-1), Scalar.of(1));
    return inverse.min(maxInitScale);
  }

  /** Returns the pairs with that of the last step, if it counts. */
  static List<Pair> remembered(Tree g, Tree x, ScaleByLBFGSState state, boolean requireCurvature) {
    Tree dx = x.minus(state.params());
    Tree dy = g.minus(state.updates());
    Scalar curvature = dx.dot(dy);
    Scalar square = dy.dot(dy);
    Scalar least = dx.dot(dx).sqrt().times(square.sqrt()).times(LEAST_CURVATURE);
    Scalar counts = requireCurvature ? curvature.greaterThan(least) : Scalar.of(1);
    Scalar none = Scalar.of(0);
    Pair newest =
        new Pair(
            dx,
            dy,
            curvature.equalTo(0).choose(none, curvature.pow(-1)),
            square.equalTo(0).choose(Scalar.of(1), curvature.dividedBy(square)));
    Scalar stays = dx.dot(dx).greaterThan(0).or(state.count().equalTo(0)).not();
    List<Pair> old =
        requireCurvature
            ? stays.choose(forgotten(state.memory()), List.copyOf(state.memory()))
            : state.memory();
    List<Pair> memory = new ArrayList<>(old);
    memory.remove(memory.size() - 1);
    memory.add(0, newest);
    return counts.and(curvature.isFinite()).and(state.count().greaterThan(0)).choose(memory, old);
  }

  /** Returns the product of the estimated inverse Hessian and the gradients. */
  private static Tree product(Tree g, List<Pair> memory, Scalar gamma) {
    int count = memory.size();
    Scalar[] a = new Scalar[count];
    Tree q = g;
    for (int i = 0; i < count; i++) {
      Pair pair = memory.get(i);
      a[i] = pair.weight().times(pair.diffParams().dot(q));
      q = q.minus(pair.diffUpdates().times(a[i]));
    }
    q = q.times(gamma);
    for (int i = count - 1; i >= 0; i--) {
      Pair pair = memory.get(i);
      Scalar b = pair.weight().times(pair.diffUpdates().dot(q));
      q = q.plus(pair.diffParams().times(a[i].minus(b)));
    }
    return q;
  }

  /** Returns the pairs without weights, so that they count no more. */
  private static List<Pair> forgotten(List<Pair> memory) {
    Scalar none = Scalar.of(0);
    return memory.stream()
        .map(pair -> new Pair(pair.diffParams(), pair.diffUpdates(), none, none))
        .toList();
  }
}
