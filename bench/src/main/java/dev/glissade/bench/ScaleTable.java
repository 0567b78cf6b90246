package dev.glissade.bench;

import dev.glissade.bench.RingSimulation.Network;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * Works out the step time of many executors from the times of two: how long the ring takes, and the
 * optimizer with its state replicated or sharded.
 */
final class ScaleTable {
  private static final List<Integer> EXECUTORS = List.of(2, 8, 64, 512);
  private static final List<Integer> PARAMETERS = List.of(1_000_000, 10_000_000, 100_000_000);

  /** AdamW reads params, gradients and two moments, and writes all but the gradients. */
  private static final int BYTES_OF_STEP = 7 * Float.BYTES;

  private final Network network;
  private final double memory;

  /**
   * Takes the terms.
   *
   * @param memory the bytes a second of a pass over memory on an executor
   */
  ScaleTable(Network network, double memory) {
    this.network = network;
    this.memory = memory;
  }

  /** Prints how well the terms explain the measured times. */
  static void printFit(
      RingFit fit, Network network, SortedMap<Integer, Double> seconds, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "two executors: latency %.1f us, bandwidth %.2f GB/s%n%n%10s %12s %12s%n",
        network.latency() * 1e6,
        network.bandwidth() / 1e9,
        "parameters",
        "measured ms",
        "simulated");
    for (Map.Entry<Integer, Double> measured : seconds.entrySet()) {
      out.printf(
          Locale.ROOT,
          "%10.0e %12.3f %12.3f%n",
          (double) measured.getKey(),
          measured.getValue() * 1e3,
          fit.predicted(measured.getKey(), network) * 1e3);
    }
    out.println();
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "AdamW, ms a step, without gradients; latency %.1f us, bandwidth %.2f GB/s, memory %.1f"
            + " GB/s%n",
        network.latency() * 1e6,
        network.bandwidth() / 1e9,
        memory / 1e9);
    out.printf(
        Locale.ROOT,
        "%10s %9s %9s %9s %11s %9s %6s%n",
        "parameters",
        "executors",
        "frame KB",
        "ring",
        "replicated",
        "sharded",
        "saved");
    for (int parameters : PARAMETERS) {
      for (int executors : EXECUTORS) {
        out.println(line(parameters, executors));
      }
    }
  }

  private String line(int parameters, int executors) {
    double bytes = (double) parameters * Float.BYTES;
    double frame = RingSimulation.frame(executors, bytes);
    double ring = new RingSimulation(executors, bytes, frame, network).seconds();
    double pass = (double) parameters * BYTES_OF_STEP / memory;
    double replicated = ring + pass;
    double sharded = ring + pass / executors;
    return String.format(
        Locale.ROOT,
        "%10.0e %9d %9.0f %9.2f %11.2f %9.2f %5.0f%%",
        (double) parameters,
        executors,
        frame / 1024,
        ring * 1e3,
        replicated * 1e3,
        sharded * 1e3,
        100 * (1 - sharded / replicated));
  }
}
