package dev.glissade.spark.ml;

import dev.glissade.records.Check;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Trains linear regression, or a multilayer perceptron for numbers, by any optimizer of the
 * library, as a stage of spark.ml:
 *
 * <pre>{@code
 * GlissadeRegressionModel model = new GlissadeRegressor().setLoss("huber").fit(train);
 * }</pre>
 *
 * <p>The loss is the squared error (y - t)^2 or the Huber loss. Features and labels are
 * standardized for training ({@link #setStandardization}), which the defaults rely on; losses and
 * predictions are in the labels' own unit.
 *
 * <p>The same data in the same partitions, params and seed give the same model, bit for bit.
 */
public final class GlissadeRegressor
    extends Regressor<Vector, GlissadeRegressor, GlissadeRegressionModel>
    implements GlissadeEstimator<GlissadeRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final @Nullable String uid;

  /** Creates an estimator of a linear model, with Prodigy and the squared error. */
  public GlissadeRegressor() {
    this(Identifiable.randomUID("glissadeRegressor"));
  }

  /**
   * Creates an estimator of a linear model, with Prodigy and the squared error.
   *
   * @param uid its unique name
   */
  public GlissadeRegressor(String uid) {
    this(Uid.next(uid));
  }

  private GlissadeRegressor(Uid next) {
    uid = next.done();
    Defaults.set(this);
    setDefault(loss(), Choice.SQUARED);
    setDefault(huberDelta(), 1.0);
  }

  /** {@return the unique name} */
  @Override
  public String uid() {
    // The base classes ask before the field is set.
    String own = uid;
    return own == null ? Uid.taken() : own;
  }

  /** {@return the param of the loss} */
  public Param<String> loss() {
    return new Param<>(
        this,
        "loss",
        "the loss: squared or huber",
        Rule.of(name -> Choice.check("loss", Choice.LOSSES, name)));
  }

  /** {@return the param of the error from which on the Huber loss is linear} */
  public DoubleParam huberDelta() {
    return new DoubleParam(
        this,
        "huberDelta",
        "the error, in the label's unit, from which on the Huber loss is linear",
        Rule.of(delta -> Check.positive("huberDelta", (Double) delta)));
  }

  /** {@return the name of the loss} */
  public String getLoss() {
    return getOrDefault(loss());
  }

  /** {@return the error from which on the Huber loss is linear} */
  public double getHuberDelta() {
    return (Double) getOrDefault(huberDelta());
  }

  /**
   * Sets the loss; the default is {@code squared}.
   *
   * @param value {@code squared} or {@code huber}
   * @return this estimator
   */
  public GlissadeRegressor setLoss(String value) {
    set(loss(), value);
    return this;
  }

  /**
   * Sets the error from which on the Huber loss is linear; the default is 1.
   *
   * @param value the error, in the label's unit, positive
   * @return this estimator
   */
  public GlissadeRegressor setHuberDelta(double value) {
    set(huberDelta(), value);
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
    Schemas.checkWeight(schema, getWeightCol());
    return super.transformSchema(schema);
  }

  /**
   * Trains on a dataset whose columns have been checked; {@code fit} calls it.
   *
   * @param dataset the rows
   * @return the model
   */
  @Override
  public GlissadeRegressionModel train(Dataset<?> dataset) {
    NetworkForm.LossForm form = new NetworkForm.LossForm(getLoss(), getHuberDelta());
    TrainedNetwork network = new NetworkTraining<>(this, form, -1).fit(dataset);
    return new GlissadeRegressionModel(uid(), network);
  }

  /**
   * Copies this estimator.
   *
   * @param extra params that replace those of this estimator
   * @return the copy, with the same unique name
   */
  @Override
  public GlissadeRegressor copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** {@return a reader of saved estimators} */
  public static MLReader<GlissadeRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * Reads a saved estimator.
   *
   * @param path the folder
   * @return the estimator
   */
  public static GlissadeRegressor load(String path) {
    return read().load(path);
  }
}
