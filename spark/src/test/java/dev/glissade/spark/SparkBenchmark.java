package dev.glissade.spark;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Prints the time of a step of AdamW for both engines on two executors, and for a bare ring of two
 * processes. Gradients cost next to nothing. It requires nothing: times are to be read by people.
 * The property {@code bench.sizes} chooses other numbers of parameters.
 */
@Tag("bench")
class SparkBenchmark {
  private static final int ROUNDS = 3;

  /** The time of the last step of rank 0 in this executor. */
  private static long last;

  private static final List<String> KINDS = List.of("bare ring", "BARRIER", "AGGREGATE");

  @Test
  void printTheTimesOfSteps() throws Exception {
    System.out.println("parameters  way         minimum ms  median ms  of the bare ring");
    try (JavaSparkContext spark = ClusterSpark.start(ClusterSpark.conf())) {
      String sizes = System.getProperty("bench.sizes", "10000,1000000,10000000");
      for (int size : Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray()) {
        List<List<Double>> times = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < ROUNDS; round++) {
          times.get(0).addAll(warm(bare(size, steps(size))));
          times.get(1).addAll(warm(barrier(spark, size, steps(size))));
          times.get(2).addAll(warm(aggregate(spark, size)));
        }
        print(size, times);
      }
    }
  }

  private static int steps(int size) {
    return size < 100_000 ? 3000 : size < 5_000_000 ? 400 : 60;
  }

  /** Leaves out the first quarter, while the virtual machine compiles. */
  private static List<Double> warm(List<Double> times) {
    return times.subList(times.size() / 4, times.size());
  }

  private static void print(int size, List<List<Double>> times) {
    double base = median(times.get(0));
    for (int kind = 0; kind < times.size(); kind++) {
      double least = times.get(kind).stream().mapToDouble(t -> t).min().orElseThrow();
      double median = median(times.get(kind));
      System.out.printf(
          Locale.ROOT,
          "%10d  %-10s  %10.3f  %9.3f  %16.2f%n",
          size,
          KINDS.get(kind),
          least,
          median,
          median / base);
    }
  }

  private static double median(List<Double> times) {
    double[] sorted = times.stream().mapToDouble(t -> t).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static List<Double> bare(int size, int steps) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process second = process(1, port, size, steps);
    Process first = process(0, port, size, steps);
    try {
      String printed = new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return printed.lines().map(Double::valueOf).toList();
    } finally {
      first.destroyForcibly();
      second.destroyForcibly();
    }
  }

  private static Process process(int rank, int port, int size, int steps) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            BareRing.class.getName(),
            "" + rank,
            "" + port,
            "" + size,
            "" + steps)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Gradients of 1; the loss of rank 0 is the time since its last step in milliseconds. */
  private static ShardGradient<Integer> timing(int size) {
    float[] ones = new float[size];
    Arrays.fill(ones, 1);
    Tree gradient = Tree.of("w", Tensor.wrap(ones));
    return (params, shard, at, sum) -> {
      long now = System.nanoTime();
      double elapsed = at.step() == 1 ? 0 : (now - last) / 1e6;
      if (at.rank() == 0) {
        last = now;
      }
      sum.add(at.rank() == 0 ? elapsed : 0, gradient, at.rank() == 0 ? 1 : 0);
    };
  }

  private static SparkTraining<Integer> training(JavaSparkContext spark, int size) {
    JavaRDD<Integer> shards = spark.parallelize(List.of(0, 1), 2);
    return SparkTraining.of(shards, () -> timing(size), () -> Optimizers.adamw(1e-3));
  }

  private static Tree params(int size) {
    return Tree.of("w", Tensor.of(new float[size]));
  }

  private static List<Double> barrier(JavaSparkContext spark, int size, int steps) {
    double[] losses = training(spark, size).steps(steps).fit(params(size)).losses();
    return Arrays.stream(losses).boxed().toList();
  }

  private static List<Double> aggregate(JavaSparkContext spark, int size) {
    List<Double> times = new ArrayList<>();
    long[] before = {System.nanoTime()};
    training(spark, size)
        .engine(SparkEngine.AGGREGATE)
        .steps(size < 5_000_000 ? 40 : 12)
        .listener(report -> {
          long now = System.nanoTime();
          times.add((now - before[0]) / 1e6);
          before[0] = now;
        })
        .fit(params(size));
    return times;
  }
}
