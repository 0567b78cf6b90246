package dev.glissade.privacy.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * Composes the distributions of the privacy loss, which states a smaller epsilon than Renyi orders
 * do: for an epsilon below 20 and a delta of 1e-8 and more the truth to some 1e-3, from above; with
 * larger ones or smaller deltas it may be farther above, also above the figure of Renyi orders. The
 * larger of the two directions is stated, adding an example and removing one.
 */
public final class LossDistributionAccountant implements Accountant {
  private final List<SampledGaussian> all = new ArrayList<>();
  private final List<ComposedLoss> composed = new ArrayList<>();
  private Adjacency adjacency = Adjacency.ADD_OR_REMOVE_ONE;

  @Override
  public void add(GaussianSteps added) {
    SampledGaussian steps = added.bound();
    if (steps.isNothing()) {
      return;
    }
    adjacency = GaussianSteps.common(adjacency, added.adjacency());
    composed.clear();
    for (int i = 0; i < all.size(); i++) {
      SampledGaussian known = all.get(i);
      if (known.samplingRate() == steps.samplingRate()
          && known.noiseMultiplier() == steps.noiseMultiplier()) {
        all.set(i, known.withCount(Math.addExact(known.steps(), steps.steps())));
        return;
      }
    }
    all.add(steps);
  }

  private boolean givesAllAway() {
    return all.stream().anyMatch(steps -> steps.noiseMultiplier() == 0);
  }

  private List<ComposedLoss> directions() {
    if (composed.isEmpty()) {
      composed.add(ComposedLoss.of(all, true));
      composed.add(ComposedLoss.of(all, false));
    }
    return composed;
  }

  @Override
  public Guarantee epsilon(double delta) {
    RenyiAccountant.requireDelta(delta);
    double epsilon = 0;
    if (givesAllAway()) {
      epsilon = Double.POSITIVE_INFINITY;
    } else if (!all.isEmpty()) {
      for (ComposedLoss loss : directions()) {
        epsilon = Math.max(epsilon, loss.epsilon(delta));
      }
    }
    return new Guarantee(epsilon, delta, adjacency, "loss distribution", Double.NaN);
  }

  @Override
  public double delta(double epsilon) {
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon must not be negative: " + epsilon);
    }
    if (givesAllAway()) {
      return 1;
    }
    double delta = 0;
    if (!all.isEmpty()) {
      for (ComposedLoss loss : directions()) {
        delta = Math.max(delta, loss.delta(epsilon));
      }
    }
    return delta;
  }
}
