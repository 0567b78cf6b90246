package dev.glissade.privacy;

import dev.glissade.Scalar;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import java.io.Serializable;

/**
 * How one example's gradient is clipped: what it adds to the sum has at most the norm C, which is
 * {@link #l2NormClip}. An example whose gradient is not finite adds nothing.
 */
public sealed interface Clipping extends Serializable {
  /** {@return the clip C, positive; where C adapts, that of the first batch} */
  double l2NormClip();

  /**
   * Computes what to divide a gradient by.
   *
   * @param norm the gradient's norm
   * @param l2NormClip the clip C of this batch
   * @return the divisor
   */
  Scalar divisor(Scalar norm, Scalar l2NormClip);

  /**
   * Computes what an example adds to the sum: {@code g / divisor}, or zeros if the norm is not
   * finite.
   *
   * <p>Its norm is at most {@code C (1 + 2^-10)} for finite float32 gradients, and {@code C (1 +
   * 2^-36)} for float64 ones. The argument: the exact quotient has at most the norm C times (1 +
   * the relative error of the computed norm), which is below 2^-11 ({@link Tree#norm}). {@link
   * Tree#dividedBy(Scalar)} multiplies by a power of two and by the rest of the reciprocal. Both
   * are normal floats however large the divisor is, while a single factor could be 0 or a denormal
   * of few bits. So each product has a relative error of at most 2^-24 (2^-53 in float64), the
   * reciprocal itself one of 2^-24, and an element that becomes denormal on the way an absolute
   * error of 2^-149, which is less than 2^-100 C for each of 2^31 elements, since C is at least
   * 1e-12 where the bound is claimed. Together they stay below 2^-10.
   *
   * @param gradient the example's gradient g
   * @param norm its norm over all leaves
   * @param l2NormClip the clip C of this batch
   * @return the clipped gradient
   */
  default Tree clipped(Tree gradient, Scalar norm, Scalar l2NormClip) {
    return norm.isFinite().choose(gradient.dividedBy(divisor(norm, l2NormClip)), gradient.zeros());
  }

  /**
   * Flat clipping, {@code g / max(||g|| / C, 1)}, with the norm over all leaves (Abadi et al.
   * 2016).
   *
   * @param l2NormClip C, positive
   */
  record Flat(double l2NormClip) implements Clipping {
    /**
     * Checks the arguments.
     *
     * @param l2NormClip finite and positive
     * @throws IllegalArgumentException if an argument breaks its rule
     */
    public Flat {
      Check.positive("l2NormClip", l2NormClip);
    }

    @Override
    public Scalar divisor(Scalar norm, Scalar c) {
      return norm.dividedBy(c).max(1);
    }
  }

  /**
   * Per-layer clipping: clips each leaf by itself to C over the square root of the number of
   * leaves, so that together they have at most the norm C (McMahan et al. 2018).
   *
   * @param l2NormClip C, positive
   */
  record PerLayer(double l2NormClip) implements Clipping {
    /**
     * Checks the arguments.
     *
     * @param l2NormClip finite and positive
     * @throws IllegalArgumentException if an argument breaks its rule
     */
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

  /**
   * Automatic clipping, {@code C g / (||g|| + gamma)}, with which every gradient counts about the
   * same (Bu et al. 2022).
   *
   * @param l2NormClip C, positive
   * @param gamma positive; gradients much smaller than it count less
   */
  record Automatic(double l2NormClip, double gamma) implements Clipping {
    /**
     * Checks the arguments.
     *
     * @param l2NormClip finite and positive
     * @param gamma finite and positive
     * @throws IllegalArgumentException if an argument breaks its rule
     */
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
   * Flat clipping to a C that follows a quantile of the norms (Andrew et al. 2021, "Differentially
   * private learning with adaptive clipping"). After each batch, with n the number of its examples
   * whose norm is at most C, m the batch's expected size and b its true size:
   *
   * <pre>{@code
   * p = (n - b/2 + N(0, countNoise^2)) / m + 1/2
   * C <- C exp(-learningRate (p - quantile))
   * }</pre>
   *
   * The noisy count uses a part of the noise multiplier z: the gradients' noise multiplier becomes
   * {@code (z^-2 - (2 countNoise)^-2)^(-1/2)}, so that both together reveal as much as one sum with
   * noise multiplier z, and the accountants' figures for z hold.
   *
   * @param l2NormClip C for the first batch
   * @param quantile the quantile of the norms that C follows, from 0 to 1
   * @param learningRate how fast C follows
   * @param countNoise the standard deviation of the count's noise, more than half of z
   */
  record Adaptive(double l2NormClip, double quantile, double learningRate, double countNoise)
      implements Clipping {
    /**
     * Checks the arguments.
     *
     * @param l2NormClip finite and positive
     * @param quantile from 0 to 1
     * @param learningRate finite and positive
     * @param countNoise finite and positive
     * @throws IllegalArgumentException if an argument breaks its rule
     */
    public Adaptive {
      Check.positive("l2NormClip", l2NormClip);
      Check.that(quantile >= 0 && quantile <= 1, "quantile must be from 0 to 1", quantile);
      Check.positive("learningRate", learningRate);
      Check.positive("countNoise", countNoise);
    }

    /**
     * Returns a clipping that follows the median, with the paper's learning rate 0.2 and countNoise
     * expectedBatch / 20.
     *
     * @param l2NormClip C for the first batch
     * @param expectedBatch the expected size of a batch
     * @return the clipping
     */
    public static Adaptive of(double l2NormClip, double expectedBatch) {
      return new Adaptive(l2NormClip, 0.5, 0.2, expectedBatch / 20);
    }

    @Override
    public Scalar divisor(Scalar norm, Scalar c) {
      return new Flat(l2NormClip).divisor(norm, c);
    }

    /** Returns the gradients' noise multiplier, such that both noises together count as z. */
    double gradientNoise(double z) {
      double count = 2 * countNoise;
      Check.that(
          z < count, "countNoise must be more than half the noise multiplier " + z, countNoise);
      return z / Math.sqrt((1 - z / count) * (1 + z / count));
    }

    /** Returns C for the next batch. */
    double next(double c, double noisedCount, double expectedBatch) {
      double share = noisedCount / expectedBatch + 0.5;
      return c * Math.exp(-learningRate * (share - quantile));
    }
  }
}
