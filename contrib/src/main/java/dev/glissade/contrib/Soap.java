package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * SOAP: Adam in the eigenbases of Shampoo's preconditioner, for the matrices of a model:
 *
 * <pre>{@code
 * u = -learningRate (soap(g) + weightDecay x)
 * }</pre>
 *
 * <p>where soap(g) is the result of {@link ScaleBySoap}: for leaves that are not matrices this is
 * AdamW. The first step is only the decay. A matrix of m x n numbers needs 2 m n + 2 m^2 + 2 n^2
 * numbers of state.
 *
 * <p>State: a chain of the states of {@link ScaleBySoap}, {@link AddDecayedWeights} and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the updates and the decay; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param shampooBeta decay of the preconditioners, in [0, 1); null for b2
 * @param eps added to the root of the second moment, not negative
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 * @param preconditionFrequency the number of steps from one basis to the next, at least 1
 * @param maxPrecondDim the length of the longest side that is rotated, not negative
 * @param weightDimensionNumbers chooses the matrices and their axes
 */
@Withers
public record Soap(
    Schedule learningRate,
    double b1,
    double b2,
    @Nullable Double shampooBeta,
    double eps,
    Schedule weightDecay,
    @Nullable Predicate<String> mask,
    int preconditionFrequency,
    int maxPrecondDim,
    WeightDimensionNumbers weightDimensionNumbers)
    implements Composite<ChainState>, SoapWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param shampooBeta in [0, 1), or null
   * @param eps finite and not negative
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @param preconditionFrequency at least 1
   * @param maxPrecondDim at least 0
   * @param weightDimensionNumbers any; {@code init} refuses axes that a leaf lacks
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Soap {
    new ScaleBySoap(
        b1, b2, shampooBeta, eps, preconditionFrequency, maxPrecondDim, weightDimensionNumbers);
  }

  /**
   * Returns SOAP with the authors' defaults: those of {@link ScaleBySoap#defaults} (b1 = b2 = 0.95,
   * eps = 1e-8, preconditionFrequency = 10, maxPrecondDim = 10000) and weightDecay = 0.01.
   *
   * @param learningRate multiplies the updates
   * @return the optimizer
   */
  public static Soap of(Schedule learningRate) {
    ScaleBySoap core = ScaleBySoap.defaults();
    return new Soap(
        learningRate,
        core.b1(),
        core.b2(),
        core.shampooBeta(),
        core.eps(),
        new ConstantSchedule(0.01),
        null,
        core.preconditionFrequency(),
        core.maxPrecondDim(),
        core.weightDimensionNumbers());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleBySoap(
            b1, b2, shampooBeta, eps, preconditionFrequency, maxPrecondDim, weightDimensionNumbers),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
