package dev.glissade.spark.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Prints the time of fits, the mean loss on the rows of training and the accuracy on others, of our
 * classifier and of spark.ml's. It requires nothing: figures are to be read by people. The property
 * {@code rows} sets the number of synthetic rows.
 */
@Tag("bench")
class EstimatorBenchmark {
  private static final int FEATURES = 50;

  /** Data to train on and to test with. */
  private record Data(String name, Dataset<Row> train, Dataset<Row> test) {}

  @Test
  void printTimesAndLosses() {
    SparkSession spark = MlSession.start();
    try {
      System.out.println(
          "data       estimator                       passes   seconds  loss     accuracy");
      digits(
          scaled(
              new Data(
                  "digits",
                  MlSession.dataset(spark, MlSession.digits(1500, 1), 2),
                  MlSession.dataset(spark, MlSession.digits(1500, 2), 2))));
      synthetic(scaled(synthetic(spark, Integer.getInteger("rows", 1_000_000))));
    } finally {
      spark.stop();
    }
  }

  /** Returns the data in memory, standardized, since the perceptron of spark.ml does not do so. */
  private static Data scaled(Data data) {
    var scaler =
        new StandardScaler()
            .setInputCol("raw")
            .setOutputCol("features")
            .setWithMean(true)
            .fit(data.train().withColumnRenamed("features", "raw"));
    Dataset<Row> train =
        scaler.transform(data.train().withColumnRenamed("features", "raw")).drop("raw").cache();
    Dataset<Row> test =
        scaler.transform(data.test().withColumnRenamed("features", "raw")).drop("raw").cache();
    train.count();
    test.count();
    return new Data(data.name(), train, test);
  }

  /** Returns rows of two classes, on the two sides of a curved surface, with wrong labels. */
  private static Data synthetic(SparkSession spark, int rows) {
    var context = org.apache.spark.api.java.JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Integer> parts = List.of(0, 1, 2, 3);
    var all = context.parallelize(parts, 4).flatMap(part -> synthetic(part, rows / 4).iterator());
    Dataset<Row> train = spark.createDataFrame(all, MlSession.SCHEMA);
    Dataset<Row> test = MlSession.dataset(spark, synthetic(99, Math.min(50_000, rows / 4)), 2);
    return new Data("synthetic", train, test);
  }

  private static List<Row> synthetic(int seed, int count) {
    SplittableRandom surface = new SplittableRandom(8);
    double[] direction = surface.doubles(FEATURES, -1, 1).toArray();
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      double[] x = random.doubles(FEATURES, -1, 1).toArray();
      double side = 0;
      for (int j = 0; j < FEATURES; j++) {
        side += direction[j] * x[j];
      }
      side += 3 * x[0] * x[1] + 3 * (x[2] * x[2] - 1.0 / 3);
      boolean wrong = random.nextInt(20) == 0;
      rows.add(MlSession.row(Vectors.dense(x), side > 0 ^ wrong ? 1 : 0));
    }
    return rows;
  }

  private static void digits(Data data) {
    linear(data, 128, new int[] {5, 10, 50}, new int[] {5, 20, 100});
    perceptrons(data, 10, 128, new int[] {10, 20, 50}, new int[] {20, 50, 100});
  }

  private static void synthetic(Data data) {
    linear(data, 256, new int[] {1, 2, 5}, new int[] {3, 10, 100});
    perceptrons(data, 2, 256, new int[] {1, 2, 5}, new int[] {20, 50});
  }

  private static void linear(Data data, int batch, int[] ours, int[] theirs) {
    for (int passes : theirs) {
      print(
          data,
          "LogisticRegression",
          passes,
          () -> new LogisticRegression().setMaxIter(passes).setTol(0).fit(data.train()));
    }
    for (int passes : ours) {
      GlissadeClassifier linear = classifier(batch, passes);
      print(data, "GlissadeClassifier", passes, () -> linear.fit(data.train()));
    }
  }

  /** Returns one with a task for each core, which the ring needs. */
  private static GlissadeClassifier classifier(int batch, int passes) {
    return new GlissadeClassifier().setBatchSize(batch).setMaxIter(passes).setNumPartitions(2);
  }

  private static void perceptrons(Data data, int classes, int batch, int[] ours, int[] theirs) {
    int features =
        ((org.apache.spark.ml.linalg.Vector) data.train().first().getAs("features")).size();
    for (int passes : theirs) {
      MultilayerPerceptronClassifier mlp =
          new MultilayerPerceptronClassifier()
              .setLayers(new int[] {features, 64, classes})
              .setMaxIter(passes)
              .setTol(0)
              .setSeed(1);
      print(data, "MultilayerPerceptronClassifier", passes, () -> mlp.fit(data.train()));
    }
    for (int passes : ours) {
      GlissadeClassifier mlp = classifier(batch, passes).setHidden(64);
      print(data, "GlissadeClassifier, hidden 64", passes, () -> mlp.fit(data.train()));
    }
  }

  private static void print(Data data, String name, int passes, Supplier<Transformer> fit) {
    long start = System.nanoTime();
    Transformer model = fit.get();
    double seconds = (System.nanoTime() - start) / 1e9;
    MulticlassClassificationEvaluator evaluator = new MulticlassClassificationEvaluator();
    double loss = evaluator.setMetricName("logLoss").evaluate(model.transform(data.train()));
    double accuracy = evaluator.setMetricName("accuracy").evaluate(model.transform(data.test()));
    System.out.printf(
        Locale.ROOT,
        "%-10s %-31s %6d  %8.2f  %.4f  %.4f%n",
        data.name(),
        name,
        passes,
        seconds,
        loss,
        accuracy);
  }
}
