package dev.glissade.arena.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The scale of a chart's axis.
 *
 * @param logarithmic whether equal distances are equal factors
 * @param scale the factor from a number to what its label shows
 * @param unit the text after the numbers of labels
 */
record Axis(double low, double high, boolean logarithmic, double scale, String unit) {
  private static final int MOST_TICKS = 7;

  /** One labeled place of an axis. */
  record Tick(double value, String label) {}

  /** Returns an axis from a little below the smallest to a little above the largest number. */
  static Axis around(double[] numbers, boolean logarithmic) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double x : numbers) {
      if (Double.isFinite(x) && (!logarithmic || x > 0)) {
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
    }
    if (low > high) {
      return plain(logarithmic ? 0.1 : 0, 1, logarithmic);
    }
    if (logarithmic) {
      double margin = Math.max(1.15, Math.pow(high / low, 0.04));
      return plain(low / margin, high * margin, true);
    }
    double margin = high > low ? 0.04 * (high - low) : Math.max(0.01, 0.1 * Math.abs(high));
    return plain(low - margin, high + margin, false);
  }

  /** Returns the axis of a metric, within the numbers that its charts show. */
  static Axis of(Metric metric, double[] numbers) {
    Axis axis = around(numbers, metric.isLogarithmic());
    double low = axis.high > metric.floor() ? Math.max(metric.floor(), axis.low) : axis.low;
    double high = Math.min(metric.ceiling(), axis.high);
    return new Axis(low, high, axis.logarithmic, metric.scale(), metric.unit());
  }

  private static Axis plain(double low, double high, boolean logarithmic) {
    return new Axis(low, high, logarithmic, 1, "");
  }

  /** Returns an axis with exactly these ends. */
  static Axis exactly(double low, double high, boolean logarithmic) {
    return low < high ? plain(low, high, logarithmic) : around(new double[] {low}, logarithmic);
  }

  /** Returns whether the axis has a place for a number, perhaps beyond its ends. */
  boolean holds(double value) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }

  /** Returns the place of a number: 0 at the low end, 1 at the high end. */
  double share(double value) {
    double share =
        logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return Math.max(-2, Math.min(3, share));
  }

  List<Tick> ticks() {
    return logarithmic ? powers() : multiples();
  }

  private List<Tick> powers() {
    int first = (int) Math.ceil(Math.log10(low) - 1e-9);
    int last = (int) Math.floor(Math.log10(high) + 1e-9);
    if (last - first < 1) {
      return ofFewPowers();
    }
    int stride = (last - first) / MOST_TICKS + 1;
    List<Tick> ticks = new ArrayList<>();
    for (int power = first; power <= last; power += stride) {
      ticks.add(tick(Double.parseDouble("1e" + power)));
    }
    return ticks;
  }

  private List<Tick> ofFewPowers() {
    List<Tick> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
      for (int digit : new int[] {1, 2, 5}) {
        double value = Double.parseDouble(digit + "e" + power);
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
          ticks.add(tick(value));
        }
      }
    }
    return ticks;
  }

  private List<Tick> multiples() {
    double rough = (high - low) / MOST_TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = 10 * power;
    for (int digit : new int[] {5, 2, 1}) {
      step = digit * power >= rough ? digit * power : step;
    }
    List<Tick> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(tick(new BigDecimal(i * step).round(new MathContext(10)).doubleValue()));
    }
    return ticks;
  }

  private Tick tick(double value) {
    return new Tick(value, shown(scale * value) + unit);
  }

  /** Returns a number as short as it can be: 0.001, 30, 1e-05, 1e6. */
  static String shown(double value) {
    double size = Math.abs(value);
    if (value != 0 && (size < 1e-3 || size >= 1e5)) {
      BigDecimal number = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
      int exponent = number.precision() - number.scale() - 1;
      return number.movePointLeft(exponent).toPlainString() + "e" + exponent;
    }
    return new BigDecimal(value).round(new MathContext(5)).stripTrailingZeros().toPlainString();
  }
}
