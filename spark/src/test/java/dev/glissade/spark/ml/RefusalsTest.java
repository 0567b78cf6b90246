package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad rows and params get a sentence with the name, the rule and the value. */
class RefusalsTest {
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = MlSession.start();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static Dataset<Row> with(Row bad) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rows.add(MlSession.row(Vectors.dense(i, 1), i % 2));
    }
    rows.add(bad);
    return MlSession.dataset(spark, rows, 1);
  }

  private static Arguments bad(Vector features, Object label, Object weight, String message) {
    return Arguments.of(RowFactory.create(features, label, weight), message);
  }

  static Stream<Arguments> rows() {
    Vector good = Vectors.dense(1, 2);
    String where = " (row 10 of partition 0)";
    return Stream.of(
        bad(good, 1.5, 1.0, "label must be a whole number from 0, but was 1.5" + where),
        bad(good, -1.0, 1.0, "label must be a whole number from 0, but was -1.0" + where),
        bad(good, Double.NaN, 1.0, "label must be finite, but was NaN" + where),
        bad(good, null, 1.0, "label must be a number, but was null" + where),
        bad(good, 123456.0, 1.0, "label must be less than 10000 unless the column's metadata"),
        bad(null, 1.0, 1.0, "features must be a vector, but was null" + where),
        bad(
            Vectors.dense(1, Double.NaN),
            1.0,
            1.0,
            "features[1] must be finite, but was NaN" + where),
        bad(
            Vectors.sparse(2, new int[] {1}, new double[] {Double.POSITIVE_INFINITY}),
            1.0,
            1.0,
            "features[1] must be finite, but was Infinity" + where),
        bad(
            Vectors.dense(1, 2, 3),
            1.0,
            1.0,
            "the size of features must be 2, as in other rows, but was 3" + where),
        bad(good, 1.0, -2.0, "weight must not be negative, but was -2.0" + where),
        bad(good, 1.0, Double.NaN, "weight must be finite, but was NaN" + where),
        bad(good, 1.0, null, "weight must be a number, but was null" + where));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void rowsAreRefused(Row row, String message) {
    GlissadeClassifier classifier = new GlissadeClassifier().setMaxIter(1).setWeightCol("weight");
    assertThatThrownBy(() -> classifier.fit(with(row)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void labelsOfRegressionNeedNotBeWhole() {
    Row row = RowFactory.create(Vectors.dense(1, 2), -1.5, 1.0);
    assertThat(new GlissadeRegressor().setMaxIter(1).fit(with(row)).numFeatures()).isEqualTo(2);
  }

  @Test
  void classesComeFromMetadataOrTheLargestLabel() {
    Dataset<Row> rows = with(MlSession.row(Vectors.dense(1, 2), 3));
    GlissadeClassifier classifier = new GlissadeClassifier().setMaxIter(1);
    assertThat(classifier.fit(rows).numClasses()).isEqualTo(4);
    assertThat(classifier.fit(named(rows, 6)).numClasses()).isEqualTo(6);
    assertThatThrownBy(() -> classifier.fit(named(rows, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "label must be less than 3, the number of classes in the column's metadata, but was"
                + " 3.0");
  }

  private static Dataset<Row> named(Dataset<Row> rows, int classes) {
    return rows.withColumn(
        "label",
        functions
            .col("label")
            .as("label", NominalAttribute.defaultAttr().withNumValues(classes).toMetadata()));
  }

  @Test
  void datasetsAreRefused() {
    Dataset<Row> none = MlSession.dataset(spark, List.of(), 2);
    GlissadeClassifier classifier = new GlissadeClassifier().setMaxIter(1);
    assertThatThrownBy(() -> classifier.fit(none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the dataset must have at least one row, but had none");
    Dataset<Row> rows = with(MlSession.row(Vectors.dense(1, 2), 1));
    GlissadeClassifier weighted = new GlissadeClassifier().setWeightCol("weight");
    assertThatThrownBy(() -> weighted.fit(rows.withColumn("weight", functions.lit(0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the sum of weight must be positive, but was 0.0");
    assertThatThrownBy(() -> new GlissadeRegressor().setWeightCol("w").fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weightCol must be one of the columns [features, label, weight], but was w");
    assertThatThrownBy(() -> new GlissadeRegressor().setWeightCol("features").fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weightCol features must be numeric, but was vector");
    assertThatThrownBy(() -> new GlissadeClassifier().setFeaturesCol("weight").fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight");
    assertThatThrownBy(
            () -> new GlissadeClassifier().fit(rows.withColumn("probability", functions.lit(0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("probabilityCol must be a new column, but was probability");
    assertThatThrownBy(() -> classifier.fit(rows).predict(Vectors.dense(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features must have 2 numbers, but had 1");
  }

  @Test
  void paramsAreRefused() {
    GlissadeClassifier classifier = new GlissadeClassifier();
    refused(() -> classifier.setMaxIter(0), "maxIter must be at least 1, but was 0");
    refused(() -> classifier.setBatchSize(-1), "batchSize must be at least 0, but was -1");
    refused(() -> classifier.setHidden(8, 0), "a hidden size must be positive, but was 0");
    refused(
        () -> classifier.setActivation("gelu"),
        "activation must be one of [relu, tanh, sigmoid], but was \"gelu\"");
    refused(
        () -> classifier.setSchedule("step"),
        "schedule must be one of [cosine, linear, constant], but was \"step\"");
    refused(
        () -> classifier.setEngine("ring"),
        "engine must be one of [auto, barrier, aggregate], but was \"ring\"");
    refused(
        () -> new GlissadeRegressor().setLoss("l1"),
        "loss must be one of [squared, huber], but was \"l1\"");
    refused(() -> new GlissadeRegressor().setHuberDelta(0), "huberDelta must be positive");
    refused(() -> classifier.setLearningRate(Double.NaN), "learningRate must be finite");
    refused(() -> classifier.setOptimizer("adamm"), "was \"adamm\"");
    refused(() -> classifier.setOptimizer("{\"name\": \"adam\""), "optimizer is not JSON");
    refused(
        () -> classifier.setOptimizer("{\"name\": \"adam\", \"args\": {\"b3\": 1}}"),
        "the argument of adam must be one of");
    refused(() -> classifier.setOptimizer("{\"args\": {}}"), "\"name\"");
    refused(
        () -> classifier.set(classifier.maxIter().w(-3)), "maxIter must be at least 1, but was -3");
  }

  private static void refused(Runnable setting, String message) {
    assertThatThrownBy(setting::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void learningRatesMustSuitTheOptimizer() {
    Dataset<Row> rows = with(MlSession.row(Vectors.dense(1, 2), 1));
    refused(
        () -> new GlissadeClassifier().setOptimizer("adam").fit(rows),
        "learningRate must be set for adam: use setLearningRate, or an optimizer that needs none");
    refused(
        () -> new GlissadeClassifier().setOptimizer("scale_by_adam").setLearningRate(1).fit(rows),
        "learningRate must not be set for scale_by_adam, which has no learning_rate, but was 1.0");
    refused(
        () ->
            new GlissadeClassifier()
                .setOptimizer(
                    "{\"name\": \"dpsgd\", \"args\": {\"learning_rate\": 0.1, \"l2_norm_clip\": 1,"
                        + " \"noise_multiplier\": 1, \"seed\": 1}}")
                .setHidden(4)
                .fit(rows),
        "optimizer must be one that steps with mean gradients, but was refused: per-example");
  }
}
