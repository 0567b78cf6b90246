package dev.glissade.privacy;

import java.util.Arrays;
import java.util.Locale;

/**
 * Norms of a batch's gradients before they were clipped. <b>Whoever sees these numbers learns of
 * single examples what no epsilon counts</b>: they are for choosing a clip on data that are not
 * private. {@link Clipping.Adaptive} chooses one within the budget.
 */
public final class NormReport {
  private final double[] sorted;
  private final double l2NormClip;

  NormReport(double[] norms, int examples, double l2NormClip) {
    this.sorted = Arrays.copyOf(norms, examples);
    this.l2NormClip = l2NormClip;
    Arrays.sort(sorted);
  }

  /** How many gradients there were. */
  public int examples() {
    return sorted.length;
  }

  /** The clip that was used. */
  public double l2NormClip() {
    return l2NormClip;
  }

  /** The share of norms above the clip, those not finite among them; 0 of none. */
  public double fractionClipped() {
    if (sorted.length == 0) {
      return 0;
    }
    return (double) Arrays.stream(sorted).filter(norm -> !(norm <= l2NormClip)).count()
        / sorted.length;
  }

  /**
   * The smallest norm that at least this share of the norms does not exceed; NaN of none.
   *
   * @param share from 0 to 1
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

  /** The figures and the warning, as one line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d gradients, %.1f %% clipped at %.4g; norms: quarter %.4g, median %.4g, three quarters"
            + " %.4g, largest %.4g (not private: no epsilon counts these numbers)",
        examples(),
        100 * fractionClipped(),
        l2NormClip,
        quantile(0.25),
        quantile(0.5),
        quantile(0.75),
        quantile(1));
  }
}
