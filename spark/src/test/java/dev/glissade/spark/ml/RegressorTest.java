package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The regressor finds linear functions and others, in the label's own unit. */
class RegressorTest {
  private static SparkSession spark;

  @TempDir Path folder;

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

  /** Returns prices: 2e5 + 3e4 x0 - 1e3 x1, plus noise, and some that are far too high. */
  private static Dataset<Row> prices(int outliers) {
    SplittableRandom random = new SplittableRandom(4);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      double x0 = 5 + random.nextDouble();
      double x1 = 1000 * random.nextDouble();
      double noise = 100 * (random.nextDouble() - 0.5);
      double price = 2e5 + 3e4 * x0 - 1e3 * x1 + noise + (i < outliers ? 5e6 : 0);
      rows.add(MlSession.row(Vectors.dense(x0, x1), price));
    }
    return MlSession.dataset(spark, rows, 2);
  }

  @Test
  void findsALinearFunctionInItsOwnUnit() {
    Dataset<Row> rows = prices(0);
    GlissadeRegressionModel model = new GlissadeRegressor().setBatchSize(150).fit(rows);
    double rmse = new RegressionEvaluator().evaluate(model.transform(rows));
    assertThat(rmse).isLessThan(300);
    Vector row = Vectors.dense(5.5, 500);
    assertThat(model.predict(row)).isCloseTo(2e5 + 3e4 * 5.5 - 5e5, within(300.0));
    assertThat(Math.sqrt(model.summary().objectiveHistory()[49])).isCloseTo(rmse, within(200.0));
    assertThat(model.numFeatures()).isEqualTo(2);
  }

  @Test
  void huberIgnoresOutliers() {
    GlissadeRegressor regressor = new GlissadeRegressor().setBatchSize(150);
    Vector row = Vectors.dense(5.5, 500);
    double truth = 2e5 + 3e4 * 5.5 - 5e5;
    double squared = regressor.fit(prices(30)).predict(row);
    double huber = regressor.setLoss("huber").setHuberDelta(1e4).fit(prices(30)).predict(row);
    assertThat(Math.abs(squared - truth)).isGreaterThan(5e4);
    assertThat(Math.abs(huber - truth)).isLessThan(2e4);
  }

  @Test
  void aNetworkIsSavedLoadedAndSerialized() throws IOException, ClassNotFoundException {
    SplittableRandom random = new SplittableRandom(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double x = 4 * (random.nextDouble() - 0.5);
      rows.add(MlSession.row(Vectors.dense(x), 100 + x * x));
    }
    Dataset<Row> parabola = MlSession.dataset(spark, rows, 2);
    GlissadeRegressionModel model =
        new GlissadeRegressor().setHidden(16).setBatchSize(100).setSeed(1).fit(parabola);
    assertThat(new RegressionEvaluator().setMetricName("r2").evaluate(model.transform(parabola)))
        .isGreaterThan(0.95);
    String path = folder.resolve("model").toString();
    model.save(path);
    assertThat(folder.resolve("model/data/model.safetensors")).exists();
    GlissadeRegressionModel loaded = GlissadeRegressionModel.load(path);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(model);
    }
    GlissadeRegressionModel sent;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      sent = (GlissadeRegressionModel) in.readObject();
    }
    for (Row row : model.transform(parabola).limit(50).collectAsList()) {
      Vector features = row.getAs("features");
      assertThat(row.<Double>getAs("prediction"))
          .isEqualTo(model.predict(features))
          .isEqualTo(loaded.predict(features))
          .isEqualTo(sent.predict(features));
    }
    assertThat(loaded)
        .hasToString("GlissadeRegressionModel: uid=%s, MLP 1-16-1".formatted(model.uid()));
  }
}
