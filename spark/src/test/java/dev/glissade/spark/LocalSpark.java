package dev.glissade.spark;

import static org.assertj.core.api.Assumptions.assumeThat;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Starts Spark for tests. */
final class LocalSpark {
  /** Hadoop 3.3, which Spark 3.5 brings, asks for the Subject that JDK 24 no longer has. */
  private static final int LAST_JAVA = 23;

  private LocalSpark() {}

  static SparkConf conf(String master) {
    return new SparkConf()
        .setMaster(master)
        .setAppName("glissade")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }

  /** Starts a context, unless this version of Spark does not run on this Java. */
  static JavaSparkContext start(SparkConf conf) {
    assumeRuns();
    return new JavaSparkContext(conf);
  }

  static void assumeRuns() {
    assumeThat(Runtime.version().feature() <= LAST_JAVA || !isSpark3())
        .as("Spark 3.5 runs on this Java: its Hadoop needs Subject.getSubject")
        .isTrue();
  }

  private static boolean isSpark3() {
    return org.apache.spark.package$.MODULE$.SPARK_VERSION().startsWith("3.");
  }
}
