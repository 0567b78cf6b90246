package dev.glissade.bench;

import dev.glissade.bench.RingSimulation.Network;
import java.io.PrintWriter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The terms of {@code --scale}. */
final class ScaleOptions {
  @Option(
      names = "--ring-times",
      split = ",",
      paramLabel = "N=MS",
      description =
          "For --scale: the measured milliseconds of a sum over two executors by the number of"
              + " parameters, of which the smallest and the largest give latency and bandwidth.")
  private Map<Integer, Double> ringTimes = new TreeMap<>();

  @Option(
      names = "--latency",
      paramLabel = "US",
      description = "For --scale: the latency of a message in microseconds, in place of a fit.")
  private @Nullable Double latency;

  @Option(
      names = "--bandwidth",
      paramLabel = "GB/S",
      description = "For --scale: the bandwidth of a connection, in place of a fit.")
  private @Nullable Double bandwidth;

  @Option(
      names = "--memory",
      paramLabel = "GB/S",
      description = "For --scale: the speed of memory on an executor. Default: 10.")
  private double memory = 10;

  @Option(
      names = "--adding",
      paramLabel = "GB/S",
      description = "For --scale: how fast an executor takes in and adds a frame. Default: 4.")
  private double adding = 4;

  @Option(
      names = "--overhead",
      paramLabel = "US",
      description =
          "For --scale: the microseconds that a frame keeps a connection busy, whatever its size."
              + " Default: 10.")
  private double overhead = 10;

  void print(PrintWriter out) {
    requirePositive("--overhead", overhead);
    requirePositive("--memory", memory);
    requirePositive("--adding", adding);
    Network network = new Network(micros(), overhead * 1e-6, giga(), adding * 1e9);
    if (!ringTimes.isEmpty()) {
      SortedMap<Integer, Double> seconds = new TreeMap<>();
      ringTimes.forEach((size, millis) -> {
        requirePositive("--ring-times", size);
        requirePositive("--ring-times", millis);
        seconds.put(size, millis / 1e3);
      });
      RingFit fit = new RingFit(overhead * 1e-6, adding * 1e9, seconds);
      Network fitted = fit.network();
      ScaleTable.printFit(fit, fitted, seconds, out);
      network =
          new Network(
              latency == null ? fitted.latency() : network.latency(),
              network.overhead(),
              bandwidth == null ? fitted.bandwidth() : network.bandwidth(),
              network.adding());
    }
    new ScaleTable(network, memory * 1e9).print(out);
  }

  /** Returns the latency in seconds; that of ten-gigabit Ethernet unless the user says another. */
  private double micros() {
    double given = latency == null ? 50 : latency;
    requirePositive("--latency", given);
    return given * 1e-6;
  }

  private double giga() {
    double given = bandwidth == null ? 1.1 : bandwidth;
    requirePositive("--bandwidth", given);
    return given * 1e9;
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive, but was " + value);
    }
  }
}
