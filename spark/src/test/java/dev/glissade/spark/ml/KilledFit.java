package dev.glissade.spark.ml;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A driver that fits, in a process of its own, to be killed. */
final class KilledFit {
  /** Some thousand steps. */
  private static final int PASSES = 1500;

  private KilledFit() {}

  static Dataset<Row> rows(SparkSession spark) {
    return MlSession.dataset(spark, MlSession.digits(300, 1), 2);
  }

  static GlissadeClassifier classifier(String engine) {
    int passes = engine.equals("aggregate") ? PASSES / 15 : PASSES;
    return new GlissadeClassifier()
        .setHidden(8)
        .setBatchSize(60)
        .setMaxIter(passes)
        .setEngine(engine)
        .setCheckpointInterval(2);
  }

  public static void main(String[] arguments) {
    SparkSession spark = MlSession.start();
    classifier(arguments[1]).setCheckpointDir(arguments[0]).fit(rows(spark));
    spark.stop();
  }
}
