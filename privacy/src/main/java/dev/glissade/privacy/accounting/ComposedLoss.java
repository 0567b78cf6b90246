package dev.glissade.privacy.accounting;

import java.util.List;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * The privacy loss of many steps: the sum of independent losses, by Fourier transforms (Koskela,
 * Jaelkoe and Honkela 2020; Gopi, Lee and Wutschitz 2021). The grid's window leaves out tails of
 * 1e-16, which are counted as if they gave everything away, as is what rounding may hide.
 */
final class ComposedLoss {
  static final double TAIL = 1e-16;
  private static final double USUAL_GRID = 1e-4;
  private static final double FINEST_GRID = 1e-9;

  /** Of one step; a larger one is taken as if everything were given away. */
  private static final double LARGEST_LOSS = 1e12;

  private static final int LARGEST_GRID = 1 << 22;

  /** As many points take a second or two. */
  private static final int FINE_GRID = 1 << 20;

  private static final double ROUNDING = 0x1p-52;

  private final double grid;
  private final long first;
  private final double[] probabilities;
  private final double infinite;

  private ComposedLoss(double grid, long first, double[] probabilities, double infinite) {
    this.grid = grid;
    this.first = first;
    this.probabilities = probabilities;
    this.infinite = infinite;
  }

  /**
   * Of all these steps, on a grid that is fine beside the loss of one step, or else as fine as a
   * number of points allows.
   */
  static ComposedLoss of(List<SampledGaussian> all, boolean removing) {
    return of(all, removing, grid(all));
  }

  private static double grid(List<SampledGaussian> all) {
    double step = USUAL_GRID;
    for (SampledGaussian steps : all) {
      double sigma = steps.noiseMultiplier();
      double spread = steps.samplingRate() * Math.sqrt(Math.expm1(1 / (sigma * sigma)));
      step = Math.max(FINEST_GRID, Math.min(step, spread / 64));
    }
    return step;
  }

  static ComposedLoss of(List<SampledGaussian> all, boolean removing, double grid) {
    double span = 0;
    for (SampledGaussian steps : all) {
      span = Math.max(span, LossDistribution.span(steps.samplingRate(), steps.noiseMultiplier()));
    }
    double step = grid;
    while (span < LARGEST_LOSS) {
      int points = step < USUAL_GRID ? FINE_GRID : LARGEST_GRID;
      double cells = span / step + 4;
      if (cells <= points) {
        List<LossDistribution> one = oneOfEach(all, removing, step);
        LossMoments moments = LossMoments.of(one, all, step);
        double lower = -moments.bound(-1);
        cells = Math.ceil((moments.bound(1) - lower) / step) + 2;
        if (cells <= points) {
          int size = Math.max(2, Integer.highestOneBit((int) cells) * 2);
          return convolved(one, all, step, (long) Math.floor(lower / step), size);
        }
      }
      double coarser = step * Math.ceil(cells / points);
      step = step < USUAL_GRID ? Math.min(coarser, USUAL_GRID) : coarser;
    }
    return new ComposedLoss(grid, 0, new double[1], 1);
  }

  private static List<LossDistribution> oneOfEach(
      List<SampledGaussian> all, boolean removing, double grid) {
    return all.stream()
        .map(steps ->
            LossDistribution.of(steps.samplingRate(), steps.noiseMultiplier(), removing, grid))
        .toList();
  }

  private static ComposedLoss convolved(
      List<LossDistribution> each, List<SampledGaussian> all, double grid, long lowest, int size) {
    DoubleFFT_1D fourier = new DoubleFFT_1D(size);
    double[] product = new double[2 * size];
    for (int i = 0; i < size; i++) {
      product[2 * i] = 1;
    }
    long base = 0;
    double keptFinite = 0;
    long steps = 0;
    for (int j = 0; j < each.size(); j++) {
      LossDistribution one = each.get(j);
      long count = all.get(j).steps();
      double[] transform = new double[2 * size];
      for (int i = 0; i < one.probabilities().length; i++) {
        transform[2 * (i & (size - 1))] += one.probabilities()[i];
      }
      fourier.complexForward(transform);
      multiplyPower(product, transform, count);
      base += count * one.first();
      keptFinite += count * Math.log1p(-one.infinite());
      steps += count;
    }
    double energy = 0;
    for (double part : product) {
      energy += part * part;
    }
    double hidden = 8 * ROUNDING * (steps + 64) * Math.sqrt(energy);
    fourier.complexInverse(product, true);
    double[] probabilities = new double[size];
    for (int i = 0; i < size; i++) {
      int at = (int) Math.floorMod(lowest + i - base, (long) size);
      probabilities[i] = Math.max(0, product[2 * at]);
    }
    double infinite = -Math.expm1(keptFinite) + TAIL + hidden;
    return new ComposedLoss(grid, lowest, probabilities, Math.min(1, infinite));
  }

  /** product times transform to the power of count, number by number. */
  private static void multiplyPower(double[] product, double[] transform, long count) {
    for (int i = 0; i < product.length; i += 2) {
      double power = Math.pow(Math.hypot(transform[i], transform[i + 1]), (double) count);
      double angle = Math.atan2(transform[i + 1], transform[i]) * count;
      double re = power * Math.cos(angle);
      double im = power * Math.sin(angle);
      double before = product[i];
      product[i] = before * re - product[i + 1] * im;
      product[i + 1] = before * im + product[i + 1] * re;
    }
  }

  /** P[loss = infinite] + E[max(0, 1 - e^(epsilon - loss))]. */
  double delta(double epsilon) {
    double delta = infinite;
    for (int i = probabilities.length - 1; i >= 0; i--) {
      double loss = (first + i) * grid;
      if (loss <= epsilon) {
        break;
      }
      delta -= probabilities[i] * Math.expm1(epsilon - loss);
    }
    return Math.min(1, delta);
  }

  /** The smallest epsilon of 0 or more with this delta; infinite if there is none. */
  double epsilon(double delta) {
    if (infinite > delta) {
      return Double.POSITIVE_INFINITY;
    }
    double above = infinite;
    // the sum of p e^(loss - l) over the losses l above this one
    double scaled = 0;
    double decay = Math.exp(-grid);
    for (int i = probabilities.length - 1; i >= 0; i--) {
      double loss = (first + i) * grid;
      // For epsilon between this loss and the next: delta = above - e^(epsilon - loss) scaled
      if (above - scaled > delta || loss <= 0) {
        return solved(above, scaled, delta, loss, loss + grid);
      }
      above += probabilities[i];
      scaled = (scaled + probabilities[i]) * decay;
    }
    // below all losses: as above, with the one more step of the grid that scaled has gone
    return solved(above, scaled, delta, (first - 1) * grid, first * grid);
  }

  /** Where above - e^(epsilon - loss) scaled is delta; at least 0, at most a limit. */
  private static double solved(
      double above, double scaled, double delta, double loss, double most) {
    if (above <= delta) {
      return 0;
    }
    return Math.max(0, Math.min(most, loss + Math.log((above - delta) / scaled)));
  }
}
