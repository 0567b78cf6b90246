package dev.glissade.privacy;

import java.util.Arrays;
import java.util.Locale;

/**
 * The norms of a batch's gradients before clipping. <b>These numbers reveal single examples, and no
 * epsilon counts that</b>: use them to choose a clip on data that are not private. {@link
 * Clipping.Adaptive} chooses one within the budget.
 */
public final class NormReport {
  private final double[] sorted;
  private final double l2NormClip;

  NormReport(double[] norms, int examples, double l2NormClip) {
    this.sorted = Arrays.copyOf(norms, examples);
    this.l2NormClip = l2NormClip;
    Arrays.sort(sorted);
  }

  /** {@return the number of gradients} */
  public int examples() {
    return sorted.length;
  }

  /** {@return the clip C of the batch} */
  public double l2NormClip() {
    return l2NormClip;
  }

  /**
   * Returns the share of norms that are above the clip or not finite.
   *
   * @return from 0 to 1; 0 for an empty batch
   */
  public double fractionClipped() {
    if (sorted.length == 0) {
      return 0;
    }
    return (double) Arrays.stream(sorted).filter(norm -> !(norm <= l2NormClip)).count()
        / sorted.length;
  }

  /**
   * Returns a quantile of the norms: the smallest norm that at least this share of them does not
   * exceed.
   *
   * @param share from 0 to 1
   * @return the quantile; NaN for an empty batch
   */
  public double quantile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be from 0 to 1, but was " + share);
    }
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }

  /** {@return the figures and a warning, in one line} */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d gradients, %.1f %% clipped at %.4g; norms: quarter %.4g, median %.4g, three quarters"
            + " %.4g, largest %.4g (not private: no epsilon covers these numbers)",
        examples(),
        100 * fractionClipped(),
        l2NormClip,
        quantile(0.25),
        quantile(0.5),
        quantile(0.75),
        quantile(1));
  }
}
