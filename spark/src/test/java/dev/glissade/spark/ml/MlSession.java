package dev.glissade.spark.ml;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Starts Spark for tests of estimators, and makes data for them. */
final class MlSession {
  /** Hadoop 3.3, which Spark 3.5 brings, asks for the Subject that JDK 24 no longer has. */
  private static final int LAST_JAVA = 23;

  static final int PIXELS = 64;
  static final int CLASSES = 10;

  static final StructType SCHEMA =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType)
          .add("weight", DataTypes.DoubleType);

  private MlSession() {}

  /** Skips a test where this version of Spark does not run on this Java. */
  static void assumeRuns() {
    boolean old = org.apache.spark.package$.MODULE$.SPARK_VERSION().startsWith("3.");
    assumeThat(Runtime.version().feature() <= LAST_JAVA || !old)
        .as("Spark 3.5 runs on this Java: its Hadoop needs Subject.getSubject")
        .isTrue();
  }

  static SparkSession start() {
    assumeRuns();
    return SparkSession.builder()
        .master("local[2]")
        .appName("glissade")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }

  static Row row(Vector features, double label) {
    return RowFactory.create(features, label, 1.0);
  }

  static Dataset<Row> dataset(SparkSession spark, List<Row> rows, int partitions) {
    return spark.createDataFrame(
        org.apache.spark.api.java.JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(rows, partitions),
        SCHEMA);
  }

  /** Returns noisy pictures of ten digits in 8 x 8 pixels, the same on every machine. */
  static List<Row> digits(int count, long seed) {
    SplittableRandom shapes = new SplittableRandom(17);
    double[][] ideal = new double[CLASSES][PIXELS];
    for (double[] digit : ideal) {
      for (int i = 0; i < PIXELS; i++) {
        digit[i] = shapes.nextInt(3) == 0 ? 16 : 0;
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int digit = random.nextInt(CLASSES);
      double[] pixels = new double[PIXELS];
      for (int i = 0; i < PIXELS; i++) {
        double noisy = ideal[digit][i] + 44 * (random.nextDouble() - 0.5);
        pixels[i] = Math.max(0, Math.rint(noisy));
      }
      rows.add(row(Vectors.dense(pixels), digit));
    }
    return rows;
  }

  /** Returns the share of rows whose prediction is their label. */
  static double accuracy(Dataset<Row> predicted) {
    return predicted.filter("label = prediction").count() / (double) predicted.count();
  }
}
