package dev.glissade.transform;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Layer-wise DoG: each leaf has a learning rate of its own, the distance that it has moved over the
 * root of its squared gradients (Ivgi, Hinder and Carmon, "DoG is SGD's Best Friend", 2023, arXiv
 * 2302.12022):
 *
 * <pre>{@code
 * r <- max(r, ||x - x0||_l)       r = repsRel (1 + ||x0||_l) at first
 * s <- s + ||g||_l^2
 * u = globalScale r / sqrt(s + eps) g
 * }</pre>
 *
 * <p>Updates point uphill, as gradients do: set globalScale to -1, or chain {@code scale(-1)} after
 * it. {@code Contrib.dog} has one learning rate for all leaves.
 *
 * <p>Differs from Optax in that x0 keeps the type of the parameters by default, where Optax rounds
 * it to float32; that r and s are float64; and that scalar leaves keep their shape.
 *
 * @param repsRel the first distance relative to the size of a leaf, positive
 * @param eps added to the sum of squared gradients, not negative
 * @param paramDtype the type in which x0 is stored; null for that of the parameters
 * @param globalScale the factor of all updates, finite
 */
@Withers
public record ScaleByDistanceOverGradients(
    double repsRel, double eps, @Nullable DType paramDtype, double globalScale)
    implements GradientTransformation<
            ScaleByDistanceOverGradients.ScaleByDistanceOverGradientsState>,
        ScaleByDistanceOverGradientsWithers {

  /**
   * The state of {@link ScaleByDistanceOverGradients}.
   *
   * @param maxDist the largest distance r, a number for each leaf
   * @param gradSumOfSquares the sum of squared gradients s, a number for each leaf
   * @param initParams the parameters at the start, x0
   */
  public record ScaleByDistanceOverGradientsState(
      Tree maxDist, Tree gradSumOfSquares, Tree initParams) {}

  /**
   * Checks the arguments.
   *
   * @param repsRel positive and finite
   * @param eps finite and not negative
   * @param paramDtype a real type, or null
   * @param globalScale finite
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByDistanceOverGradients {
    Check.positive("repsRel", repsRel);
    Check.notNegative("eps", eps);
    Check.finite("globalScale", globalScale);
    Moments.checkStorage("paramDtype", paramDtype);
  }

  /**
   * Returns the transformation with repsRel = 1e-6, eps = 1e-8 and globalScale = 1.
   *
   * @return the transformation
   */
  public static ScaleByDistanceOverGradients defaults() {
    return new ScaleByDistanceOverGradients(1e-6, 1e-8, null, 1);
  }

  @Override
  public ScaleByDistanceOverGradientsState initialState(Tree x) {
    Tree first = x.leafNorms().plus(1).times(repsRel);
    return new ScaleByDistanceOverGradientsState(
        first, first.zeros(), Moments.stored(x, paramDtype));
  }

  @Override
  public Step<ScaleByDistanceOverGradientsState> step(
      Tree g, ScaleByDistanceOverGradientsState state, Tree x, Extras extras) {
    Tree moved = x.minus(Moments.computed(state.initParams(), x));
    Tree r = state.maxDist().max(moved.leafNorms());
    Tree s = state.gradSumOfSquares().plus(g.leafNormsSquared());
    Tree root = s.plus(eps).sqrt();
    Tree rate = root.greaterThan(0).choose(r.times(globalScale).dividedBy(root), s);
    return Step.of(
        g.times(rate.broadcast(g)),
        new ScaleByDistanceOverGradientsState(r, s, state.initParams()));
  }
}
