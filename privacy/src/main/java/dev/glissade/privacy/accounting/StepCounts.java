package dev.glissade.privacy.accounting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Steps by their kinds, each kind once, as far as they reveal anything. */
final class StepCounts {
  private final Map<SampledGaussian, Long> counts = new LinkedHashMap<>();

  /** Adds some steps; those that reveal nothing are left out. */
  void add(GaussianSteps added) {
    SampledGaussian steps = added.bound().withinReach();
    if (!steps.isNothing()) {
      counts.merge(steps.withCount(1), steps.count(), StepCounts::sum);
    }
  }

  private static Long sum(Long a, Long b) {
    if (a + b < 0) {
      throw new IllegalArgumentException(
          "steps of one kind must be at most %d, but were %d and %d"
              .formatted(Long.MAX_VALUE, a, b));
    }
    return a + b;
  }

  /** All kinds, with their counts. */
  List<SampledGaussian> kinds() {
    return counts.entrySet().stream()
        .map(kind -> kind.getKey().withCount(kind.getValue()))
        .toList();
  }

  /** Whether these have at least as many of each kind as those. */
  boolean cover(StepCounts other) {
    return other.counts.entrySet().stream()
        .allMatch(kind -> counts.getOrDefault(kind.getKey(), 0L) >= kind.getValue());
  }

  /** The same kinds with counts that are larger by this part, rounded down. */
  StepCounts more(double part) {
    StepCounts more = new StepCounts();
    counts.forEach(
        (kind, count) -> more.counts.put(kind, count + (long) Math.min(count * part, 1e18)));
    return more;
  }
}
