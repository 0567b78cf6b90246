package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.projection.L1Ball;
import dev.glissade.projection.L1Sphere;
import dev.glissade.projection.L2Ball;
import dev.glissade.projection.L2Sphere;
import dev.glissade.projection.Projection;
import dev.glissade.projection.Simplex;
import dev.glissade.records.Check;
import dev.glissade.transform.ScaleByLbfgs.Pair;
import dev.glissade.transform.ScaleByLbfgs.ScaleByLBFGSState;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces gradients by the way to the minimum of a quadratic model within bounds, whose curvature
 * comes from the last steps: the direction of L-BFGS-B (Byrd, Lu, Nocedal and Zhu, "A Limited
 * Memory Algorithm for Bound Constrained Optimization", 1995):
 *
 * <pre>{@code
 * x_c = the first minimum of the model along the projected gradient
 * x_m = its minimum among the elements that are not at a bound in x_c, projected to the bounds
 * u = x_m - x
 * }</pre>
 *
 * <p>The model is that of {@link ScaleByLbfgs}, with the same pairs. The updates point downhill,
 * and x + s u is within the bounds for s from 0 to 1: {@code Optimizers.lbfgsb} searches there.
 * Plain Java computes it in float64 between passes, with some 8 memorySize^2 operations for each
 * parameter, and allocates arrays for the pairs at each step.
 *
 * <p>Optax has no such transformation. Where a projected minimum is not downhill, it takes the last
 * point within the bounds on the way from x_c, as the authors' version 3.0 does.
 *
 * <p>Takes real leaves.
 *
 * @param bounds a projection of each element to an interval: {@code Projections.box}, {@code
 *     nonNegative}, {@code hypercube} or {@code linfBall}
 * @param memorySize the number of pairs to keep, at least 1
 */
@Withers
public record ScaleByLbfgsb(Projection bounds, int memorySize)
    implements GradientTransformation<ScaleByLBFGSState>, ScaleByLbfgsbWithers {
  /** Brings numbers to the function. */
  private static final Tree ONE = Tree.of("weight", Tensor.of(new double[] {1}));

  /**
   * Checks the arguments.
   *
   * @param bounds a projection of each element to an interval
   * @param memorySize at least 1
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByLbfgsb {
    Check.atLeast("memorySize", 1, memorySize);
    boolean joins =
        bounds instanceof L1Ball
            || bounds instanceof L1Sphere
            || bounds instanceof L2Ball
            || bounds instanceof L2Sphere
            || bounds instanceof Simplex;
    Check.that(!joins, "bounds must project each element to an interval", bounds);
  }

  /**
   * Returns the direction with memorySize = 10.
   *
   * @param bounds a projection of each element to an interval
   * @return the transformation
   */
  public static ScaleByLbfgsb of(Projection bounds) {
    return new ScaleByLbfgsb(bounds, 10);
  }

  /**
   * Returns the state without pairs.
   *
   * @param params the parameters, within the bounds
   * @return the state
   * @throws IllegalArgumentException if the parameters are known and not within the bounds
   */
  @Override
  public ScaleByLBFGSState initialState(Tree params) {
    if (params.isEvaluated()) {
      for (String path : params.paths()) {
        Tree leaf = params.select(path::equals);
        Tree within = bounds.of(leaf).as(leaf.structure()).evaluate();
        Check.that(
            within.minus(leaf).norm().evaluate().value() == 0,
            "params must be within the bounds (pass bounds.of(params).evaluate())",
            "\"" + path + "\"");
      }
    }
    return ScaleByLbfgs.defaults().memorySize(memorySize).initialState(params);
  }

  @Override
  public Step<ScaleByLBFGSState> step(Tree g, ScaleByLBFGSState state, Tree x, Extras extras) {
    List<Pair> memory = ScaleByLbfgs.remembered(g, x, state, true);
    Tree any = g.as(x.structure().computed());
    List<Tree> operands = new ArrayList<>();
    operands.add(x);
    operands.add(any);
    operands.add(bounds.of(any.fill(Double.NEGATIVE_INFINITY)));
    operands.add(bounds.of(any.fill(Double.POSITIVE_INFINITY)));
    for (int i = memory.size() - 1; i >= 0; i--) {
      operands.add(memory.get(i).diffParams());
      operands.add(memory.get(i).diffUpdates());
      operands.add(ONE.times(memory.get(i).weight()));
    }
    Tree minimum = Tree.callback(operands, () -> ScaleByLbfgsb::minimum, x.structure().computed());
    return Step.of(
        minimum.minus(x),
        new ScaleByLBFGSState(state.count().plus(1), x, g.as(state.updates().structure()), memory));
  }

  private static void minimum(Tensor[][] operands, Tensor[] result) {
    double[] x = vector(operands[0]);
    double[] lower = vector(operands[2]);
    double[] upper = vector(operands[3]);
    for (int i = 0; i < x.length; i++) {
      Check.that(
          lower[i] <= upper[i],
          "bounds must project each element to an interval",
          "[" + lower[i] + ", " + upper[i] + "]");
    }
    List<double[]> s = new ArrayList<>();
    List<double[]> y = new ArrayList<>();
    for (int i = 4; i < operands.length; i += 3) {
      if (operands[i + 2][0].get(0) != 0) {
        s.add(vector(operands[i]));
        y.add(vector(operands[i + 1]));
      }
    }
    BoundedModel model =
        new BoundedModel(
            x,
            vector(operands[1]),
            lower,
            upper,
            s.toArray(double[][]::new),
            y.toArray(double[][]::new));
    store(model.minimum(), result);
  }

  /** Returns all leaves as one vector. */
  private static double[] vector(Tensor[] leaves) {
    int size = 0;
    for (Tensor leaf : leaves) {
      size += leaf.size();
    }
    double[] vector = new double[size];
    int at = 0;
    for (Tensor leaf : leaves) {
      double[] numbers = leaf.array() instanceof double[] own ? own : leaf.toDoubles();
      System.arraycopy(numbers, 0, vector, at, leaf.size());
      at += leaf.size();
    }
    return vector;
  }

  private static void store(double[] vector, Tensor[] leaves) {
    int at = 0;
    for (Tensor leaf : leaves) {
      for (int i = 0; i < leaf.size(); i++, at++) {
        if (leaf.array() instanceof float[] floats) {
          floats[i] = (float) vector[at];
        } else if (leaf.array() instanceof double[] doubles) {
          doubles[i] = vector[at];
        }
      }
    }
  }
}
