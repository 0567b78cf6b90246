package dev.glissade.spark.examples;

import dev.glissade.spark.ml.GlissadeClassifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains on a DataFrame by spark.ml's LogisticRegression, and then by GlissadeClassifier instead:
 * one line changes.
 *
 * <p>The border between the two classes is a parabola. A linear model only comes near; a perceptron
 * with 16 hidden units finds it. Prodigy learns the step size, so no learning rate is set. Prints
 * the accuracy on other rows. {@code spark-submit} sets the master.
 */
public final class FromLogisticRegression {
  private FromLogisticRegression() {}

  public static void main(String[] args) {
    try (SparkSession spark = SparkSession.builder().appName("classes").getOrCreate()) {
      Dataset<Row> train = points(spark, 2000, 1).cache();
      Dataset<Row> test = points(spark, 2000, 2);

      Transformer logistic = new LogisticRegression().fit(train);
      Transformer linear = new GlissadeClassifier().setMaxIter(20).fit(train);
      Transformer perceptron = new GlissadeClassifier().setHidden(16).setMaxIter(20).fit(train);

      System.out.printf("LogisticRegression: %.3f%n", accuracy(logistic, test));
      System.out.printf("GlissadeClassifier: %.3f%n", accuracy(linear, test));
      System.out.printf("with 16 hidden units: %.3f%n", accuracy(perceptron, test));
    }
  }

  private static double accuracy(Transformer model, Dataset<Row> test) {
    return (double) model.transform(test).filter("prediction = label").count() / test.count();
  }

  /** Returns points of a square, labeled by whether they lie above a parabola. */
  private static Dataset<Row> points(SparkSession spark, int count, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = random.nextDouble() * 2 - 1;
      double y = random.nextDouble() * 2 - 1;
      double label = y > 2 * x * x - 0.7 ? 1 : 0;
      rows.add(RowFactory.create(Vectors.dense(x, y), label));
    }
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType);
    return spark.createDataFrame(rows, schema);
  }
}
