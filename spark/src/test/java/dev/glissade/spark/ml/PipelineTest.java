package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimators are stages of spark.ml: in pipelines and cross-validation, saved and loaded. */
class PipelineTest {
  private static SparkSession spark;
  private static Dataset<Row> flowers;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = MlSession.start();
    List<Row> rows = new ArrayList<>();
    String[] names = {"setosa", "versicolor", "virginica"};
    java.util.SplittableRandom random = new java.util.SplittableRandom(3);
    for (int i = 0; i < 400; i++) {
      int kind = random.nextInt(5) % 3;
      double length = 2 + 2 * kind + 3 * random.nextDouble();
      rows.add(RowFactory.create(length, 1e4 * (kind - random.nextDouble()), names[kind]));
    }
    StructType schema =
        new StructType()
            .add("length", DataTypes.DoubleType)
            .add("width", DataTypes.DoubleType)
            .add("kind", DataTypes.StringType);
    flowers = spark.createDataFrame(rows, schema).repartition(2).cache();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static Pipeline pipeline(PipelineStage last) {
    return new Pipeline()
        .setStages(
            new PipelineStage[] {
              new StringIndexer().setInputCol("kind").setOutputCol("label"),
              new VectorAssembler()
                  .setInputCols(new String[] {"length", "width"})
                  .setOutputCol("features"),
              last
            });
  }

  @Test
  void aPipelineIsSavedAndLoaded() throws IOException {
    GlissadeClassifier classifier =
        new GlissadeClassifier()
            .setHidden(6)
            .setActivation("tanh")
            .setOptimizer("adam")
            .setLearningRate(0.05)
            .setMaxIter(8)
            .setBatchSize(40)
            .setProbabilityCol("p");
    Pipeline pipeline = pipeline(classifier);
    pipeline.save(folder.resolve("pipeline").toString());
    Pipeline loaded = Pipeline.load(folder.resolve("pipeline").toString());
    PipelineModel model = loaded.fit(flowers);
    Dataset<Row> predicted = model.transform(flowers);
    assertThat(MlSession.accuracy(predicted)).isGreaterThan(0.9);

    model.save(folder.resolve("model").toString());
    PipelineModel again = PipelineModel.load(folder.resolve("model").toString());
    assertThat(again.transform(flowers).collectAsList()).isEqualTo(predicted.collectAsList());
    GlissadeClassificationModel last = (GlissadeClassificationModel) again.stages()[2];
    GlissadeClassificationModel first = (GlissadeClassificationModel) model.stages()[2];
    assertThat(last.uid()).isEqualTo(first.uid()).isEqualTo(classifier.uid());
    assertThat(last.getHidden()).containsExactly(6);
    assertThat(last.getProbabilityCol()).isEqualTo("p");
    assertThat(last.summary().stepLosses()).isEqualTo(first.summary().stepLosses());
    assertThat(last.summary().stepSize()).isNaN();
    assertThat(last.parameters().sameBits(first.parameters())).isTrue();
  }

  @Test
  void crossValidationChoosesOptimizersAndLearningRates() throws IOException {
    GlissadeClassifier classifier = new GlissadeClassifier().setMaxIter(6).setBatchSize(20);
    ParamMap[] grid =
        new ParamGridBuilder()
            .baseOn(classifier.optimizer().w("adam"))
            .addGrid(classifier.learningRate(), new double[] {1e-7, 0.1})
            .build();
    classifier.setCheckpointDir(folder.resolve("checkpoints").toUri().toString());
    PipelineModel features =
        pipeline(new VectorAssembler().setInputCols(new String[] {"length"}).setOutputCol("x"))
            .fit(flowers);
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(classifier)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setNumFolds(2)
            .setSeed(1)
            .setParallelism(2);
    CrossValidatorModel chosen = validator.fit(features.transform(flowers));
    assertThat(chosen.avgMetrics()[1]).isGreaterThan(0.85).isGreaterThan(chosen.avgMetrics()[0]);
    GlissadeClassificationModel best = (GlissadeClassificationModel) chosen.bestModel();
    assertThat(best.getLearningRate()).isEqualTo(0.1);
    assertThat(best.getOptimizer()).isEqualTo("adam");
    assertThat(best.parent().uid()).isEqualTo(classifier.uid());
    try (var left = Files.list(folder.resolve("checkpoints"))) {
      assertThat(left.filter(path -> !path.getFileName().toString().startsWith("."))).isEmpty();
    }
    chosen.save(folder.resolve("chosen").toString());
    GlissadeClassificationModel loaded =
        (GlissadeClassificationModel)
            CrossValidatorModel.load(folder.resolve("chosen").toString()).bestModel();
    assertThat(loaded.parameters().sameBits(best.parameters())).isTrue();
  }

  @Test
  void paramsAreCopiedExplainedAndStored() throws IOException {
    GlissadeRegressor regressor =
        new GlissadeRegressor("mine")
            .setHidden(3, 2)
            .setOptimizer("{\"name\": \"adamw\", \"args\": {\"weight_decay\": 0.1}}")
            .setLearningRate(0.5)
            .setEngine("aggregate")
            .setWeightCol("w")
            .setStandardization(false)
            .setSeed(9)
            .setLoss("huber")
            .setHuberDelta(2.5)
            .setNumPartitions(3)
            .setCheckpointInterval(4)
            .setFeaturesCol("f")
            .setLabelCol("l")
            .setPredictionCol("p");
    assertThat(regressor.uid()).isEqualTo("mine");
    assertThat(regressor.explainParams()).contains("hidden:", "optimizer:", "huberDelta:");
    GlissadeRegressor copy = regressor.copy(new ParamMap().put(regressor.maxIter().w(3)));
    assertThat(copy.getMaxIter()).isEqualTo(3);
    assertThat(regressor.getMaxIter()).isEqualTo(50);
    String path = new File(folder.toFile(), "regressor").toString();
    copy.save(path);
    GlissadeRegressor loaded = GlissadeRegressor.load(path);
    assertThat(loaded.uid()).isEqualTo("mine");
    assertThat(withoutHidden(loaded)).isEqualTo(withoutHidden(copy));
    assertThat(loaded.extractParamMap().toSeq().size())
        .isEqualTo(copy.extractParamMap().toSeq().size());
    assertThat(loaded.getHidden()).containsExactly(3, 2);
    assertThat(new GlissadeClassifier().params()).hasSize(20);
    GlissadeClassifier classifier = new GlissadeClassifier().setHidden(5);
    classifier.write().overwrite().save(path);
    assertThat(GlissadeClassifier.load(path).getHidden()).containsExactly(5);
  }

  /** Returns the explanations, without those of an array, which spark.ml shows by its address. */
  private static String withoutHidden(GlissadeRegressor regressor) {
    return regressor.explainParams().replaceAll("hidden: .*\n", "");
  }
}
