package dev.glissade.spark.ml;

import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.models.Objective;
import dev.glissade.records.Records;
import dev.glissade.spark.SerializableSupplier;
import dev.glissade.spark.SparkEngine;
import dev.glissade.spark.SparkTraining;
import dev.glissade.spark.TrainingResult;
import dev.glissade.transform.WeightLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.PredictorParams;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * A fit of an estimator: learns what it must know of all rows, makes blocks of them, and trains.
 *
 * @param <P> the estimator
 */
final class NetworkTraining<P extends GlissadeParams & PredictorParams> {
  private static final System.Logger LOG = System.getLogger("dev.glissade.spark.ml");

  /** So that the partitions are about equal, and the rows of a step come from several blocks. */
  private static final long BLOCKS_OF_RANK = 8;

  private final P params;
  private final NetworkForm.LossForm loss;
  private final RowFormat format;
  private final @Nullable Double rate;

  /**
   * Takes the params of an estimator.
   *
   * @param classes the number of classes that metadata states, 0 for none; -1 for numbers
   */
  NetworkTraining(P params, NetworkForm.LossForm loss, int classes) {
    this.params = params;
    this.loss = loss;
    boolean weighted = !params.getWeightCol().isEmpty();
    this.format =
        new RowFormat(
            params.getFeaturesCol(),
            params.getLabelCol(),
            weighted ? params.getWeightCol() : "weight",
            classes);
    this.rate = params.isDefined(params.learningRate()) ? params.getLearningRate() : null;
    OptimizerText.checkStep(
        OptimizerText.read(params.getOptimizer(), rate, RateDecay.NONE), params.getHidden().length);
  }

  /** What is trained: the network, the scale of rows, the partitions and the steps of a pass. */
  private record Task(
      NetworkForm form,
      NetworkForm.LossForm loss,
      RowBlock.Scale scale,
      int partitions,
      int stepsOfPass) {}

  TrainedNetwork fit(Dataset<?> dataset) {
    SparkContext context = dataset.sparkSession().sparkContext();
    JavaRDD<Row> data = rows(dataset);
    DataSummary summary = DataSummary.of(data, format);
    int wanted = params.getNumPartitions();
    Task task = task(summary, wanted > 0 ? wanted : data.getNumPartitions());
    JavaRDD<RankRows> rows = RankRows.of(data, format, task.scale(), summary, task.partitions());
    SparkEngine engine = engine(context, task.partitions());
    if (engine == SparkEngine.AGGREGATE) {
      rows.persist(StorageLevel.MEMORY_AND_DISK()); // for the job of each step
    }
    try {
      return trained(task, train(rows, summary, task, engine));
    } finally {
      if (!context.isStopped()) {
        rows.unpersist(false);
      }
    }
  }

  /** Returns features, label and weight. */
  private JavaRDD<Row> rows(Dataset<?> dataset) {
    Column weight =
        params.getWeightCol().isEmpty()
            ? functions.lit(1.0)
            : functions.col(params.getWeightCol()).cast("double");
    return dataset
        .select(
            functions.col(params.getFeaturesCol()),
            functions.col(params.getLabelCol()).cast("double"),
            weight)
        .javaRDD();
  }

  private Task task(DataSummary summary, int partitions) {
    int classes = Math.max(format.classes(), (int) summary.largest() + 1);
    NetworkForm form =
        new NetworkForm(
            summary.width(),
            Arrays.stream(params.getHidden()).boxed().toList(),
            loss.ofClasses() ? Math.max(2, classes) : 1,
            params.getActivation());
    if (params instanceof HasThresholds owner) {
      ClassThresholds.check(owner, form.outputs());
    }
    RowBlock.Scale scale = scale(summary, partitions);
    return new Task(
        form,
        new NetworkForm.LossForm(loss.name(), loss.delta() * scale.labelFactor()),
        scale,
        partitions,
        stepsOfPass(summary.count(), partitions));
  }

  private RowBlock.Scale scale(DataSummary summary, int partitions) {
    boolean standardized = params.getStandardization();
    FeatureScaling features =
        standardized
            ? summary.standardization(format.featuresCol())
            : FeatureScaling.none(summary.width());
    boolean ofLabels = standardized && !loss.ofClasses();
    double deviation = summary.label().deviation(0);
    return new RowBlock.Scale(
        features,
        ofLabels ? summary.label().mean(0) : 0,
        ofLabels && deviation > 0 ? 1 / deviation : 1,
        summary.count() / summary.weight(),
        Math.max(1, summary.count() / (BLOCKS_OF_RANK * partitions)));
  }

  private int stepsOfPass(long rows, int partitions) {
    long batch = params.getBatchSize() == 0 ? rows : params.getBatchSize();
    long steps = Math.min((rows + batch - 1) / batch, Math.max(1, rows / (2L * partitions)));
    if (steps * params.getMaxIter() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the number of steps, maxIter times rows / batchSize, must be below 2^31, but was %d:"
                  .formatted(steps * params.getMaxIter())
              + " use a larger batchSize");
    }
    return (int) steps;
  }

  private TrainingResult train(
      JavaRDD<RankRows> rows, DataSummary summary, Task task, SparkEngine engine) {
    int steps = task.stepsOfPass() * params.getMaxIter();
    SparkTraining<RankRows> training =
        SparkTraining.of(rows, gradient(task), optimizer(steps))
            .steps(steps)
            .seed(params.getSeed())
            .engine(engine);
    String folder = params.getCheckpointDir();
    if (!folder.isEmpty()) {
      folder = folder + "/" + FitName.of(params, summary, task.stepsOfPass());
      training.checkpoints(
          folder, Math.multiplyExact(task.stepsOfPass(), params.getCheckpointInterval()));
    }
    TrainingResult result = training.fit(task.form().mlp().initialParams(params.getSeed()));
    if (!folder.isEmpty()) {
      delete(folder, rows.context());
    }
    return result;
  }

  private SerializableSupplier<GradientTransformation<?>> optimizer(int steps) {
    String text = params.getOptimizer();
    Double learningRate = rate;
    String schedule = params.getSchedule();
    return () ->
        WeightLayout.IN_OUT.appliedTo(
            OptimizerText.read(text, learningRate, new RateDecay(schedule, steps)));
  }

  private static SerializableSupplier<MinibatchGradient> gradient(Task task) {
    NetworkForm form = task.form();
    NetworkForm.LossForm loss = task.loss();
    int steps = task.stepsOfPass();
    return () ->
        new MinibatchGradient(
            Objective.of(form.mlp(), loss.loss()).sequential(), loss.ofClasses(), steps);
  }

  /**
   * Returns the engine. The choice does not change a bit of the result, in contrast to the number
   * of partitions, which therefore does not depend on the cluster.
   */
  private SparkEngine engine(SparkContext context, int partitions) {
    String name = params.getEngine();
    if (!name.equals(Choice.AUTO)) {
      return SparkEngine.valueOf(name.toUpperCase(Locale.ROOT));
    }
    if (context.getConf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      return SparkEngine.AGGREGATE;
    }
    int slots =
        context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    if (slots >= partitions) {
      return SparkEngine.BARRIER;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "a job for each step is slower than the engine barrier, which needs a slot for each of %d"
                .formatted(partitions)
            + " partitions, but there were %d: set numPartitions, or start more executors"
                .formatted(slots));
    return SparkEngine.AGGREGATE;
  }

  private static void delete(String folder, SparkContext context) {
    Path path = new Path(folder);
    try {
      path.getFileSystem(context.hadoopConfiguration()).delete(path, true);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "%s could not be deleted: %s".formatted(folder, e));
    }
  }

  private TrainedNetwork trained(Task task, TrainingResult result) {
    double unit = 1 / task.scale().labelFactor();
    TrainedNetwork.Facts facts =
        new TrainedNetwork.Facts(
            task.form().hidden(),
            task.form().activation(),
            task.form().outputs(),
            task.scale().features().mean(),
            task.scale().features().factor(),
            task.scale().labelMean(),
            unit,
            task.stepsOfPass(),
            stepSize(result));
    double[] losses =
        IntStream.range(0, result.losses().length)
            .mapToDouble(i -> result.losses()[i] * unit * unit)
            .toArray();
    return new TrainedNetwork(facts, result.evalParams(), losses);
  }

  private double stepSize(TrainingResult result) {
    GradientTransformation<?> optimizer = optimizer((int) result.checkpoint().step()).get();
    double[] found = {Double.NaN};
    try {
      Records.walk(
          result.checkpoint().state(optimizer),
          (path, leaf) -> {
            if (leaf instanceof Scalar scalar && path.matches("(.*/)?estimLr")) {
              found[0] = scalar.value();
            }
          });
    } catch (CheckpointException e) {
      throw new UncheckedIOException(e);
    }
    return found[0];
  }
}
