package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales the updates of each leaf so that their root mean square is at most a threshold (Shazeer
 * and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018, arXiv
 * 1804.04235, section 6):
 *
 * <pre>{@code
 * u = g / max(1, rms(g) / threshold)        rms(g) of one leaf
 * }</pre>
 *
 * <p>Differs from Optax in that the sum of squares does not overflow in float32. Takes leaves of
 * any real type. Keeps no state.
 *
 * @param threshold the largest root mean square of a leaf, positive
 */
@Withers
public record ClipByBlockRms(double threshold) implements Stateless, ClipByBlockRmsWithers {
  /**
   * Checks the threshold.
   *
   * @param threshold positive and finite
   * @throws IllegalArgumentException if the threshold is not positive and finite
   */
  public ClipByBlockRms {
    Check.positive("threshold", threshold);
  }

  @Override
  public Tree step(Tree g, Tree params) {
    Tree divisor = g.leafRms().dividedBy(threshold).max(1);
    return g.dividedBy(divisor.broadcast(g));
  }
}
