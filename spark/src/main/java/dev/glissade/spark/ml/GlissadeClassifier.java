package dev.glissade.spark.ml;

import org.apache.spark.ml.classification.Classifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Trains softmax regression, or a multilayer perceptron for classes, by any optimizer of the
 * library, as a stage of spark.ml:
 *
 * <pre>{@code
 * GlissadeClassificationModel model =
 *     new GlissadeClassifier().setHidden(64).setMaxIter(30).fit(train);
 * Dataset<Row> scored = model.transform(test);
 * }</pre>
 *
 * <p>The label column holds classes, whole numbers from 0; their number comes from the column's
 * metadata, as StringIndexer writes it, or is the largest label plus 1. Features are vectors, dense
 * or sparse. They are standardized for training ({@link #setStandardization}), which the defaults
 * rely on. The loss is the softmax cross-entropy.
 *
 * <p>The same data in the same partitions, params and seed give the same model, bit for bit.
 */
public final class GlissadeClassifier
    extends Classifier<Vector, GlissadeClassifier, GlissadeClassificationModel>
    implements GlissadeEstimator<GlissadeClassifier>,
        HasProbability,
        HasThresholds,
        DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final @Nullable String uid;

  /** Creates an estimator of a linear model, with Prodigy. */
  public GlissadeClassifier() {
    this(Identifiable.randomUID("glissadeClassifier"));
  }

  /**
   * Creates an estimator of a linear model, with Prodigy.
   *
   * @param uid its unique name
   */
  public GlissadeClassifier(String uid) {
    this(Uid.next(uid));
  }

  private GlissadeClassifier(Uid next) {
    uid = next.done();
    Defaults.set(this);
    setDefault(probabilityCol(), "probability");
  }

  /** {@return the unique name} */
  @Override
  public String uid() {
    // The base classes ask before the field is set.
    String own = uid;
    return own == null ? Uid.taken() : own;
  }

  /**
   * Sets the column of the probability of each class; the default is {@code probability}.
   *
   * @param value the name; empty for no such column
   * @return this estimator
   */
  public GlissadeClassifier setProbabilityCol(String value) {
    set(probabilityCol(), value);
    return this;
  }

  /**
   * Sets thresholds of the classes; by default, the most probable class is predicted.
   *
   * @param values one number for each class, not negative, at most one of them 0; the class with
   *     the largest probability / threshold is predicted
   * @return this estimator
   */
  public GlissadeClassifier setThresholds(double... values) {
    set(thresholds(), values.clone());
    return this;
  }

  /**
   * Returns the columns after prediction.
   *
   * @param schema the columns before
   * @return the columns of the model's predictions
   * @throws IllegalArgumentException if a column is missing, has another type or exists already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    StructType predicted = super.transformSchema(schema);
    Schemas.checkWeight(schema, getWeightCol());
    return Schemas.withProbability(predicted, getProbabilityCol(), 0);
  }

  /**
   * Trains on a dataset whose columns have been checked; {@code fit} calls it.
   *
   * @param dataset the rows
   * @return the model
   */
  @Override
  public GlissadeClassificationModel train(Dataset<?> dataset) {
    int classes = Schemas.classes(dataset.schema(), getLabelCol());
    TrainedNetwork network =
        new NetworkTraining<>(this, NetworkForm.LossForm.SOFTMAX, classes).fit(dataset);
    return new GlissadeClassificationModel(uid(), network);
  }

  /**
   * Copies this estimator.
   *
   * @param extra params that replace those of this estimator
   * @return the copy, with the same unique name
   */
  @Override
  public GlissadeClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** {@return a reader of saved estimators} */
  public static MLReader<GlissadeClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * Reads a saved estimator.
   *
   * @param path the folder
   * @return the estimator
   */
  public static GlissadeClassifier load(String path) {
    return read().load(path);
  }
}
