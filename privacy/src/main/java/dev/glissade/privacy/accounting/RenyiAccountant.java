package dev.glissade.privacy.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * Adds up Renyi divergences (Mironov 2017) at some orders, and states the best of them by the
 * conversion of Canonne, Kamath and Steinke 2020 (Proposition 12):
 *
 * <pre>{@code epsilon = rdp + log((a - 1) / a) - (log(delta) + log(a)) / (a - 1)}</pre>
 */
public final class RenyiAccountant implements Accountant {
  private final double[] orders;
  private final double[] divergence;
  private Adjacency adjacency = Adjacency.ADD_OR_REMOVE_ONE;

  /** An accountant at the orders 1.1, 1.2, ... 10.9, 12, 13, ... 63, 128, 256. */
  public RenyiAccountant() {
    this(usualOrders());
  }

  /** An accountant at these orders, all more than 1. */
  public RenyiAccountant(double... orders) {
    this.orders = orders.clone();
    for (double order : orders) {
      if (!(order > 1) || Double.isInfinite(order)) {
        throw new IllegalArgumentException("orders must be more than 1: " + order);
      }
    }
    this.divergence = new double[orders.length];
  }

  private static double[] usualOrders() {
    List<Double> orders = new ArrayList<>();
    for (int i = 11; i < 110; i++) {
      orders.add(i / 10.0);
    }
    for (int i = 12; i < 64; i++) {
      orders.add((double) i);
    }
    orders.add(128.0);
    orders.add(256.0);
    return orders.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public void add(GaussianSteps added) {
    SampledGaussian steps = added.bound();
    if (steps.isNothing()) {
      return;
    }
    adjacency = GaussianSteps.common(adjacency, added.adjacency());
    for (int i = 0; i < orders.length; i++) {
      double one = RenyiDivergence.of(steps.samplingRate(), steps.noiseMultiplier(), orders[i]);
      divergence[i] += steps.steps() * one;
    }
  }

  /** The divergence added up so far at one of the orders. */
  public double divergence(double order) {
    for (int i = 0; i < orders.length; i++) {
      if (orders[i] == order) {
        return divergence[i];
      }
    }
    throw new IllegalArgumentException("this accountant has no order " + order);
  }

  @Override
  public Guarantee epsilon(double delta) {
    requireDelta(delta);
    return best(delta, true);
  }

  /** The epsilon of the older conversion, {@code rdp + log(1/delta) / (a - 1)} (Mironov 2017). */
  public Guarantee epsilonByOlderConversion(double delta) {
    requireDelta(delta);
    return best(delta, false);
  }

  static void requireDelta(double delta) {
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta must be between 0 and 1: " + delta);
    }
  }

  private Guarantee best(double delta, boolean improved) {
    double best = Double.POSITIVE_INFINITY;
    double order = Double.NaN;
    for (int i = 0; i < orders.length; i++) {
      double a = orders[i];
      double epsilon =
          improved
              ? divergence[i] + Math.log1p(-1 / a) - (Math.log(delta) + Math.log(a)) / (a - 1)
              : divergence[i] - Math.log(delta) / (a - 1);
      double stated = divergence[i] == 0 ? 0 : Math.max(epsilon, 0);
      if (stated < best) {
        best = stated;
        order = a;
      }
    }
    String by = improved ? "Renyi" : "Renyi, older conversion";
    return new Guarantee(best, delta, adjacency, by, order);
  }

  @Override
  public double delta(double epsilon) {
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon must not be negative: " + epsilon);
    }
    double best = 1;
    for (int i = 0; i < orders.length; i++) {
      double a = orders[i];
      double log = (a - 1) * (divergence[i] - epsilon + Math.log1p(-1 / a)) - Math.log(a);
      best = Math.min(best, divergence[i] == 0 ? 0 : Math.exp(log));
    }
    return best;
  }
}
