package dev.glissade.spark.ml;

import dev.glissade.Tree;
import org.apache.spark.ml.classification.ClassificationModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A trained classifier. It adds the columns of raw predictions (logits), predictions and
 * probabilities to a dataset, or predicts a vector, also where there is no Spark session.
 */
public final class GlissadeClassificationModel
    extends ClassificationModel<Vector, GlissadeClassificationModel>
    implements GlissadeParams, HasProbability, HasThresholds, MLWritable {
  private static final long serialVersionUID = 1;

  private final @Nullable String uid;
  private final TrainedNetwork network;

  GlissadeClassificationModel(String uid, TrainedNetwork network) {
    this(Uid.next(uid), network);
  }

  private GlissadeClassificationModel(Uid next, TrainedNetwork network) {
    this.uid = next.done();
    this.network = network;
    Defaults.set(this);
    setDefault(probabilityCol(), "probability");
  }

  /** {@return the unique name} */
  @Override
  public String uid() {
    String own = uid;
    return own == null ? Uid.taken() : own;
  }

  /** {@return the number of classes} */
  @Override
  public int numClasses() {
    return network.outputs();
  }

  /** {@return the number of features} */
  @Override
  public int numFeatures() {
    return network.features();
  }

  /** {@return how the model was trained} */
  public TrainingSummary summary() {
    return network.summary();
  }

  /** {@return the parameters of the layers, for standardized features if they were standardized} */
  public Tree parameters() {
    return network.params();
  }

  /**
   * Computes the logits of a row.
   *
   * @param features the row, as in the column of features
   * @return a logit for each class
   * @throws IllegalArgumentException if the row has another number of features
   */
  @Override
  public Vector predictRaw(Vector features) {
    return Vectors.dense(network.outputs(features));
  }

  /**
   * Computes the probabilities of a row's classes.
   *
   * @param features the row, as in the column of features
   * @return a probability for each class
   * @throws IllegalArgumentException if the row has another number of features
   */
  public Vector predictProbability(Vector features) {
    return softmax(predictRaw(features));
  }

  /**
   * Chooses a class by the logits: the most probable one, or by the thresholds.
   *
   * @param logits a logit for each class
   * @return the class
   * @throws IllegalArgumentException if the thresholds are not as many as the classes
   */
  @Override
  public double raw2prediction(Vector logits) {
    return isDefined(thresholds())
        ? ClassThresholds.choice(softmax(logits), getThresholds())
        : super.raw2prediction(logits);
  }

  /**
   * Sets thresholds of the classes; by default, the most probable class is predicted.
   *
   * @param values one number for each class, not negative, at most one of them 0; the class with
   *     the largest probability / threshold is predicted
   * @return this model
   * @throws IllegalArgumentException if they are not as many as the classes
   */
  public GlissadeClassificationModel setThresholds(double... values) {
    ClassThresholds.check(values, numClasses());
    set(thresholds(), values.clone());
    return this;
  }

  private static Vector softmax(Vector logits) {
    double[] all = logits.toArray().clone();
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : all) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (int i = 0; i < all.length; i++) {
      all[i] = Math.exp(all[i] - max);
      sum += all[i];
    }
    for (int i = 0; i < all.length; i++) {
      all[i] /= sum;
    }
    return Vectors.dense(all);
  }

  /**
   * Sets the column of the probability of each class.
   *
   * @param value the name; empty for no such column
   * @return this model
   */
  public GlissadeClassificationModel setProbabilityCol(String value) {
    set(probabilityCol(), value);
    return this;
  }

  /**
   * Returns the columns after prediction.
   *
   * @param schema the columns before
   * @return those and the columns of predictions
   */
  @Override
  public StructType transformSchema(StructType schema) {
    ClassThresholds.check(this, numClasses());
    return Schemas.withProbability(
        super.transformSchema(schema), getProbabilityCol(), numClasses());
  }

  /**
   * Adds predictions to a dataset.
   *
   * @param dataset the rows
   * @return the rows with the columns of predictions
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    String column = getProbabilityCol();
    if (column.isEmpty()) {
      return super.transform(dataset);
    }
    StructType schema = transformSchema(dataset.schema());
    Dataset<Row> predicted = super.transform(dataset);
    UDF1<Vector, Vector> function;
    Column input;
    if (getRawPredictionCol().isEmpty()) {
      function = this::predictProbability;
      input = functions.col(getFeaturesCol());
    } else {
      function = GlissadeClassificationModel::softmax;
      input = functions.col(getRawPredictionCol());
    }
    return predicted.withColumn(
        column,
        functions
            .udf(function, SQLDataTypes.VectorType())
            .apply(input)
            .as(column, schema.apply(column).metadata()));
  }

  /**
   * Copies this model.
   *
   * @param extra params that replace those of this model
   * @return the copy, with the same unique name
   */
  @Override
  public GlissadeClassificationModel copy(ParamMap extra) {
    GlissadeClassificationModel copy = new GlissadeClassificationModel(uid(), network);
    return copyValues(copy, extra).setParent(parent());
  }

  /** {@return a writer of this model} */
  @Override
  public MLWriter write() {
    return new ModelFiles.Writer(this, network);
  }

  /** {@return a reader of saved models} */
  public static MLReader<GlissadeClassificationModel> read() {
    return new ModelFiles.Reader<>(
        GlissadeClassificationModel.class, GlissadeClassificationModel::new);
  }

  /**
   * Reads a saved model.
   *
   * @param path the folder
   * @return the model
   */
  public static GlissadeClassificationModel load(String path) {
    return read().load(path);
  }

  /** {@return the kind of the model, with its unique name and sizes} */
  @Override
  public String toString() {
    return "GlissadeClassificationModel: uid=%s, %s".formatted(uid(), network.mlp());
  }
}
