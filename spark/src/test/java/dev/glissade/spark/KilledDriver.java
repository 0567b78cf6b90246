package dev.glissade.spark;

import dev.glissade.contrib.Contrib;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/** A driver in a process of its own, to be killed. */
public final class KilledDriver {
  private KilledDriver() {}

  /** Starts the driver, which saves into a folder and would take very long. */
  static Process start(URI folder, SparkEngine engine) throws IOException {
    return start(KilledDriver.class, folder.toString(), engine.name());
  }

  /** Starts a program with Spark on this test's class path. */
  public static Process start(Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-opens")) {
        command.add(argument);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    File log = Files.createTempFile("driver", ".log").toFile();
    log.deleteOnExit();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
  }

  /** Waits until there is a checkpoint of at least a step. */
  public static void awaitCheckpoint(Path folder, int step) throws Exception {
    long end = System.nanoTime() + 120_000_000_000L;
    while (newest(folder) < step) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the driver must save step %d, but did not".formatted(step));
      }
      Thread.sleep(20);
    }
  }

  private static int newest(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("step-\\d+\\.safetensors"))
          .mapToInt(name -> Integer.parseInt(name.replaceAll("\\D", "")))
          .max()
          .orElse(0);
    }
  }

  public static void main(String[] arguments) throws Exception {
    try (JavaSparkContext spark = ClusterSpark.start(ClusterSpark.conf())) {
      SparkTraining.of(
              spark.parallelize(Digits.blocks(4, 60, 1), 2),
              () -> ClusterTest.sleeping(-1, 20),
              () -> Contrib.prodigy())
          .engine(SparkEngine.valueOf(arguments[1]))
          .steps(60)
          .checkpoints(arguments[0], 10)
          .fit(Digits.params());
    }
  }
}
