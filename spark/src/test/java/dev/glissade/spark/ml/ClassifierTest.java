package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.models.Batch;
import dev.glissade.models.Losses;
import dev.glissade.models.Minibatches;
import dev.glissade.models.Mlp;
import dev.glissade.models.Objective;
import dev.glissade.models.Targets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The classifier learns as one process does, whatever the form of its rows. */
class ClassifierTest {
  private static SparkSession spark;
  private static List<Row> train;
  private static Dataset<Row> test;

  @BeforeAll
  static void start() {
    spark = MlSession.start();
    train = MlSession.digits(1200, 1);
    test = MlSession.dataset(spark, MlSession.digits(800, 2), 2).cache();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static GlissadeClassificationModel fit(GlissadeClassifier classifier, List<Row> rows) {
    return classifier.fit(MlSession.dataset(spark, rows, 2));
  }

  /** Returns the accuracy of the same network, trained by a loop of one's own. */
  private static double ofOneProcess(int passes) {
    FeatureScaling scaling =
        DataSummary.of(
                MlSession.dataset(spark, train, 1).javaRDD(),
                new RowFormat("features", "label", "weight", 0))
            .standardization("features");
    Mlp mlp = Mlp.of(MlSession.PIXELS, 16, MlSession.CLASSES);
    Objective objective = Objective.of(mlp, Losses.softmaxCrossEntropy());
    Stepper<?> stepper = Stepper.of(Contrib.prodigy(), mlp.initialParams(0));
    Minibatches batches = new Minibatches(batch(train, scaling), 128, 0);
    for (int pass = 0; pass < passes; pass++) {
      for (Batch batch : batches.epoch(pass)) {
        stepper.step(objective.gradient(stepper.params(), batch).gradient());
      }
    }
    Batch of = batch(test.collectAsList(), scaling);
    float[] logits = mlp.outputs(stepper.params(), of.inputs()).toFloats();
    int right = 0;
    for (int row = 0; row < of.size(); row++) {
      int best = 0;
      for (int c = 1; c < MlSession.CLASSES; c++) {
        int at = row * MlSession.CLASSES;
        best = logits[at + c] > logits[at + best] ? c : best;
      }
      right += best == ((Targets.Labels) of.targets()).at(row) ? 1 : 0;
    }
    return right / (double) of.size();
  }

  private static Batch batch(List<Row> rows, FeatureScaling scaling) {
    float[] inputs = new float[rows.size() * MlSession.PIXELS];
    int[] classes = new int[rows.size()];
    for (int i = 0; i < classes.length; i++) {
      scaling.write((Vector) rows.get(i).get(0), inputs, i * MlSession.PIXELS);
      classes[i] = (int) rows.get(i).getDouble(1);
    }
    return new Batch(
        Tensor.wrap(inputs, classes.length, MlSession.PIXELS), Targets.labels(classes));
  }

  @Test
  void learnsLikeOneProcess() {
    GlissadeClassificationModel model =
        fit(new GlissadeClassifier().setHidden(16).setMaxIter(20), train);
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(test));
    assertThat(accuracy).isGreaterThan(0.9).isCloseTo(ofOneProcess(20), within(0.03));
    TrainingSummary summary = model.summary();
    assertThat(summary.totalIterations()).isEqualTo(20);
    assertThat(summary.stepLosses()).hasSize(200);
    assertThat(summary.objectiveHistory()[19]).isLessThan(summary.objectiveHistory()[0] / 2);
    assertThat(summary.stepSize()).isPositive();
    assertThat(model.numClasses()).isEqualTo(10);
    assertThat(model.numFeatures()).isEqualTo(64);
  }

  @Test
  void bothEnginesGiveTheSameBits() {
    GlissadeClassifier classifier = new GlissadeClassifier().setMaxIter(2).setBatchSize(300);
    Tree barrier = fit(classifier.setEngine("barrier"), train).parameters();
    Tree aggregate = fit(classifier.setEngine("aggregate"), train).parameters();
    assertThat(barrier.sameBits(aggregate)).isTrue();
    assertThat(fit(classifier.setSeed(1), train).parameters().sameBits(barrier)).isFalse();
  }

  @Test
  void thresholdsMoveTheChoice() {
    double[] thresholds = {1, 5, 1, 1e6, 1, 1, 0.2, 1, 1, 3};
    GlissadeClassificationModel model =
        fit(new GlissadeClassifier().setMaxIter(2).setThresholds(thresholds), train);
    assertThat(model.getThresholds()).isEqualTo(thresholds);
    for (Row row : model.transform(test).limit(200).collectAsList()) {
      Vector probability = row.getAs("probability");
      int best = 0;
      for (int c = 1; c < MlSession.CLASSES; c++) {
        best =
            probability.apply(c) / thresholds[c] > probability.apply(best) / thresholds[best]
                ? c
                : best;
      }
      assertThat(row.<Double>getAs("prediction")).isEqualTo(best).isNotEqualTo(3);
      assertThat(model.predict(row.<Vector>getAs("features"))).isEqualTo(best);
    }
    thresholds[7] = 0;
    model.setThresholds(thresholds).setRawPredictionCol("");
    assertThat(model.transform(test).filter("prediction <> 7").count()).isZero();
    assertThatThrownBy(() -> model.setThresholds(1, 2))
        .hasMessage("thresholds must have a number for each of 10 classes, but had 2");
    assertThat(model.getThresholds()).isEqualTo(thresholds);
    assertThatThrownBy(() -> fit(new GlissadeClassifier().setThresholds(1, 2), train))
        .hasMessage("thresholds must have a number for each of 10 classes, but had 2");
    assertThatThrownBy(() -> new GlissadeClassifier().setThresholds(0.5, -1))
        .hasMessageContaining("a threshold must not be negative, but was -1.0");
    assertThatThrownBy(() -> new GlissadeClassifier().setThresholds(0, 1, 0))
        .hasMessageContaining("at most one threshold must be 0, but was 2");
  }

  @Test
  void columnsAgreeWithPredictionsWithoutSpark() {
    GlissadeClassificationModel model =
        fit(new GlissadeClassifier().setHidden(8).setMaxIter(3), train);
    for (Row row : model.transform(test).limit(100).collectAsList()) {
      Vector features = row.getAs("features");
      Vector probability = row.getAs("probability");
      assertThat(row.<Vector>getAs("rawPrediction")).isEqualTo(model.predictRaw(features));
      assertThat(row.<Double>getAs("prediction")).isEqualTo(model.predict(features));
      assertThat(probability).isEqualTo(model.predictProbability(features));
      assertThat(probability.argmax()).isEqualTo((int) model.predict(features));
      double sum = 0;
      for (double p : probability.toArray()) {
        sum += p;
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
    }
    Dataset<Row> bare =
        model
            .copy(org.apache.spark.ml.param.ParamMap.empty())
            .setRawPredictionCol("")
            .setPredictionCol("")
            .transform(test);
    assertThat(bare.columns()).containsExactly("features", "label", "weight", "probability");
    Row first = bare.first();
    assertThat(first.<Vector>getAs("probability"))
        .isEqualTo(model.predictProbability(first.getAs("features")));
    assertThat(model.setProbabilityCol("").transform(test).columns()).doesNotContain("probability");
  }

  @Test
  void sparseRowsGiveTheBitsOfDenseOnes() {
    List<Row> dense = new ArrayList<>();
    List<Row> sparse = new ArrayList<>();
    for (Row row : train) {
      double[] few = ((Vector) row.get(0)).toArray().clone();
      for (int i = 0; i < few.length; i++) {
        few[i] = few[i] < 14 ? 0 : few[i];
      }
      dense.add(MlSession.row(Vectors.dense(few), row.getDouble(1)));
      sparse.add(MlSession.row(Vectors.dense(few).toSparse(), row.getDouble(1)));
    }
    GlissadeClassifier classifier = new GlissadeClassifier().setMaxIter(2);
    GlissadeClassificationModel ofDense = fit(classifier, dense);
    GlissadeClassificationModel ofSparse = fit(classifier, sparse);
    assertThat(ofSparse.parameters().sameBits(ofDense.parameters())).isTrue();
    Vector row = (Vector) dense.get(0).get(0);
    assertThat(ofSparse.predictRaw(row.toSparse())).isEqualTo(ofDense.predictRaw(row));
  }

  @Test
  void aRowOfWeightTwoEqualsTwoRows() {
    List<Row> twice = new ArrayList<>();
    List<Row> weighted = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      boolean two = i % 3 == 0;
      double label = two ? (train.get(i).getDouble(1) + 1) % 10 : train.get(i).getDouble(1);
      Row row = MlSession.row((Vector) train.get(i).get(0), label);
      weighted.add(RowFactory.create(row.get(0), label, two ? 2.0 : 1.0));
      twice.add(row);
      if (two) {
        twice.add(row);
      }
    }
    weighted.add(RowFactory.create(train.get(400).get(0), 3.0, 0.0));
    GlissadeClassifier classifier =
        new GlissadeClassifier()
            .setOptimizer("adam")
            .setLearningRate(0.05)
            .setBatchSize(0)
            .setMaxIter(15);
    GlissadeClassificationModel a = fit(classifier, twice);
    GlissadeClassificationModel b = fit(classifier.setWeightCol("weight"), weighted);
    GlissadeClassificationModel c = fit(classifier.setWeightCol(""), weighted);
    Vector row = (Vector) train.get(500).get(0);
    assertThat(distance(a.predictProbability(row), b.predictProbability(row))).isLessThan(1e-4);
    assertThat(distance(a.predictProbability(row), c.predictProbability(row))).isGreaterThan(0.02);
    assertThat(b.summary().objectiveHistory()[14])
        .isCloseTo(a.summary().objectiveHistory()[14], within(1e-4));
  }

  private static double distance(Vector a, Vector b) {
    return Math.sqrt(Vectors.sqdist(a, b));
  }

  @Test
  void partitionsMayBeUnequalOrEmpty() {
    Dataset<Row> some = MlSession.dataset(spark, train.subList(0, 7), 5);
    Dataset<Row> none = MlSession.dataset(spark, List.of(), 2);
    Dataset<Row> rows = some.union(none).union(MlSession.dataset(spark, train, 1));
    for (int partitions : new int[] {0, 1, 2}) {
      GlissadeClassificationModel model =
          new GlissadeClassifier()
              .setNumPartitions(partitions)
              .setOptimizer("adam")
              .setLearningRate(0.02)
              .setMaxIter(5)
              .fit(rows);
      assertThat(MlSession.accuracy(model.transform(test))).isGreaterThan(0.85);
    }
    GlissadeClassificationModel many =
        new GlissadeClassifier()
            .setNumPartitions(9)
            .setEngine("aggregate")
            .setOptimizer("adam")
            .setLearningRate(0.1)
            .setBatchSize(600)
            .setMaxIter(3)
            .fit(none.union(MlSession.dataset(spark, train, 1)));
    assertThat(MlSession.accuracy(many.transform(test))).isGreaterThan(0.5);
  }

  @Test
  void featuresOfAnyScaleAreLearned() {
    List<Row> scaled = new ArrayList<>();
    for (Row row : train) {
      double[] pixels = ((Vector) row.get(0)).toArray().clone();
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = i == 5 ? 7 : 1e9 + pixels[i] * Math.pow(10, i % 7 - 3);
      }
      scaled.add(MlSession.row(Vectors.dense(pixels), row.getDouble(1)));
    }
    GlissadeClassifier classifier = new GlissadeClassifier().setMaxIter(10);
    GlissadeClassificationModel model = fit(classifier, scaled);
    assertThat(MlSession.accuracy(model.transform(MlSession.dataset(spark, scaled, 2))))
        .isGreaterThan(0.95);
  }

  @Test
  void theModelDependsOnThePartitionsButNotOnTheSlots() {
    Dataset<Row> five = MlSession.dataset(spark, train, 5); // on two slots
    GlissadeClassifier classifier = new GlissadeClassifier().setMaxIter(1).setBatchSize(300);
    Tree chosen = classifier.fit(five).parameters();
    classifier.setEngine("aggregate");
    assertThat(chosen.sameBits(classifier.setNumPartitions(5).fit(five).parameters())).isTrue();
    assertThat(chosen.sameBits(classifier.setNumPartitions(2).fit(five).parameters())).isFalse();
    assertThatThrownBy(() -> classifier.setNumPartitions(0).setEngine("barrier").fit(five))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "the cluster must have a slot for each of 5 partitions at the same time, but had 2: use"
                + " fewer partitions");
  }
}
