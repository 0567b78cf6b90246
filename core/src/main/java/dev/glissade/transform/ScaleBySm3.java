package dev.glissade.transform;

import dev.glissade.Axes;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Scales gradients as SM3 does, without the learning rate (Anil et al., "Memory-Efficient Adaptive
 * Optimization", 2019, arXiv 1901.11150): keeps one number for each index of each axis in place of
 * one for each element.
 *
 * <pre>{@code
 * acc = c g^2 + b2 min_i mu_i              c = 1 if b2 = 1, else 1 - b2
 * mu_i <- max of acc over all axes but i
 * z = g / sqrt(acc + eps), 0 where acc = 0
 * m <- b1 m + (1 - b1) z                   u = m
 * }</pre>
 *
 * <p>where mu_i is repeated along the axes that it lacks. Differs from Optax in that a scalar leaf
 * is allowed (its accumulator is one number), that gradients are {@linkplain Tree#squarable made
 * squarable}, and that mu is a list of trees, one for each axis, whose leaves keep the other axes
 * with length 1.
 *
 * @param b1 decay of the momentum, in [0, 1)
 * @param b2 decay of the accumulators, in [0, 1]
 * @param eps added under the root, not negative
 */
@Withers
public record ScaleBySm3(double b1, double b2, double eps)
    implements GradientTransformation<ScaleBySm3.ScaleBySM3State>, ScaleBySm3Withers {

  /**
   * The state of {@link ScaleBySm3}; all numbers start at 0.
   *
   * @param mu the accumulators of axis i of all leaves that have it, at index i
   * @param nu the momentum
   */
  public record ScaleBySM3State(List<Tree> mu, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1]
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleBySm3 {
    Check.decay("b1", b1);
    Check.that(b2 >= 0 && b2 <= 1, "b2 must be in [0, 1]", b2);
    Check.notNegative("eps", eps);
  }

  /**
   * Returns SM3's scaling with b1 = 0.9, b2 = 1 and eps = 1e-8.
   *
   * @return the transformation
   */
  public static ScaleBySm3 defaults() {
    return new ScaleBySm3(0.9, 1, 1e-8);
  }

  @Override
  public ScaleBySM3State initialState(Tree params) {
    return new ScaleBySM3State(accumulators(params.zeros()), params.zeros());
  }

  @Override
  public Step<ScaleBySM3State> step(
      Tree gradients, ScaleBySM3State state, Tree params, Extras extras) {
    Tree g = gradients.squarable();
    // acc = c g^2 + b2 min_i mu_i
    Tree squares = b2 == 1 ? g.square() : g.square().times(1 - b2);
    Tree acc = squares.plus(smallest(state.mu(), g).times(b2));
    Tree z = acc.greaterThan(0).choose(g.dividedBy(acc.plus(eps).sqrt()), g.zeros());
    Tree m = Moments.termwise(state.nu(), b1, z);
    return Step.of(m, new ScaleBySM3State(accumulators(acc), m));
  }

  /** Returns the largest numbers over all axes but i, for each axis i. */
  private static List<Tree> accumulators(Tree acc) {
    List<Tree> mu = new ArrayList<>();
    mu.add(acc.maxOver(Axes.allBut(0)));
    for (int axis = 1; axis < axes(acc); axis++) {
      mu.add(acc.select(hasAxis(acc, axis)).maxOver(Axes.allBut(axis)));
    }
    return mu;
  }

  /** Returns the smallest of the accumulators of all axes for each element. */
  private static Tree smallest(List<Tree> mu, Tree like) {
    Tree smallest = mu.get(0).broadcast(like);
    for (int axis = 1; axis < mu.size(); axis++) {
      Predicate<String> has = hasAxis(like, axis);
      Tree those = smallest.select(has);
      Tree smaller = those.min(mu.get(axis).broadcast(those));
      smallest = smaller.merge(smallest.select(has.negate()));
    }
    return smallest;
  }

  private static int axes(Tree tree) {
    Structure structure = tree.structure();
    return structure.paths().stream()
        .mapToInt(path -> structure.leaf(path).shape().size())
        .max()
        .orElse(0);
  }

  private static Predicate<String> hasAxis(Tree tree, int axis) {
    Structure structure = tree.structure();
    return path -> structure.leaf(path).shape().size() > axis;
  }
}
