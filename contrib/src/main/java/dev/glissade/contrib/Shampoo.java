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
 * Shampoo, with the size of Adam's steps, for the matrices of a model:
 *
 * <pre>{@code
 * u = -learningRate (shampoo(g) + weightDecay x)
 * }</pre>
 *
 * <p>where shampoo(g) is the result of {@link ScaleByShampoo}: for leaves that are not matrices
 * this is AdamW. Learning rate and decay of AdamW are a good start. A matrix of m x n numbers needs
 * 2 m n + 2 m^2 + 2 n^2 numbers of state.
 *
 * <p>State: a chain of the states of {@link ScaleByShampoo}, {@link AddDecayedWeights} and {@link
 * ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the updates and the decay; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment and the preconditioners, in [0, 1)
 * @param epsilon added to the eigenvalues of preconditioners, positive
 * @param graftingEps added to the root of Adam's second moment, not negative
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 * @param preconditionFrequency the number of steps from one root to the next, at least 1
 * @param maxPrecondDim the length of the longest side that has a preconditioner, not negative
 * @param weightDimensionNumbers chooses the matrices and their axes
 */
@Withers
public record Shampoo(
    Schedule learningRate,
    double b1,
    double b2,
    double epsilon,
    double graftingEps,
    Schedule weightDecay,
    @Nullable Predicate<String> mask,
    int preconditionFrequency,
    int maxPrecondDim,
    WeightDimensionNumbers weightDimensionNumbers)
    implements Composite<ChainState>, ShampooWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param epsilon positive and finite
   * @param graftingEps finite and not negative
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @param preconditionFrequency at least 1
   * @param maxPrecondDim at least 0
   * @param weightDimensionNumbers any; {@code init} refuses axes that a leaf lacks
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Shampoo {
    new ScaleByShampoo(
        b1, b2, epsilon, graftingEps, preconditionFrequency, maxPrecondDim, weightDimensionNumbers);
  }

  /**
   * Returns Shampoo with the defaults of {@link ScaleByShampoo#defaults} (b1 = 0.9, b2 = 0.999,
   * epsilon = 1e-12, graftingEps = 1e-8, preconditionFrequency = 10, maxPrecondDim = 1024) and no
   * weight decay.
   *
   * @param learningRate multiplies the updates
   * @return the optimizer
   */
  public static Shampoo of(Schedule learningRate) {
    ScaleByShampoo core = ScaleByShampoo.defaults();
    return new Shampoo(
        learningRate,
        core.b1(),
        core.b2(),
        core.epsilon(),
        core.graftingEps(),
        new ConstantSchedule(0),
        null,
        core.preconditionFrequency(),
        core.maxPrecondDim(),
        core.weightDimensionNumbers());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByShampoo(
            b1,
            b2,
            epsilon,
            graftingEps,
            preconditionFrequency,
            maxPrecondDim,
            weightDimensionNumbers),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
