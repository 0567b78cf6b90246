package dev.glissade.transform;

import dev.glissade.Axes;
import dev.glissade.Stateless;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Clips the gradient of each output unit to a fraction of the norm of its weights (Brock et al.,
 * "High-Performance Large-Scale Image Recognition Without Normalization", 2021, arXiv 2102.06171):
 *
 * <pre>{@code
 * M = clipping max(||x||, eps)
 * u = g                          if ||g|| < M
 * u = g M / max(||g||, 1e-6)     otherwise
 * }</pre>
 *
 * <p>where ||.|| is the norm of one unit. A unit is what the axes of the inputs span: all axes but
 * the last of a weight of up to five axes, but of three axes only the first. A leaf with at most
 * one axis longer than 1, as a bias is, is one unit.
 *
 * <p>Differs from Optax in the argument layout: Optax knows weights of the layout (in, out) alone.
 * For those of PyTorch pass {@link WeightLayout#OUT_IN}; the adapter to DJL does so. Then the axes
 * of the inputs are all but the first. Gradients are {@linkplain Tree#squarable made squarable}.
 * Keeps no state.
 *
 * @param clipping the largest norm of a unit's gradient relative to its weights, positive
 * @param eps the least norm of weights that counts, positive
 * @param axis the axis over which norms are taken in each leaf, in place of those of the inputs; a
 *     negative one counts from the end; null for the axes of the inputs
 * @param layout which axis belongs to the output units
 */
@Withers
public record AdaptiveGradClip(
    double clipping, double eps, @Nullable Integer axis, WeightLayout layout)
    implements Stateless, AdaptiveGradClipWithers {
  private static final double MIN_NORM = 1e-6;
  private static final int MOST_AXES = 5;

  /**
   * Checks the arguments.
   *
   * @param clipping positive and finite
   * @param eps positive and finite
   * @param axis any axis, or null
   * @param layout any layout
   * @throws IllegalArgumentException if clipping or eps is not positive and finite
   */
  public AdaptiveGradClip {
    Check.positive("clipping", clipping);
    Check.positive("eps", eps);
  }

  /**
   * Returns clipping with eps = 1e-3 for weights whose last axis is the output.
   *
   * @param clipping the largest norm of a unit's gradient relative to its weights, positive
   * @return the transformation
   * @throws IllegalArgumentException if clipping is not positive and finite
   */
  public static AdaptiveGradClip of(double clipping) {
    return new AdaptiveGradClip(clipping, 1e-3, null, WeightLayout.IN_OUT);
  }

  @Override
  public Tree step(Tree gradients, Tree x) {
    Tree g = gradients.squarable();
    Tree norms = unitNorms(g);
    Tree most = unitNorms(x).max(eps).times(clipping);
    Tree factor = norms.lessThan(most).choose(most.fill(1), most.dividedBy(norms.max(MIN_NORM)));
    return g.times(factor.broadcast(g));
  }

  private Tree unitNorms(Tree tree) {
    return tree.square().sumOver(axis == null ? this::inputs : Axes.of(axis)).sqrt();
  }

  private int[] inputs(Structure.Leaf leaf) {
    int rank = leaf.shape().size();
    if (leaf.shape().stream().filter(length -> length > 1).count() <= 1) {
      return Axes.all().of(leaf);
    }
    Check.that(
        rank <= MOST_AXES,
        "a leaf must have at most 5 axes for adaptiveGradClip without axis",
        leaf);
    if (layout == WeightLayout.OUT_IN) {
      return Axes.allBut(0).of(leaf);
    }
    return (rank == 3 ? Axes.of(0) : Axes.allBut(-1)).of(leaf);
  }
}
