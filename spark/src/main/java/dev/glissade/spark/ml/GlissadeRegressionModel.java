package dev.glissade.spark.ml;

import dev.glissade.Tree;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.jspecify.annotations.Nullable;

/**
 * A trained regression. It adds a column of predictions to a dataset, or predicts a vector, also
 * where there is no Spark session.
 */
public final class GlissadeRegressionModel extends RegressionModel<Vector, GlissadeRegressionModel>
    implements GlissadeParams, MLWritable {
  private static final long serialVersionUID = 1;

  private final @Nullable String uid;
  private final TrainedNetwork network;

  GlissadeRegressionModel(String uid, TrainedNetwork network) {
    this(Uid.next(uid), network);
  }

  private GlissadeRegressionModel(Uid next, TrainedNetwork network) {
    this.uid = next.done();
    this.network = network;
    Defaults.set(this);
  }

  /** {@return the unique name} */
  @Override
  public String uid() {
    String own = uid;
    return own == null ? Uid.taken() : own;
  }

  /** {@return the number of features} */
  @Override
  public int numFeatures() {
    return network.features();
  }

  /** {@return how the model was trained; losses are in the square of the label's unit} */
  public TrainingSummary summary() {
    return network.summary();
  }

  /**
   * {@return the parameters of the layers, for standardized features and labels if they were
   * standardized}
   */
  public Tree parameters() {
    return network.params();
  }

  /**
   * Predicts the number of a row.
   *
   * @param features the row, as in the column of features
   * @return the number, in the label's unit
   * @throws IllegalArgumentException if the row has another number of features
   */
  @Override
  public double predict(Vector features) {
    return network.outputs(features)[0];
  }

  /**
   * Copies this model.
   *
   * @param extra params that replace those of this model
   * @return the copy, with the same unique name
   */
  @Override
  public GlissadeRegressionModel copy(ParamMap extra) {
    GlissadeRegressionModel copy = new GlissadeRegressionModel(uid(), network);
    return copyValues(copy, extra).setParent(parent());
  }

  /** {@return a writer of this model} */
  @Override
  public MLWriter write() {
    return new ModelFiles.Writer(this, network);
  }

  /** {@return a reader of saved models} */
  public static MLReader<GlissadeRegressionModel> read() {
    return new ModelFiles.Reader<>(GlissadeRegressionModel.class, GlissadeRegressionModel::new);
  }

  /**
   * Reads a saved model.
   *
   * @param path the folder
   * @return the model
   */
  public static GlissadeRegressionModel load(String path) {
    return read().load(path);
  }

  /** {@return the kind of the model, with its unique name and sizes} */
  @Override
  public String toString() {
    return "GlissadeRegressionModel: uid=%s, %s".formatted(uid(), network.mlp());
  }
}
