package dev.glissade.spark;

import org.apache.spark.SparkConf;

/** Refuses results that Spark would refuse to bring to the driver when they are computed. */
final class ResultSize {
  private static final String LIMIT = "spark.driver.maxResultSize";

  private ResultSize() {}

  /**
   * Checks the bytes of a job's results.
   *
   * @param what what they are
   * @param remedy what to do instead of raising the limit
   */
  static void require(SparkConf conf, long bytes, String what, String remedy) {
    long most = conf.getSizeAsBytes(LIMIT, "1g");
    if (most > 0 && bytes > most) {
      throw new IllegalArgumentException(
          "%s must be at least %d, for %s, but was %d: raise it, or %s"
              .formatted(LIMIT, bytes, what, most, remedy));
    }
  }
}
