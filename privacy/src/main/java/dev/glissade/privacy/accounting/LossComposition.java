package dev.glissade.privacy.accounting;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Adds up the independent, tilted losses of many steps by Fourier transforms (Koskela, Jaelkoe and
 * Honkela 2020; Gopi, Lee and Wutschitz 2021). The grid's window leaves out tilted tails of 1e-16.
 * They count as hidden, and so does the rounding error of the transforms.
 */
final class LossComposition {
  private static final double TAIL = 1e-16;
  private static final double ROUNDING = 0x1p-53;

  /** Grid points per standard deviation of one step's loss. */
  private static final double POINTS_A_DEVIATION = 128;

  /** How much coarser the grid is for the direction that usually reveals less. */
  private static final double COARSER = 4;

  /** The delta to choose tails by where none is given. */
  private static final double LEAST_DELTA = 1e-30;

  /** The largest grid step; it matters for losses with a large deviation. */
  private static final double COARSEST_GRID = 1e-3;

  /** The most points of a sum's grid; so many take a few tenths of a second. */
  private static final int MOST_POINTS = 1 << 19;

  /** The most grid points of one step's loss. */
  private static final int MOST_OF_ONE = 1 << 18;

  /** The width of a sum's window, in its standard deviations. */
  private static final double WINDOW = 18;

  /** The largest span of one step's loss; a larger one counts as revealing everything. */
  private static final double LARGEST_LOSS = 1e12;

  /** Grid indices below this are exact integers in a double. */
  private static final double MOST_CELLS = 0x1p50;

  private static final int MOST_TRIALS = 6;

  /** The largest error of rough moments, as a difference of logarithms. */
  private static final double NEAR = 1;

  /** Below this power, a number's angle does not matter. */
  private static final double NOTHING = 1e-30;

  /** Beyond this many deviations, a probability is too small for a double. */
  private static final double MOST_DEVIATIONS = 38;

  private LossComposition() {}

  /** Computes the smallest epsilon at a delta that holds in both directions; may be infinite. */
  static double epsilon(List<SampledGaussian> all, double delta) {
    double fine = grid(all);
    double removing = atDelta(all, true, fine, delta).epsilon(delta);
    // Adding an example usually reveals less, so a coarse upper bound is enough.
    double adding = atDelta(all, false, COARSER * fine, delta).epsilon(delta);
    return adding <= removing
        ? removing
        : Math.max(removing, atDelta(all, false, fine, delta).epsilon(delta));
  }

  private static ComposedLoss atDelta(
      List<SampledGaussian> all, boolean removing, double grid, double delta) {
    return composed(all, removing, grid, delta, moments -> moments.ofProbability(Math.log(delta)));
  }

  /** Computes the smallest delta at an epsilon that holds in both directions, to within 1e-30. */
  static double delta(List<SampledGaussian> all, double epsilon) {
    double fine = grid(all);
    return Math.max(
        atEpsilon(all, true, fine, epsilon).delta(epsilon),
        atEpsilon(all, false, fine, epsilon).delta(epsilon));
  }

  static ComposedLoss atEpsilon(
      List<SampledGaussian> all, boolean removing, double grid, double epsilon) {
    return composed(all, removing, grid, LEAST_DELTA, moments -> moments.ofMean(epsilon));
  }

  /** Returns the grid's step: as fine, relative to one step's loss, as the points allow. */
  private static double grid(List<SampledGaussian> all) {
    double variance = 0;
    double count = 0;
    for (SampledGaussian steps : all) {
      double sigma = steps.noiseMultiplier();
      double one = Math.pow(steps.samplingRate(), 2) * Math.expm1(1 / (sigma * sigma));
      variance += steps.steps() * Math.min(one, 1);
      count += steps.steps();
    }
    double fine = Math.min(COARSEST_GRID, Math.sqrt(variance / count) / POINTS_A_DEVIATION);
    return Math.max(fine, WINDOW * Math.sqrt(variance) / MOST_POINTS);
  }

  /** Returns how many deviations to cover so that the rest is a billionth of delta in total. */
  private static double deviations(List<SampledGaussian> all, double delta) {
    double count = all.stream().mapToDouble(SampledGaussian::steps).sum();
    double many = Math.sqrt(2 * (Math.log(count) + Math.log(1e9) - Math.log(delta)));
    return Math.min(many, MOST_DEVIATIONS);
  }

  static ComposedLoss composed(
      List<SampledGaussian> all,
      boolean removing,
      double finest,
      double delta,
      ToDoubleFunction<LossMoments> chosen) {
    double deviations = deviations(all, delta);
    double span = 0;
    for (SampledGaussian steps : all) {
      double one = LossDistribution.span(steps.samplingRate(), steps.noiseMultiplier(), deviations);
      span = Math.max(span, one);
    }
    double grid = Math.max(finest, span / MOST_OF_ONE);
    for (int trial = 0; trial < MOST_TRIALS && span < LARGEST_LOSS; trial++) {
      List<LossDistribution> one = oneOfEach(all, removing, grid, deviations);
      Window window = Window.of(one, all, grid, chosen);
      if (!window.isOnGrid(grid)) {
        break;
      }
      double cells = window.cells(grid);
      if (cells <= MOST_POINTS) {
        int size = Math.max(4, Integer.highestOneBit((int) cells) * 2);
        long lowest = (long) Math.floor(window.lower() / grid);
        return new Convolution(size).of(one, all, grid, window.tilt(), lowest);
      }
      grid *= 1.1 * cells / MOST_POINTS;
    }
    return ComposedLoss.unknown();
  }

  /** The tilt of a sum of losses, and the interval that holds all but its tails. */
  private record Window(LossMoments.At tilt, double lower, double upper) {

    static Window of(
        List<LossDistribution> one,
        List<SampledGaussian> all,
        double grid,
        ToDoubleFunction<LossMoments> chosen) {
      LossMoments exact = LossMoments.of(one, all, grid, true);
      LossMoments rough = LossMoments.of(one, all, grid, false);
      double t = chosen.applyAsDouble(rough);
      if (!(Math.abs(exact.at(t).logBound() - rough.at(t).logBound()) < NEAR)) {
        rough = exact;
        t = chosen.applyAsDouble(exact);
      }
      LossMoments.At tilt = exact.at(t);
      double tail = Math.log(TAIL);
      double lower = -exact.bound(tilt, rough.reach(t, -1, tail), tail);
      double upper = exact.bound(tilt, rough.reach(t, 1, tail), tail);
      return new Window(tilt, lower, upper);
    }

    boolean isOnGrid(double grid) {
      return Math.max(Math.abs(upper), Math.abs(lower)) / grid < MOST_CELLS;
    }

    double cells(double grid) {
      return Math.ceil((upper - lower) / grid) + 2;
    }
  }

  private static List<LossDistribution> oneOfEach(
      List<SampledGaussian> all, boolean removing, double grid, double deviations) {
    return all.stream()
        .map(steps ->
            LossDistribution.of(
                steps.samplingRate(), steps.noiseMultiplier(), removing, grid, deviations))
        .toList();
  }

  /**
   * Convolves losses by transforms of one size; the numbers are real, so half of each is enough.
   */
  private static final class Convolution {
    private final int size;
    private final RealFourier fourier;
    private final double[] re;
    private final double[] im;

    /** Bounds the error of each number of the transform. */
    private final double[] error;

    Convolution(int size) {
      this.size = size;
      this.fourier = new RealFourier(size);
      this.re = new double[size / 2 + 1];
      this.im = new double[size / 2 + 1];
      this.error = new double[size / 2 + 1];
      Arrays.fill(re, 1);
    }

    ComposedLoss of(
        List<LossDistribution> each,
        List<SampledGaussian> all,
        double grid,
        LossMoments.At tilt,
        long lowest) {
      long base = 0;
      double largest = 0;
      double log = 0;
      double keptFinite = 0;
      for (int j = 0; j < each.size(); j++) {
        LossDistribution one = each.get(j);
        long count = all.get(j).steps();
        double[] values = new double[size];
        double norm = LossMoments.Kind.exact(one, grid, 1).at(tilt.t()).log();
        double squares = tilted(one, tilt.t() * grid, norm, values);
        fourier.forward(values);
        multiplyPower(values, count, 4 * ROUNDING * Math.log(size) / Math.log(2) * squares);
        // A long that overflows wraps as the circle does, since its size is a power of two.
        base += count * one.first();
        largest += count * (one.first() + one.probabilities().length - 1.0) * grid;
        log += count * norm;
        keptFinite += count * Math.log1p(-one.infinite());
      }
      double hidden = TAIL + Math.sqrt(energy(error));
      double[] probabilities = back(lowest - base);
      return new ComposedLoss(
          new LossMoments.At(tilt.t(), log, tilt.mean()),
          grid,
          lowest,
          probabilities,
          hidden,
          Math.min(1, -Math.expm1(keptFinite)),
          largest * (largest > 0 ? 1 + 1e-12 : 1));
    }

    /** Puts the tilted probabilities of one step on the circle; returns their 2-norm. */
    private double tilted(LossDistribution one, double tilt, double norm, double[] values) {
      for (int i = 0; i < one.probabilities().length; i++) {
        double p = one.probabilities()[i];
        if (p > 0) {
          values[i & (size - 1)] += Math.exp(Math.log(p) + tilt * (one.first() + i) - norm);
        }
      }
      double squares = 0;
      for (double value : values) {
        squares += value * value;
      }
      return Math.sqrt(squares);
    }

    /** Multiplies, element by element, by the transform to the power of count. */
    private void multiplyPower(double[] transform, long count, double off) {
      double relative = 16 * ROUNDING * (count + 64.0);
      for (int i = 0; i < re.length; i++) {
        double x = i == size / 2 ? transform[1] : transform[2 * i];
        double y = i == 0 || i == size / 2 ? 0 : transform[2 * i + 1];
        double length = Math.sqrt(x * x + y * y);
        double power = Math.exp(count * Math.log(length));
        double before = Math.sqrt(re[i] * re[i] + im[i] * im[i]);
        double most = Math.exp((count - 1) * Math.log(length + off));
        double lost = power * relative + count * off * most;
        error[i] = Math.min(2, error[i] * power + (before + error[i]) * lost);
        double angle = power < NOTHING ? 0 : Math.atan2(y, x) * count;
        double cos = power * Math.cos(angle);
        double sin = power * Math.sin(angle);
        double first = re[i];
        re[i] = first * cos - im[i] * sin;
        im[i] = first * sin + im[i] * cos;
      }
    }

    /** Returns the sum of squares over the whole circle. */
    private double energy(double[] half) {
      double sum = 0;
      for (int i = 0; i < half.length; i++) {
        sum += (i == 0 || i == size / 2 ? 1 : 2) * half[i] * half[i];
      }
      return sum;
    }

    /** Transforms back; returns the probabilities from a place on the circle onwards. */
    private double[] back(long from) {
      double[] values = new double[size];
      for (int i = 1; i < size / 2; i++) {
        values[2 * i] = re[i];
        values[2 * i + 1] = im[i];
      }
      values[0] = re[0];
      values[1] = re[size / 2];
      fourier.inverse(values);
      double[] probabilities = new double[size];
      for (int i = 0; i < size; i++) {
        probabilities[i] = Math.max(0, values[(int) Math.floorMod(from + i, (long) size)]);
      }
      return probabilities;
    }
  }
}
