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
 * GaLore: an optimizer whose state is in subspaces of low rank, for the matrices of large models:
 *
 * <pre>{@code
 * u = -learningRate (galore(g) + weightDecay x)
 * }</pre>
 *
 * <p>where galore(g) is the result of {@link ScaleByGalore}. The decay is that of the whole
 * parameters. With Adam a matrix of m x n numbers, m the larger, needs r m numbers for its subspace
 * and 2 r n for moments, in place of 2 m n.
 *
 * <p>Differs from Optax as {@link ScaleByGalore} does. State: a chain of the states of {@link
 * ScaleByGalore}, {@link AddDecayedWeights} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the updates and the decay; read at count 0 at the first step
 * @param rank the rank of the subspaces, at least 1
 * @param updateProjGap the number of steps from one subspace to the next, at least 1
 * @param scale multiplies the updates of matrices before the decay
 * @param baseOptimizer what runs in the subspaces
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 * @param weightDimensionNumbers chooses the matrices and their axes, all axes of a leaf
 */
@Withers
public record Galore(
    Schedule learningRate,
    int rank,
    int updateProjGap,
    double scale,
    GradientTransformation<?> baseOptimizer,
    Schedule weightDecay,
    @Nullable Predicate<String> mask,
    WeightDimensionNumbers weightDimensionNumbers)
    implements Composite<ChainState>, GaloreWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param rank at least 1
   * @param updateProjGap at least 1
   * @param scale finite
   * @param baseOptimizer a transformation of mean gradients; {@code init} refuses one that keeps
   *     parameters
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @param weightDimensionNumbers any; {@code init} refuses axes that a leaf lacks, and a matrix
   *     some of whose axes are not named
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Galore {
    new ScaleByGalore(rank, updateProjGap, scale, baseOptimizer, weightDimensionNumbers);
  }

  /**
   * Returns GaLore with the defaults of {@link ScaleByGalore#defaults} (rank = 128, updateProjGap =
   * 200, scale = 1 and Adam) and no weight decay.
   *
   * @param learningRate multiplies the updates
   * @return the optimizer
   */
  public static Galore of(Schedule learningRate) {
    ScaleByGalore core = ScaleByGalore.defaults();
    return new Galore(
        learningRate,
        core.rank(),
        core.updateProjGap(),
        core.scale(),
        core.baseOptimizer(),
        new ConstantSchedule(0),
        null,
        core.weightDimensionNumbers());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByGalore(rank, updateProjGap, scale, baseOptimizer, weightDimensionNumbers),
        new AddDecayedWeights(weightDecay, mask),
        ScaleByLearningRate.of(learningRate));
  }
}
