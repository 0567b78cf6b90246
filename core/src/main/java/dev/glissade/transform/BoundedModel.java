package dev.glissade.transform;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The quadratic model of L-BFGS-B around x, {@code <g, d> + <d, B d> / 2} for a step d that stays
 * within bounds, with B = theta I - W M W' and W = [Y, theta S] (Byrd, Lu, Nocedal and Zhu, 1995,
 * in the paper's letters).
 */
final class BoundedModel {
  private final double[] x;
  private final double[] g;
  private final double[] lower;
  private final double[] upper;
  private final double theta;

  /** The columns of W, and the matrix M. */
  private final double[][] w;

  private final double[][] m;

  /** The Cauchy point, and W' times its distance from x. */
  private final double[] cauchy;

  private final double[] c;

  /**
   * @param s the changes of x, oldest first
   * @param y the changes of g, with positive {@code <s, y>}
   */
  BoundedModel(double[] x, double[] g, double[] lower, double[] upper, double[][] s, double[][] y) {
    this.x = x;
    this.g = g;
    this.lower = lower;
    this.upper = upper;
    int k = s.length;
    this.theta = k == 0 ? 1 : dot(y[k - 1], y[k - 1]) / dot(s[k - 1], y[k - 1]);
    this.w = new double[2 * k][];
    for (int i = 0; i < k; i++) {
      double[] si = s[i];
      w[i] = y[i];
      w[k + i] = IntStream.range(0, x.length).mapToDouble(at -> theta * si[at]).toArray();
    }
    this.m = SmallMatrices.inverse(inverseOfM(s, y));
    this.cauchy = x.clone();
    this.c = new double[2 * k];
  }

  /** Returns [[-D, L'], [L, theta S'S]] with the diagonal D and the lower triangle L of S'Y. */
  private double[][] inverseOfM(double[][] s, double[][] y) {
    int k = s.length;
    double[][] inverse = new double[2 * k][2 * k];
    for (int i = 0; i < k; i++) {
      inverse[i][i] = -dot(s[i], y[i]);
      for (int j = 0; j < k; j++) {
        inverse[k + i][k + j] = theta * dot(s[i], s[j]);
        if (i > j) {
          inverse[k + i][j] = dot(s[i], y[j]);
          inverse[j][k + i] = inverse[k + i][j];
        }
      }
    }
    return inverse;
  }

  /**
   * Returns the point within the bounds to go to: from the Cauchy point on to the minimum of the
   * model in the elements that are not at a bound.
   */
  double[] minimum() {
    boolean[] free = toCauchyPoint();
    double[] step = withinSubspace(free);
    double[] projected = along(step, 1);
    // As version 3.0 of the authors' code does (Morales and Nocedal, 2011): projected, if downhill.
    return isDownhill(projected) ? projected : along(step, longest(step));
  }

  /** Returns the Cauchy point plus a step, projected to the bounds. */
  private double[] along(double[] step, double factor) {
    double[] point = new double[x.length];
    for (int i = 0; i < point.length; i++) {
      point[i] = Math.min(Math.max(cauchy[i] + factor * step[i], lower[i]), upper[i]);
    }
    return point;
  }

  private boolean isDownhill(double[] point) {
    double slope = 0;
    for (int i = 0; i < x.length; i++) {
      slope += g[i] * (point[i] - x[i]);
    }
    return slope < 0;
  }

  /** Returns the part of a step from the Cauchy point that stays within the bounds. */
  private double longest(double[] step) {
    double most = 1;
    for (int i = 0; i < x.length; i++) {
      if (step[i] != 0) {
        most = Math.min(most, ((step[i] > 0 ? upper[i] : lower[i]) - cauchy[i]) / step[i]);
      }
    }
    return most;
  }

  /**
   * Goes along the projected gradient to the first minimum of the model there, past the points
   * where one element after the other meets a bound; returns which elements have met none
   * (algorithm CP).
   */
  private boolean[] toCauchyPoint() {
    double[] t = new double[x.length];
    double[] d = new double[x.length];
    for (int i = 0; i < t.length; i++) {
      double bound = g[i] < 0 ? upper[i] : lower[i];
      t[i] = g[i] == 0 ? Double.POSITIVE_INFINITY : Math.max((x[i] - bound) / g[i], 0);
      d[i] = t[i] == 0 ? 0 : -g[i];
    }
    double[] p = product(d);
    double slope = -dot(d, d);
    double curvature = -theta * slope - dot(p, times(m, p));
    double before = 0;
    double wanted = slope == 0 || !(curvature > 0) ? 0 : -slope / curvature;
    for (int b : inOrder(t)) {
      double way = t[b] - before;
      if (wanted < way) {
        break;
      }
      before = t[b];
      cauchy[b] = d[b] > 0 ? upper[b] : lower[b];
      add(way, p, c);
      double[] row = row(b);
      double[] mw = times(m, row);
      slope +=
          way * curvature + g[b] * g[b] + theta * g[b] * (cauchy[b] - x[b]) - g[b] * dot(mw, c);
      curvature -= theta * g[b] * g[b] + 2 * g[b] * dot(mw, p) + g[b] * g[b] * dot(mw, row);
      add(g[b], row, p);
      d[b] = 0;
      wanted = slope >= 0 || !(curvature > 0) ? 0 : -slope / curvature;
    }
    return stopped(d, before, wanted, p);
  }

  private boolean[] stopped(double[] d, double before, double wanted, double[] p) {
    boolean[] free = new boolean[x.length];
    for (int i = 0; i < free.length; i++) {
      cauchy[i] += (before + wanted) * d[i];
      free[i] = lower[i] < cauchy[i] && cauchy[i] < upper[i];
    }
    add(wanted, p, c);
    return free;
  }

  /** Returns the elements that meet a bound, in the order in which they do. */
  private static int[] inOrder(double[] t) {
    return IntStream.range(0, t.length)
        .filter(i -> t[i] > 0 && t[i] < Double.POSITIVE_INFINITY)
        .boxed()
        .sorted((a, b) -> Double.compare(t[a], t[b]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Returns the step from the Cauchy point to the minimum in the free elements, without bounds, by
   * the formula of Sherman, Morrison and Woodbury.
   */
  private double[] withinSubspace(boolean[] free) {
    double[] r = new double[x.length];
    double[] mc = times(m, c);
    for (int i = 0; i < r.length; i++) {
      r[i] = free[i] ? g[i] + theta * (cauchy[i] - x[i]) - dot(row(i), mc) : 0;
    }
    double[][] gram = new double[w.length][w.length];
    for (int i = 0; i < r.length; i++) {
      if (free[i]) {
        double[] row = row(i);
        for (int j = 0; j < row.length; j++) {
          add(row[j] / theta, row, gram[j]);
        }
      }
    }
    double[][] k = new double[w.length][];
    for (int i = 0; i < k.length; i++) {
      k[i] = new double[k.length];
      for (int j = 0; j < k.length; j++) {
        k[i][j] = (i == j ? 1 : 0) - dot(m[i], gram[j]);
      }
    }
    double[] v = times(SmallMatrices.inverse(k), times(m, product(r)));
    for (int i = 0; i < r.length; i++) {
      r[i] = free[i] ? -r[i] / theta - dot(row(i), v) / (theta * theta) : 0;
    }
    return r;
  }

  /** Returns W' times a vector. */
  private double[] product(double[] vector) {
    return times(w, vector);
  }

  /** Returns a row of W. */
  private double[] row(int i) {
    double[] row = new double[w.length];
    Arrays.setAll(row, j -> w[j][i]);
    return row;
  }

  private static double[] times(double[][] rows, double[] vector) {
    double[] product = new double[rows.length];
    Arrays.setAll(product, i -> dot(rows[i], vector));
    return product;
  }

  private static void add(double factor, double[] vector, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * vector[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
