package dev.glissade.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Starts Spark with executors that are processes of their own. */
final class ClusterSpark {
  private ClusterSpark() {}

  /** Returns settings for two executors with one core each. */
  static SparkConf conf() throws IOException {
    makeHome(Path.of(System.getenv("SPARK_HOME")));
    return LocalSpark.conf("local-cluster[2,1,1024]")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set("spark.executor.memory", "1g")
        // Executors that a test kills don't end the application.
        .set("spark.deploy.maxExecutorRetries", "-1");
  }

  static JavaSparkContext start(SparkConf conf) {
    return LocalSpark.start(conf);
  }

  /** Links the jars of the class path into the folder that executors start from. */
  private static void makeHome(Path home) throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (entry.endsWith(".jar") && Files.exists(jar)) {
        try {
          Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar.toAbsolutePath());
        } catch (FileAlreadyExistsException e) {
          // of an earlier test
        }
      }
    }
  }

  /** Returns the processes of the executors that this process has started. */
  static List<ProcessHandle> executors() {
    // Their command lines are too long for Linux to tell, but no other Java lives that long.
    Instant before = Instant.now().minusSeconds(1);
    return ProcessHandle.current()
        .children()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(process -> process.info().startInstant().orElse(before).isBefore(before))
        .toList();
  }
}
