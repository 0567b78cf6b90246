package dev.glissade.optimizer;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByAmsgrad;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * AMSGrad: Adam divided by the largest second moment so far (Reddi, Kale and Kumar, "On the
 * Convergence of Adam and Beyond", 2018, arXiv 1904.09237):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- b2 nu + (1 - b2) g^2
 * nuMax <- max(nuMax, nu / (1 - b2^t))
 * u = -learningRate mu / (1 - b1^t) / (sqrt(nuMax + epsRoot) + eps)
 * }</pre>
 *
 * <p>The step size of an element never grows, so it converges where Adam forgets rare large
 * gradients. Usually about as good as Adam; it keeps a third tree.
 *
 * <p>Differs from Optax as {@link ScaleByAmsgrad} does. State: a chain of the states of {@link
 * ScaleByAmsgrad} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param epsRoot added under the root, not negative
 * @param muDtype the type in which the first moment is stored, not complex; null for the type in
 *     which the parameters are computed
 * @param biasCorrectionMu whether to debias the first moment
 * @param biasCorrectionNu whether to debias the second moment
 */
@Withers
public record Amsgrad(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double epsRoot,
    @Nullable DType muDtype,
    boolean biasCorrectionMu,
    boolean biasCorrectionNu)
    implements Composite<ChainState>, AmsgradWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param epsRoot finite and not negative
   * @param muDtype a real type, or null
   * @param biasCorrectionMu true or false
   * @param biasCorrectionNu true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Amsgrad {
    new ScaleByAmsgrad(b1, b2, eps, epsRoot, muDtype, biasCorrectionMu, biasCorrectionNu);
  }

  /**
   * Returns AMSGrad with the defaults of {@link ScaleByAmsgrad#defaults}: b1 = 0.9, b2 = 0.999, eps
   * = 1e-8, epsRoot = 0 and both bias corrections.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Amsgrad of(Schedule learningRate) {
    ScaleByAmsgrad amsgrad = ScaleByAmsgrad.defaults();
    return new Amsgrad(
        learningRate,
        amsgrad.b1(),
        amsgrad.b2(),
        amsgrad.eps(),
        amsgrad.epsRoot(),
        amsgrad.muDtype(),
        amsgrad.biasCorrectionMu(),
        amsgrad.biasCorrectionNu());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByAmsgrad(b1, b2, eps, epsRoot, muDtype, biasCorrectionMu, biasCorrectionNu),
        ScaleByLearningRate.of(learningRate));
  }
}
