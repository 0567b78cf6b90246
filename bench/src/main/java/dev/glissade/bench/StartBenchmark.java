package dev.glissade.bench;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times the start of training, where nothing is compiled: from the creation of a stepper to the end
 * of its first steps, each time in a new virtual machine, on one thread, while other threads keep
 * all other processors busy. The variants are a program without the Vector API, one that steps by
 * vectors at once, and one that steps by elements until its vectors are compiled, as programs do.
 */
final class StartBenchmark {
  static final List<String> OPTIMIZERS = List.of("adamw", "clip+adamw", "prodigy");
  private static final List<Integer> SIZES = List.of(1000, 100_000, 1_000_000);
  private static final List<Integer> STEPS = List.of(10, 100, 1000);
  private static final int ROUNDS = 5;
  private static final String ORIGINAL = "optax";
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final Map<String, List<String>> VARIANTS = new LinkedHashMap<>();

  static {
    VARIANTS.put("no module", List.of());
    VARIANTS.put("vectors", List.of(MODULE, "-Ddev.glissade.warmUp=false"));
    VARIANTS.put("glissade", List.of(MODULE));
  }

  private final PythonPeers python;
  private final PrintWriter out;
  private volatile boolean over;

  private StartBenchmark(PythonPeers python, PrintWriter out) {
    this.python = python;
    this.out = out;
  }

  /** Measures all; prints milliseconds and returns them as plain values. */
  static List<Map<String, Object>> measure(PythonPeers python, PrintWriter out) throws IOException {
    return new StartBenchmark(python, out).measure();
  }

  private List<Map<String, Object>> measure() throws IOException {
    out.printf("%nms from the creation of a stepper to the end of a step%n");
    out.println(line("optimizer", "elements", "step", List.copyOf(VARIANTS.keySet()), ORIGINAL));
    for (int i = 1; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread busy = new Thread(this::spin, "busy");
      busy.setDaemon(true);
      busy.start();
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    try {
      for (String optimizer : OPTIMIZERS) {
        for (int size : SIZES) {
          rows.addAll(rows(optimizer, size));
        }
      }
    } finally {
      over = true;
    }
    return rows;
  }

  private void spin() {
    while (!over) {
      Thread.onSpinWait();
    }
  }

  private List<Map<String, Object>> rows(String optimizer, int size) throws IOException {
    Map<String, double[][]> times = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, List<String>> variant : VARIANTS.entrySet()) {
        times.computeIfAbsent(variant.getKey(), key -> new double[ROUNDS][])[round] =
            probe(optimizer, size, variant.getValue());
      }
      double[] original = original(optimizer, size);
      if (original.length > 0) {
        times.computeIfAbsent(ORIGINAL, key -> new double[ROUNDS][])[round] = original;
      }
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < STEPS.size(); i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("optimizer", optimizer);
      row.put("elements", size);
      row.put("step", STEPS.get(i));
      for (Map.Entry<String, double[][]> column : times.entrySet()) {
        row.put(column.getKey(), median(column.getValue(), i));
      }
      rows.add(row);
      out.println(
          line(
              optimizer,
              size,
              STEPS.get(i),
              VARIANTS.keySet().stream().map(name -> requireNonNull(row.get(name))).toList(),
              row.getOrDefault(ORIGINAL, "-")));
      out.flush();
    }
    return rows;
  }

  private static double median(double[][] rounds, int step) {
    double[] sorted = Arrays.stream(rounds).mapToDouble(times -> times[step]).sorted().toArray();
    return Double.parseDouble(String.format(Locale.ROOT, "%.3g", sorted[ROUNDS / 2] / 1e6));
  }

  private static String line(
      Object optimizer, Object size, Object step, List<?> times, Object original) {
    return String.format(
        "%-12s %9s %6s %10s %10s %10s %10s",
        optimizer, size, step, times.get(0), times.get(1), times.get(2), original);
  }

  /** Runs a {@link StartProbe}; returns the nanoseconds to the end of each of the steps. */
  private static double[] probe(String optimizer, int size, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StartProbe.class.getName(), optimizer, Integer.toString(size)));
    STEPS.forEach(step -> command.add(step.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader printed = process.inputReader(StandardCharsets.UTF_8)) {
      String line = printed.readLine();
      if (line == null) {
        throw new IOException("a process ended without its times: " + command);
      }
      return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
  }

  /** Times the original, which compiles each optimizer again; returns no times without it. */
  private double[] original(String optimizer, int size) {
    for (Peer peer : python.peers()) {
      Subject subject = peer.name().equals(ORIGINAL) ? peer.subject(optimizer, size, 1) : null;
      if (subject != null) {
        double[] times = new double[STEPS.size()];
        int taken = 0;
        long nanos = 0;
        for (int i = 0; i < times.length; i++) {
          nanos += subject.time(STEPS.get(i) - taken);
          taken = STEPS.get(i);
          times[i] = nanos;
        }
        subject.close();
        return times;
      }
    }
    return new double[0];
  }
}
