package dev.glissade.privacy;

import dev.glissade.Scalar;
import dev.glissade.Tree;
import dev.glissade.tree.Check;

/** How one example's gradient is kept small; its norm is at most {@link #sensitivity}. */
public sealed interface Clipping {

  /** The example's part of the sum. */
  Tree clipped(Tree gradient);

  /** The largest norm of what {@link #clipped} gives. */
  double sensitivity();

  /** {@code g / max(||g|| / l2NormClip, 1)}, the norm over all leaves (Abadi et al. 2016). */
  record Flat(double l2NormClip) implements Clipping {
    public Flat {
      Check.positive("l2NormClip", l2NormClip);
    }

    @Override
    public Tree clipped(Tree gradient) {
      Scalar norm = gradient.norm();
      Scalar scale = Scalar.of(1).dividedBy(norm.dividedBy(l2NormClip).max(1));
      return finite(norm, gradient.times(scale));
    }

    @Override
    public double sensitivity() {
      return l2NormClip;
    }
  }

  /**
   * Each leaf by itself, to l2NormClip over the root of the number of leaves, so that all together
   * have at most the norm l2NormClip (McMahan et al. 2018).
   */
  record PerLayer(double l2NormClip) implements Clipping {
    public PerLayer {
      Check.positive("l2NormClip", l2NormClip);
    }

    @Override
    public Tree clipped(Tree gradient) {
      Flat each = new Flat(l2NormClip / Math.sqrt(Math.max(1, gradient.structure().leaves())));
      Tree clipped = Tree.empty();
      for (String path : gradient.structure().paths()) {
        clipped = clipped.merge(each.clipped(gradient.select(path::equals)));
      }
      return clipped;
    }

    @Override
    public double sensitivity() {
      return l2NormClip;
    }
  }

  /** {@code c g / (||g|| + gamma)}: every gradient counts about the same (Bu et al. 2022). */
  record Automatic(double l2NormClip, double gamma) implements Clipping {
    public Automatic {
      Check.positive("l2NormClip", l2NormClip);
      Check.positive("gamma", gamma);
    }

    @Override
    public Tree clipped(Tree gradient) {
      Scalar norm = gradient.norm();
      return finite(norm, gradient.times(Scalar.of(l2NormClip).dividedBy(norm.plus(gamma))));
    }

    @Override
    public double sensitivity() {
      return l2NormClip;
    }
  }

  /** An example whose gradient is not finite adds nothing. */
  private static Tree finite(Scalar norm, Tree clipped) {
    return norm.isFinite().choose(clipped, clipped.zeros());
  }
}
