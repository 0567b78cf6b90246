package dev.glissade.privacy.accounting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts of steps by kind, without those that reveal nothing. */
final class StepCounts {
  private final Map<SampledGaussian, Long> counts = new LinkedHashMap<>();

  /** Adds steps, unless they reveal nothing. */
  void add(GaussianSteps added) {
    SampledGaussian steps = added.bound().withinReach();
    if (!steps.isNothing()) {
      counts.merge(steps.withCount(1), steps.count(), StepCounts::sum);
    }
  }

  private static Long sum(Long a, Long b) {
    if (a + b < 0) {
      throw new IllegalArgumentException(
          "the count of steps must be at most %d, but was %d plus %d"
              .formatted(Long.MAX_VALUE, a, b));
    }
    return a + b;
  }

  /** Returns all kinds, with their counts. */
  List<SampledGaussian> kinds() {
    return counts.entrySet().stream()
        .map(kind -> kind.getKey().withCount(kind.getValue()))
        .toList();
  }

  /** Returns whether these are at least as many of each kind as the others. */
  boolean cover(StepCounts other) {
    return other.counts.entrySet().stream()
        .allMatch(kind -> counts.getOrDefault(kind.getKey(), 0L) >= kind.getValue());
  }

  /** Returns the same kinds with counts that are larger by this fraction, rounded down. */
  StepCounts more(double part) {
    StepCounts more = new StepCounts();
    counts.forEach(
        (kind, count) -> more.counts.put(kind, count + (long) Math.min(count * part, 1e18)));
    return more;
  }
}
