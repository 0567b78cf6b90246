package dev.glissade.arena.train;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a comparison or one point of a sweep: an optimizer and how to train with it.
 *
 * @param labelNoise the share of wrong train labels
 * @param targetEpsilon trains privately within this epsilon; null for ordinary training
 */
public record Candidate(
    OptimizerSpec spec, Plan plan, double labelNoise, @Nullable Double targetEpsilon) {

  /** Makes a candidate for ordinary training on the labels as they are. */
  public Candidate(OptimizerSpec spec, Plan plan) {
    this(spec, plan, 0, null);
  }

  /** Returns a candidate for each optimizer, all with the same plan. */
  public static List<Candidate> all(List<OptimizerSpec> specs, Plan plan) {
    return specs.stream().map(spec -> new Candidate(spec, plan)).toList();
  }

  /** Returns the same candidate with wrong labels. */
  public Candidate labelNoise(double share) {
    return new Candidate(spec, plan, share, targetEpsilon);
  }
}
