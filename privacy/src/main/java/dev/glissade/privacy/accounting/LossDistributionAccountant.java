package dev.glissade.privacy.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * Composes the distributions of the privacy loss, which usually gives a smaller epsilon than Renyi
 * orders. It states the larger figure of the two directions, adding an example and removing one.
 *
 * <p>Its figures are upper bounds: all rounding, to grids and in arithmetic, goes up or is added.
 * How tight they are:
 *
 * <ul>
 *   <li>Without sampling, where the loss is normal, epsilon is exact to a relative 1e-6, for any
 *       delta that a double can hold.
 *   <li>With sampling, up to 100,000 steps in total, a noise multiplier of at least 0.3 and a delta
 *       of at least 1e-280, epsilon is too large by at most 1e-4 of it plus 1e-5.
 *   <li>With more steps the excess grows, and above about 1e9 steps or with much less noise the
 *       figure may exceed that of Renyi orders. For smaller deltas, and where nothing else can be
 *       stated, the figure is that of sums over all examples. {@link TightestAccountant} takes the
 *       smaller of the two.
 * </ul>
 *
 * <p>An epsilon takes some tenths of a second, at most a few seconds.
 */
public final class LossDistributionAccountant implements Accountant {
  /** The factor that raises the figures to cover the rounding of the last formulas. */
  private static final double MARGIN = 1 + 1e-12;

  /** Below this delta, single probabilities are too small for doubles. */
  private static final double LEAST_DELTA = 1e-280;

  private final StepCounts all = new StepCounts();
  private Adjacency adjacency = Adjacency.ADD_OR_REMOVE_ONE;

  /** Creates an accountant without steps. */
  public LossDistributionAccountant() {}

  @Override
  public void add(GaussianSteps added) {
    if (!added.bound().isNothing()) {
      adjacency = GaussianSteps.common(adjacency, added.adjacency());
      all.add(added);
    }
  }

  /** Returns the same steps with all those without sampling merged into one. */
  private List<SampledGaussian> kinds() {
    List<SampledGaussian> kinds = new ArrayList<>();
    double squares = 0;
    for (SampledGaussian steps : all.kinds()) {
      if (steps.samplingRate() == 1) {
        double mu = Math.sqrt((double) steps.steps()) / steps.noiseMultiplier();
        squares += mu * mu * MARGIN;
      } else {
        kinds.add(steps);
      }
    }
    if (squares > 0) {
      kinds.add(new SampledGaussian(1, 1 / Math.sqrt(squares), 1));
    }
    return kinds;
  }

  private static boolean isNormal(List<SampledGaussian> kinds) {
    return kinds.size() == 1 && kinds.get(0).samplingRate() == 1;
  }

  private static boolean givesAllAway(List<SampledGaussian> kinds) {
    return kinds.stream().anyMatch(steps -> steps.noiseMultiplier() == 0);
  }

  @Override
  public Guarantee epsilon(double delta) {
    RenyiAccountant.requireDelta(delta);
    return new Guarantee(figure(delta), delta, adjacency, "loss distribution", Double.NaN);
  }

  private double figure(double delta) {
    List<SampledGaussian> kinds = kinds();
    if (kinds.isEmpty()) {
      return 0;
    }
    if (givesAllAway(kinds)) {
      return Double.POSITIVE_INFINITY;
    }
    if (isNormal(kinds)) {
      return new GaussianLoss(1 / kinds.get(0).noiseMultiplier()).epsilon(delta);
    }
    double composed =
        delta < LEAST_DELTA
            ? Double.POSITIVE_INFINITY
            : LossComposition.epsilon(kinds, delta) * MARGIN;
    return Double.isInfinite(composed) ? unsampled(kinds).epsilon(delta) : composed;
  }

  @Override
  public double delta(double epsilon) {
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon must not be negative, but was " + epsilon);
    }
    List<SampledGaussian> kinds = kinds();
    if (kinds.isEmpty()) {
      return 0;
    }
    if (givesAllAway(kinds)) {
      return 1;
    }
    if (isNormal(kinds)) {
      return new GaussianLoss(1 / kinds.get(0).noiseMultiplier()).delta(epsilon);
    }
    double composed = LossComposition.delta(kinds, epsilon) * MARGIN;
    return Math.min(composed, unsampled(kinds).delta(epsilon));
  }

  /**
   * Returns the loss of the same sums over all examples. It bounds that of sums over a sample: the
   * outcomes with and without an example are mixtures that share the part without it, and
   * divergences are convex.
   */
  private static GaussianLoss unsampled(List<SampledGaussian> kinds) {
    double squares = 0;
    for (SampledGaussian steps : kinds) {
      double mu = 1 / steps.noiseMultiplier();
      squares += steps.steps() * mu * mu * MARGIN;
    }
    return new GaussianLoss(Math.sqrt(squares));
  }
}
