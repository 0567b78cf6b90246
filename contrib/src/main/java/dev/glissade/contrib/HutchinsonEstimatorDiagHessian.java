package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.RandomKey;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;
import java.util.List;

/**
 * Estimates the diagonal of the loss's Hessian by random signs (Hutchinson, "A Stochastic Estimator
 * of the Trace of the Influence Matrix for Laplacian Smoothing Splines", 1990): with z of
 * independent signs +1 and -1,
 *
 * <pre>{@code
 * u = z (H z)
 * }</pre>
 *
 * <p>whose mean is the diagonal. H z comes from an extra argument of the step:
 *
 * <pre>{@code
 * Extras.NONE.withHessianProduct((x, v) -> ...)          // a product with the Hessian
 * Extras.NONE.withGradientFunction((x, i) -> ...)        // or two more gradients, by differences
 * }</pre>
 *
 * <p>The signs are Optax's for the same seed. Differs from Optax in that the seed is a number, and
 * that the loss is not given as a function to differentiate. The updates that arrive are not used.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param randomSeed the seed of the signs
 */
@Withers
public record HutchinsonEstimatorDiagHessian(long randomSeed)
    implements GradientTransformation<HutchinsonEstimatorDiagHessian.HutchinsonState>,
        HutchinsonEstimatorDiagHessianWithers {

  /**
   * The state of {@link HutchinsonEstimatorDiagHessian}.
   *
   * @param key the key of the next signs
   */
  public record HutchinsonState(RandomKey key) {}

  @Override
  public HutchinsonState initialState(Tree params) {
    return new HutchinsonState(RandomKey.of(randomSeed));
  }

  @Override
  public Step<HutchinsonState> step(
      Tree updates, HutchinsonState state, Tree params, Extras extras) {
    List<RandomKey> keys = state.key().split(2);
    Tree z = params.rademacher(keys.get(1).split(params.paths().size()));
    // u = z (H z)
    Tree hz = extras.hessianProductAt(params, z);
    return Step.of(z.times(hz), new HutchinsonState(keys.get(0)));
  }
}
