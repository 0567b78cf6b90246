package dev.glissade.privacy.accounting;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * The privacy loss of many steps: the sum of independent losses, by Fourier transforms (Koskela,
 * Jaelkoe and Honkela 2020; Gopi, Lee and Wutschitz 2021). The grid's window leaves out tails of
 * 1e-16, which are counted as if they gave everything away, as is what rounding may hide.
 */
final class ComposedLoss {
  private static final double TAIL = 1e-16;
  private static final int LARGEST_GRID = 1 << 22;
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
   * Of all these steps.
   *
   * @param grid the smallest step of the grid; it is made larger where too many points would be
   *     needed
   */
  static ComposedLoss of(List<SampledGaussian> all, boolean removing, double grid) {
    double step = grid;
    while (true) {
      ComposedLoss loss = tried(all, removing, step);
      if (loss != null) {
        return loss;
      }
      step *= 4;
    }
  }

  private static @Nullable ComposedLoss tried(
      List<SampledGaussian> all, boolean removing, double grid) {
    LossDistribution[] one = new LossDistribution[all.size()];
    for (int j = 0; j < one.length; j++) {
      SampledGaussian steps = all.get(j);
      one[j] = LossDistribution.of(steps.samplingRate(), steps.noiseMultiplier(), removing, grid);
      if (one[j].probabilities().length > LARGEST_GRID) {
        return null;
      }
    }
    double upper = bound(one, all, grid, 1);
    double lower = -bound(one, all, grid, -1);
    double cells = Math.ceil((upper - lower) / grid) + 2;
    if (cells > LARGEST_GRID) {
      return null;
    }
    int size = Math.max(2, Integer.highestOneBit((int) cells) * 2);
    return convolved(one, all, grid, (long) Math.floor(lower / grid), size);
  }

  /** Beyond which the sum, or minus the sum, is with probability 1e-16 (Chernoff). */
  private static double bound(
      LossDistribution[] one, List<SampledGaussian> all, double grid, int sign) {
    double best = Double.POSITIVE_INFINITY;
    for (double t = 1.0 / 1024; t <= 4096; t *= 2) {
      double log = 0;
      for (int j = 0; j < one.length; j++) {
        log += all.get(j).steps() * one[j].logMoment(sign * t, grid);
      }
      best = Math.min(best, (log - Math.log(TAIL)) / t);
    }
    return best;
  }

  private static ComposedLoss convolved(
      LossDistribution[] one, List<SampledGaussian> all, double grid, long lowest, int size) {
    DoubleFFT_1D fourier = new DoubleFFT_1D(size);
    double[] product = new double[2 * size];
    for (int i = 0; i < size; i++) {
      product[2 * i] = 1;
    }
    long base = 0;
    double keptFinite = 0;
    long steps = 0;
    for (int j = 0; j < one.length; j++) {
      long count = all.get(j).steps();
      double[] transform = new double[2 * size];
      for (int i = 0; i < one[j].probabilities().length; i++) {
        transform[2 * (i & (size - 1))] += one[j].probabilities()[i];
      }
      fourier.complexForward(transform);
      multiplyPower(product, transform, count);
      base += count * one[j].first();
      keptFinite += count * Math.log1p(-one[j].infinite());
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
    double scaled = 0;
    for (int i = probabilities.length - 1; i >= 0; i--) {
      double loss = (first + i) * grid;
      // For epsilon between this loss and the next: delta = above - e^epsilon scaled
      if (above - Math.exp(loss) * scaled > delta) {
        return Math.max(0, Math.log((above - delta) / scaled));
      }
      if (loss <= 0) {
        return above - scaled > delta ? Math.log((above - delta) / scaled) : 0;
      }
      above += probabilities[i];
      scaled += probabilities[i] * Math.exp(-loss);
    }
    return 0;
  }
}
