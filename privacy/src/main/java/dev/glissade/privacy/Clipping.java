package dev.glissade.privacy;

import dev.glissade.Scalar;
import dev.glissade.Tree;
import dev.glissade.records.Check;

/**
 * How one example's gradient is kept small: what it adds to the sum has at most the norm C, which
 * is {@link #l2NormClip}. An example whose gradient is not finite adds nothing.
 */
public sealed interface Clipping {
  /** C; at the beginning, where it is adapted. */
  double l2NormClip();

  /** Computes what a gradient with this norm is divided by. */
  Scalar divisor(Scalar norm, Scalar l2NormClip);

  /**
   * Computes the example's part of the sum, {@code g / divisor}.
   *
   * <p>Its norm is at most {@code C (1 + 2^-10)} for all finite gradients of float32, and {@code C
   * (1 + 2^-36)} for those of float64. The argument: the true quotient has at most the norm C times
   * the relative error of the computed norm, which is below 2^-11 ({@link Tree#norm}). {@link
   * Tree#dividedBy(Scalar)} multiplies by a power of two and by what is left of the reciprocal,
   * each of which is a normal float however large the divisor is; a single factor could be a
   * denormal one of few bits, or 0. So each product has a relative error of at most 2^-24 (2^-53 in
   * float64), the reciprocal itself one of 2^-24, and an element that becomes denormal on the way
   * an absolute one of 2^-149, which is less than 2^-100 C for each of 2^31 elements, since C is at
   * least 1e-12 where the bound is claimed. All this together is below 2^-10.
   */
  default Tree clipped(Tree gradient, Scalar norm, Scalar l2NormClip) {
    return norm.isFinite().choose(gradient.dividedBy(divisor(norm, l2NormClip)), gradient.zeros());
  }

  /** {@code g / max(||g|| / C, 1)}, the norm over all leaves (Abadi et al. 2016). */
  record Flat(double l2NormClip) implements Clipping {
    public Flat {
      Check.positive("l2NormClip", l2NormClip);
    }

    @Override
    public Scalar divisor(Scalar norm, Scalar c) {
      return norm.dividedBy(c).max(1);
    }
  }

  /**
   * Each leaf by itself, to C over the root of the number of leaves, so that all together have at
   * most the norm C (McMahan et al. 2018).
   */
  record PerLayer(double l2NormClip) implements Clipping {
    public PerLayer {
      Check.positive("l2NormClip", l2NormClip);
    }

    @Override
    public Scalar divisor(Scalar norm, Scalar c) {
      return new Flat(l2NormClip).divisor(norm, c);
    }

    @Override
    public Tree clipped(Tree gradient, Scalar norm, Scalar c) {
      Scalar each = c.dividedBy(Math.sqrt(Math.max(1, gradient.structure().leaves())));
      Tree clipped = Tree.empty();
      for (String path : gradient.structure().paths()) {
        Tree leaf = gradient.select(path::equals);
        clipped = clipped.merge(leaf.dividedBy(divisor(leaf.norm(), each)));
      }
      return norm.isFinite().choose(clipped, clipped.zeros());
    }
  }

  /** {@code C g / (||g|| + gamma)}: every gradient counts about the same (Bu et al. 2022). */
  record Automatic(double l2NormClip, double gamma) implements Clipping {
    public Automatic {
      Check.positive("l2NormClip", l2NormClip);
      Check.positive("gamma", gamma);
    }

    @Override
    public Scalar divisor(Scalar norm, Scalar c) {
      return norm.plus(gamma).dividedBy(c);
    }
  }

  /**
   * Flat, to a C that follows a quantile of the norms (Andrew et al. 2021, "Differentially private
   * learning with adaptive clipping"). After each batch, with n the number of its examples whose
   * norm is at most C, m the batch's expected size, b its true one:
   *
   * <pre>{@code
   * p = (n - b/2 + N(0, countNoise^2)) / m + 1/2
   * C <- C exp(-learningRate (p - quantile))
   * }</pre>
   *
   * The noise of the count takes its part of the noise multiplier z: that of the gradients becomes
   * {@code (z^-2 - (2 countNoise)^-2)^(-1/2)}, so that both together reveal as much as one sum with
   * noise multiplier z, and the accountants' figures for z hold.
   *
   * @param l2NormClip C for the first batch
   * @param quantile of the norms that C shall be at, from 0 to 1
   * @param learningRate how fast it gets there
   * @param countNoise standard deviation of the noise of the count, more than half of z
   */
  record Adaptive(double l2NormClip, double quantile, double learningRate, double countNoise)
      implements Clipping {
    public Adaptive {
      Check.positive("l2NormClip", l2NormClip);
      Check.that(quantile >= 0 && quantile <= 1, "quantile must be from 0 to 1", quantile);
      Check.positive("learningRate", learningRate);
      Check.positive("countNoise", countNoise);
    }

    /** At the median, with the paper's learning rate .2 and countNoise expectedBatch / 20. */
    public static Adaptive of(double l2NormClip, double expectedBatch) {
      return new Adaptive(l2NormClip, 0.5, 0.2, expectedBatch / 20);
    }

    @Override
    public Scalar divisor(Scalar norm, Scalar c) {
      return new Flat(l2NormClip).divisor(norm, c);
    }

    /** The gradients' noise multiplier, such that both noises together count as z. */
    double gradientNoise(double z) {
      double count = 2 * countNoise;
      Check.that(
          z < count, "countNoise must be more than half the noise multiplier " + z, countNoise);
      return z / Math.sqrt((1 - z / count) * (1 + z / count));
    }

    /** C for the next batch. */
    double next(double c, double noisedCount, double expectedBatch) {
      double share = noisedCount / expectedBatch + 0.5;
      return c * Math.exp(-learningRate * (share - quantile));
    }
  }
}
