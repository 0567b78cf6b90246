package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;

/**
 * Replaces updates by their sign: -1, 0 or 1 (Bernstein et al., "signSGD: Compressed Optimisation
 * for Non-Convex Problems", 2018, arXiv 1802.04434).
 *
 * <p>As in Optax. Keeps no state. Takes real leaves of any type. It refuses complex ones: wrap the
 * optimizer in {@code splitRealAndImaginary}.
 */
public record ScaleBySign() implements Stateless {
  @Override
  public Tree step(Tree updates, Tree params) {
    return updates.sign();
  }
}
