package dev.glissade.spark.ml;

import org.apache.spark.ml.param.Param;

/**
 * Setters of the params that the estimators of this package have in common.
 *
 * @param <E> the estimator
 */
public interface GlissadeEstimator<E> extends GlissadeParams {

  /**
   * Sets the optimizer; the default is {@code prodigy}, which needs no learning rate.
   *
   * @param value a name of the library's catalog, such as {@code adamw}, or JSON with arguments,
   *     such as {@code {"name": "prodigy", "args": {"weight_decay": 0.01}}}
   * @return this estimator
   * @throws IllegalArgumentException if the catalog has no such optimizer or argument
   */
  default E setOptimizer(String value) {
    return with(optimizer(), value);
  }

  /**
   * Sets the learning rate, for optimizers that have one; it replaces the one in their JSON. It has
   * no default.
   *
   * @param value the learning rate
   * @return this estimator
   */
  default E setLearningRate(double value) {
    return with(learningRate(), value);
  }

  /**
   * Sets how learning rates decay to 0 over the steps of the fit; the default is {@code cosine}.
   * Without a decay, the noise of minibatches keeps the model from the last bit of the loss. It
   * applies to all learning rates of the optimizer that are numbers, not to schedules in its JSON,
   * and to the factor 1 of optimizers that learn their step size.
   *
   * @param value {@code cosine}, {@code linear} or {@code constant}
   * @return this estimator
   */
  default E setSchedule(String value) {
    return with(schedule(), value);
  }

  /**
   * Sets the sizes of the hidden layers; the default is none, a linear model.
   *
   * @param sizes the sizes, in order, positive
   * @return this estimator
   */
  default E setHidden(int... sizes) {
    return with(hidden(), sizes.clone());
  }

  /**
   * Sets the function after each hidden layer; the default is {@code relu}.
   *
   * @param value {@code relu}, {@code tanh} or {@code sigmoid}
   * @return this estimator
   */
  default E setActivation(String value) {
    return with(activation(), value);
  }

  /**
   * Sets the number of passes over the rows; the default is 50.
   *
   * @param value the number of passes, at least 1
   * @return this estimator
   */
  default E setMaxIter(int value) {
    return with(maxIter(), value);
  }

  /**
   * Sets the number of rows of a step, over all partitions; the default is 128. A partition takes
   * part in a step with at least two rows on average, whatever this number.
   *
   * @param value the number of rows; 0 for all, which is one step for each pass
   * @return this estimator
   */
  default E setBatchSize(int value) {
    return with(batchSize(), value);
  }

  /**
   * Sets whether each feature is shifted and scaled to mean 0 and standard deviation 1 for training
   * (for regression, the label too), as the defaults of learning-rate-free optimizers need; the
   * default is true. The model takes features as they are in either case.
   *
   * @param value whether to standardize
   * @return this estimator
   */
  default E setStandardization(boolean value) {
    return with(standardization(), value);
  }

  /**
   * Sets the seed of the first parameters and of the order of rows; the default is 0.
   *
   * @param value the seed
   * @return this estimator
   */
  default E setSeed(long value) {
    return with(seed(), value);
  }

  /**
   * Sets the column of the rows' weights; the default is none. A row of weight 2 counts as two.
   *
   * @param value the name of a numeric column; empty for none
   * @return this estimator
   */
  default E setWeightCol(String value) {
    return with(weightCol(), value);
  }

  /**
   * Sets how gradients are added up; the default is {@code auto}: {@code barrier} unless Spark
   * allocates executors dynamically or has fewer slots than there are partitions.
   *
   * @param value {@code auto}, {@code barrier} or {@code aggregate}, as {@link
   *     dev.glissade.spark.SparkEngine} says
   * @return this estimator
   */
  default E setEngine(String value) {
    return with(engine(), value);
  }

  /**
   * Sets the number of partitions to train on; the default is that of the dataset. The model
   * depends on it, but not on the cluster. Fewer partitions are united, more need a shuffle.
   *
   * @param value the number of partitions; 0 for the default
   * @return this estimator
   */
  default E setNumPartitions(int value) {
    return with(numPartitions(), value);
  }

  /**
   * Sets a folder for checkpoints; the default is none. Each fit has a folder of its own there,
   * named by the data and the params: a fit whose driver was killed continues when it is started
   * again. The folder is deleted when the fit ends.
   *
   * @param value a folder that all executors reach, such as {@code hdfs:///fits}; empty for none
   * @return this estimator
   */
  default E setCheckpointDir(String value) {
    return with(checkpointDir(), value);
  }

  /**
   * Sets the number of passes from one checkpoint to the next; the default is 10.
   *
   * @param value the number of passes, at least 1
   * @return this estimator
   */
  default E setCheckpointInterval(int value) {
    return with(checkpointInterval(), value);
  }

  private <T> E with(Param<T> param, T value) {
    set(param, value);
    @SuppressWarnings("unchecked")
    E self = (E) this;
    return self;
  }
}
