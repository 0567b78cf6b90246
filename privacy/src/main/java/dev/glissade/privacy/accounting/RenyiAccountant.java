package dev.glissade.privacy.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * Adds up Renyi divergences (Mironov 2017) at some orders, and states the best epsilon by the
 * conversion of Canonne, Kamath and Steinke 2020 (Proposition 12):
 *
 * <pre>{@code epsilon = rdp + log((a - 1) / a) - (log(delta) + log(a)) / (a - 1)}</pre>
 *
 * <p>An epsilon is never below what this formula gives at the order that the guarantee names:
 * divergences have a relative error of 1e-11, and figures are raised by a relative 1e-10 to cover
 * that and the formula's rounding. How tight an epsilon is depends on the method: it is usually 1
 * to 15 % too large, and several times too large for a few steps or very small rates. Using only
 * some orders adds at most 1 in 300 for epsilons from 1e-4 to 100.
 */
public final class RenyiAccountant implements Accountant {
  private static final double MARGIN = 1e-10;

  /** From this order on, there are eight orders to each power of two. */
  private static final int FIRST_OCTAVE = 64;

  private static final int LARGEST_ORDER = 1 << 20;

  private final double[] orders;
  private final double[] divergence;
  private Adjacency adjacency = Adjacency.ADD_OR_REMOVE_ONE;

  /**
   * Creates an accountant with the orders 1.001, 1.002, 1.005, 1.01, 1.02, 1.05, from 1.1 to 10.9
   * in steps of 0.1, from 12 to 63 in steps of 1, and from 64 to 1,048,576 eight to each power of
   * two.
   */
  public RenyiAccountant() {
    this(usualOrders());
  }

  /**
   * Creates an accountant.
   *
   * @param orders the Renyi orders, each finite and more than 1
   * @throws IllegalArgumentException if an order is not
   */
  public RenyiAccountant(double... orders) {
    this.orders = orders.clone();
    for (double order : orders) {
      if (!(order > 1) || Double.isInfinite(order)) {
        throw new IllegalArgumentException(
            "orders must be finite and more than 1, but one was " + order);
      }
    }
    this.divergence = new double[orders.length];
  }

  private static double[] usualOrders() {
    List<Double> orders = new ArrayList<>(List.of(1.001, 1.002, 1.005, 1.01, 1.02, 1.05));
    for (int i = 11; i < 110; i++) {
      orders.add(i / 10.0);
    }
    for (int i = 12; i < FIRST_OCTAVE; i++) {
      orders.add((double) i);
    }
    for (int octave = FIRST_OCTAVE; octave < LARGEST_ORDER; octave *= 2) {
      for (int eighth = 8; eighth < 16; eighth++) {
        orders.add(octave / 8.0 * eighth);
      }
    }
    orders.add((double) LARGEST_ORDER);
    return orders.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public void add(GaussianSteps added) {
    SampledGaussian steps = added.bound().withinReach();
    if (steps.isNothing()) {
      return;
    }
    adjacency = GaussianSteps.common(adjacency, added.adjacency());
    for (int i = 0; i < orders.length; i++) {
      double one = RenyiDivergence.of(steps.samplingRate(), steps.noiseMultiplier(), orders[i]);
      divergence[i] += steps.steps() * one;
    }
  }

  /**
   * Returns the divergence added up so far at one order.
   *
   * @param order one of this accountant's orders
   * @return the Renyi divergence of all steps
   * @throws IllegalArgumentException if this accountant does not have the order
   */
  public double divergence(double order) {
    for (int i = 0; i < orders.length; i++) {
      if (orders[i] == order) {
        return divergence[i];
      }
    }
    throw new IllegalArgumentException(
        "order must be one of this accountant's orders, but was " + order);
  }

  @Override
  public Guarantee epsilon(double delta) {
    requireDelta(delta);
    return best(delta, true);
  }

  /**
   * Computes epsilon by the older conversion, {@code rdp + log(1/delta) / (a - 1)} (Mironov 2017),
   * for comparison with papers that use it.
   *
   * @param delta the delta to state it for, between 0 and 1
   * @return the guarantee
   */
  public Guarantee epsilonByOlderConversion(double delta) {
    requireDelta(delta);
    return best(delta, false);
  }

  static void requireDelta(double delta) {
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta must be between 0 and 1, but was " + delta);
    }
  }

  private Guarantee best(double delta, boolean improved) {
    double best = Double.POSITIVE_INFINITY;
    double order = Double.NaN;
    for (int i = 0; i < orders.length; i++) {
      double a = orders[i];
      double fromDelta = -Math.log(delta) / (a - 1);
      double gained = improved ? Math.log1p(-1 / a) - Math.log(a) / (a - 1) : 0;
      double rounding = MARGIN * divergence[i] + 0x1p-48 * (fromDelta - gained);
      double epsilon = divergence[i] + fromDelta + gained + rounding;
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
      throw new IllegalArgumentException("epsilon must not be negative, but was " + epsilon);
    }
    double best = 1;
    for (int i = 0; i < orders.length; i++) {
      double a = orders[i];
      double raised = divergence[i] * (1 + MARGIN);
      double log = (a - 1) * (raised - epsilon + Math.log1p(-1 / a)) - Math.log(a);
      best = Math.min(best, divergence[i] == 0 ? 0 : Math.exp(log) * (1 + MARGIN));
    }
    return best;
  }
}
