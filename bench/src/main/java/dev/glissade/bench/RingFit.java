package dev.glissade.bench;

import dev.glissade.bench.RingSimulation.Network;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * Finds the latency and the bandwidth with which a simulated ring of two executors takes the
 * measured times of the smallest and of the largest gradients.
 */
final class RingFit {
  private static final int BYTES_PER_PARAMETER = Float.BYTES;
  private static final int ROUNDS = 20;
  private static final int HALVINGS = 60;

  private final double overhead;
  private final double adding;
  private final TreeMap<Integer, Double> seconds;

  /**
   * Takes measured times.
   *
   * @param overhead the seconds that a frame keeps a connection busy, whatever its size
   * @param adding the bytes a second at which a rank takes in a frame
   * @param seconds the seconds of a sum over two executors by the number of parameters
   */
  RingFit(double overhead, double adding, SortedMap<Integer, Double> seconds) {
    if (seconds.size() < 2) {
      throw new IllegalArgumentException(
          "--ring-times must have at least two sizes, but had " + seconds.size());
    }
    this.overhead = overhead;
    this.adding = adding;
    this.seconds = new TreeMap<>(seconds);
  }

  Network network() {
    Map.Entry<Integer, Double> small = seconds.firstEntry();
    Map.Entry<Integer, Double> large = seconds.lastEntry();
    double latency = 0;
    double bandwidth = adding;
    for (int round = 0; round < ROUNDS; round++) {
      double known = latency;
      bandwidth =
          1
              / root(
                  x -> predicted(large.getKey(), new Network(known, overhead, 1 / x, adding)),
                  large.getValue());
      double fixed = bandwidth;
      latency =
          root(
              x -> predicted(small.getKey(), new Network(x, overhead, fixed, adding)),
              small.getValue());
    }
    return new Network(latency, overhead, bandwidth, adding);
  }

  /** Returns the seconds that the simulation predicts for two executors. */
  double predicted(int parameters, Network network) {
    double bytes = (double) parameters * BYTES_PER_PARAMETER;
    return new RingSimulation(2, bytes, RingSimulation.frame(2, bytes), network).seconds();
  }

  /** Returns where an increasing function of a number from 1e-12 to 1 has a value, by bisection. */
  private static double root(DoubleUnaryOperator f, double value) {
    double low = 1e-12;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = Math.sqrt(low * high);
      if (f.applyAsDouble(middle) < value) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
