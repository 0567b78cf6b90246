package dev.glissade.transform;

import dev.glissade.LineSearch;

/** The searches of {@link ScaleByZoomLinesearch} in one compiled step. */
final class Zoom implements LineSearch {
  /** Interpolated points this near to an end of the interval, as a part of it, do not count. */
  private static final double CUBIC_MARGIN = 0.2;

  private static final double QUADRATIC_MARGIN = 0.1;

  private final ScaleByZoomLinesearch options;
  private final double largest;

  /** The point evaluated last. */
  private double s;

  private double f;
  private double d;
  private double off;
  private double bend;

  /** The best point that decreases the loss enough. */
  private double safe;

  private double fSafe;

  /** The end of the interval with the smaller loss, the other end, and a third point. */
  private double low;

  private double fLow;
  private double dLow;
  private double high;
  private double fHigh;
  private double ref;
  private double fRef;

  Zoom(ScaleByZoomLinesearch options) {
    this.options = options;
    Double most = options.maxLearningRate();
    this.largest = most == null ? Double.POSITIVE_INFINITY : most;
  }

  @Override
  public double search(Line line) {
    s = 0;
    f = line.value0();
    d = line.slope0();
    safe = 0;
    fSafe = f;
    if (!(d < 0)) {
      line.report(d == 0 ? 0 : Double.POSITIVE_INFINITY, 0);
      return 0;
    }
    boolean done = bracket(line) || narrow(line);
    line.report(safe > 0 || done ? off : Double.POSITIVE_INFINITY, bend);
    return done ? s : safe;
  }

  /** Goes on until an interval holds a good point; returns whether the search has ended. */
  private boolean bracket(Line line) {
    for (int n = 0; hasTries(line); n++) {
      double sBefore = s;
      double fBefore = f;
      double dBefore = d;
      double larger = n == 0 ? line.guess() : options.increaseFactor() * s;
      if (larger > Double.MAX_VALUE && largest > Double.MAX_VALUE) {
        return false; // the loss falls for ever
      }
      evaluate(line, Math.min(larger, largest));
      if (off <= options.tol()) {
        safe = s;
        fSafe = f;
      }
      boolean up = off > 0 || (f >= fBefore && n > 0);
      boolean turned = d >= 0 && !up;
      if (isGood() || (!up && !turned && s >= largest)) {
        return true;
      }
      if (up || turned) {
        setLow(turned ? s : sBefore, turned ? f : fBefore, turned ? d : dBefore);
        high = turned ? sBefore : s;
        fHigh = turned ? fBefore : f;
        ref = low;
        fRef = fLow;
        return false;
      }
    }
    return false;
  }

  /** Narrows the interval; returns whether the point evaluated last is good. */
  private boolean narrow(Line line) {
    while (hasTries(line)) {
      boolean isNarrow = Math.abs(high - low) <= options.stepsizePrecision();
      evaluate(line, between());
      if (off <= options.tol() && f < fSafe) {
        safe = s;
        fSafe = f;
      }
      if (isGood()) {
        return true;
      }
      boolean up = off > 0 || f >= fLow;
      boolean turned = d * (high - low) >= 0 && !up;
      ref = up || turned ? high : low;
      fRef = up || turned ? fHigh : fLow;
      if (up) {
        high = s;
        fHigh = f;
      } else {
        if (turned) {
          high = low;
          fHigh = fLow;
        }
        setLow(s, f, d);
      }
      if (isNarrow && safe > 0) {
        return false;
      }
    }
    return false;
  }

  private boolean hasTries(Line line) {
    return line.evaluations() < options.maxLinesearchSteps();
  }

  private boolean isGood() {
    return Math.max(off, bend) <= options.tol();
  }

  private void setLow(double at, double value, double slope) {
    low = at;
    fLow = value;
    dLow = slope;
  }

  private void evaluate(Line line, double at) {
    s = at;
    f = line.evaluate(at);
    d = line.slope();
    double d0 = line.slope0();
    double exact = f - line.value0() - options.slopeRtol() * s * d0;
    double excess = Math.min(exact, nearMinimum(line, f, d));
    off = Double.isFinite(f) ? error(excess) : Double.POSITIVE_INFINITY;
    bend = error(Math.abs(d) - options.curvRtol() * Math.abs(d0));
  }

  /** Returns the excess over the approximate condition of decrease; infinity without one. */
  private double nearMinimum(Line line, double value, double slope) {
    Double tolerance = options.approxDecRtol();
    return tolerance == null
        ? Double.POSITIVE_INFINITY
        : Math.max(
            slope - (2 * options.slopeRtol() - 1) * line.slope0(),
            value - line.value0() - tolerance * Math.abs(line.value0()));
  }

  private static double error(double excess) {
    return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : Math.max(excess, 0);
  }

  /** Returns the minimum of a cubic, else of a parabola, else the middle of the interval. */
  private double between() {
    double cubic = cubicMinimum();
    if (isInside(cubic, CUBIC_MARGIN)) {
      return cubic;
    }
    double parabola = quadraticMinimum();
    return isInside(parabola, QUADRATIC_MARGIN) ? parabola : (low + high) / 2;
  }

  private boolean isInside(double point, double margin) {
    double distance = margin * Math.abs(high - low);
    return point > Math.min(low, high) + distance && point < Math.max(low, high) - distance;
  }

  /** Returns the minimum of the cubic through f and d at low, f at high, and f at ref. */
  private double cubicMinimum() {
    double db = high - low;
    double dc = ref - low;
    double scale = db * db * dc * dc * (db - dc);
    double rb = fHigh - fLow - dLow * db;
    double rc = fRef - fLow - dLow * dc;
    double a = (dc * dc * rb - db * db * rc) / scale;
    double b = (-dc * dc * dc * rb + db * db * db * rc) / scale;
    return low + (-b + Math.sqrt(b * b - 3 * a * dLow)) / (3 * a);
  }

  /** Returns the minimum of the parabola through f and d at low, and f at high. */
  private double quadraticMinimum() {
    double db = high - low;
    double b = (fHigh - fLow - dLow * db) / (db * db);
    return low - dLow / (2 * b);
  }
}
