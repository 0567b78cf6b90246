package dev.glissade.spark.ml;

import dev.glissade.records.Check;
import java.util.Arrays;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The params that the estimators of this package and their models have in common. {@link
 * GlissadeEstimator} sets them and states the defaults.
 */
public interface GlissadeParams extends Params {

  /** {@return the param of the optimizer: a name or JSON} */
  default Param<String> optimizer() {
    return new Param<>(
        this,
        "optimizer",
        "the optimizer: a name of the catalog, or JSON such as"
            + " {\"name\": \"adamw\", \"args\": {\"learning_rate\": 0.001}}",
        Rule.of(OptimizerText::check));
  }

  /** {@return the param of the learning rate} */
  default DoubleParam learningRate() {
    return new DoubleParam(
        this,
        "learningRate",
        "the optimizer's learning rate, for optimizers that have one",
        Rule.of(rate -> Check.finite("learningRate", (Double) rate)));
  }

  /** {@return the param of how the learning rate decays} */
  default Param<String> schedule() {
    return new Param<>(
        this,
        "schedule",
        "how learning rates decay to 0 over the fit: cosine, linear, or constant for not at all",
        Rule.of(name -> Choice.check("schedule", Choice.SCHEDULES, name)));
  }

  /** {@return the param of the sizes of the hidden layers} */
  default IntArrayParam hidden() {
    return new IntArrayParam(
        this,
        "hidden",
        "the sizes of the hidden layers; none for a linear model",
        Rule.of(
            sizes -> Arrays.stream(sizes).forEach(size -> Check.positive("a hidden size", size))));
  }

  /** {@return the param of the function between layers} */
  default Param<String> activation() {
    return new Param<>(
        this,
        "activation",
        "the function after each hidden layer: relu, tanh or sigmoid",
        Rule.of(name -> Choice.check("activation", Choice.ACTIVATIONS, name)));
  }

  /** {@return the param of the number of passes} */
  default IntParam maxIter() {
    return new IntParam(
        this,
        "maxIter",
        "the number of passes over the rows",
        Rule.of(number -> Check.atLeast("maxIter", 1, (Integer) number)));
  }

  /** {@return the param of the number of rows of a step} */
  default IntParam batchSize() {
    return new IntParam(
        this,
        "batchSize",
        "the number of rows of a step, over all partitions; 0 for all rows",
        Rule.of(number -> Check.atLeast("batchSize", 0, (Integer) number)));
  }

  /** {@return the param of whether features are standardized} */
  default BooleanParam standardization() {
    return new BooleanParam(
        this, "standardization", "whether features are standardized for training");
  }

  /** {@return the param of the seed} */
  default LongParam seed() {
    return new LongParam(this, "seed", "determines the first parameters and the order of rows");
  }

  /** {@return the param of the column of weights} */
  default Param<String> weightCol() {
    return new Param<>(
        this, "weightCol", "the column of the rows' weights; empty for weights of 1");
  }

  /** {@return the param of the engine} */
  default Param<String> engine() {
    return new Param<>(
        this,
        "engine",
        "how gradients are added up: barrier, aggregate, or auto, which is barrier unless Spark"
            + " allocates executors dynamically or has too few slots",
        Rule.of(name -> Choice.check("engine", Choice.ENGINES, name)));
  }

  /** {@return the param of the number of partitions} */
  default IntParam numPartitions() {
    return new IntParam(
        this,
        "numPartitions",
        "the number of partitions to train on; 0 for those of the dataset",
        Rule.of(number -> Check.atLeast("numPartitions", 0, (Integer) number)));
  }

  /** {@return the param of the folder of checkpoints} */
  default Param<String> checkpointDir() {
    return new Param<>(
        this, "checkpointDir", "a folder that all executors reach; empty for no checkpoints");
  }

  /** {@return the param of the passes between checkpoints} */
  default IntParam checkpointInterval() {
    return new IntParam(
        this,
        "checkpointInterval",
        "the number of passes from one checkpoint to the next",
        Rule.of(number -> Check.atLeast("checkpointInterval", 1, (Integer) number)));
  }

  /** {@return the optimizer: a name or JSON} */
  default String getOptimizer() {
    return getOrDefault(optimizer());
  }

  /** {@return the learning rate; throws if it is not set} */
  default double getLearningRate() {
    return (Double) getOrDefault(learningRate());
  }

  /** {@return how learning rates decay} */
  default String getSchedule() {
    return getOrDefault(schedule());
  }

  /** {@return the sizes of the hidden layers} */
  default int[] getHidden() {
    return getOrDefault(hidden()).clone();
  }

  /** {@return the name of the function after each hidden layer} */
  default String getActivation() {
    return getOrDefault(activation());
  }

  /** {@return the number of passes over the rows} */
  default int getMaxIter() {
    return (Integer) getOrDefault(maxIter());
  }

  /** {@return the number of rows of a step; 0 for all} */
  default int getBatchSize() {
    return (Integer) getOrDefault(batchSize());
  }

  /** {@return whether features are standardized for training} */
  default boolean getStandardization() {
    return (Boolean) getOrDefault(standardization());
  }

  /** {@return the seed} */
  default long getSeed() {
    return (Long) getOrDefault(seed());
  }

  /** {@return the column of the rows' weights; empty for none} */
  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  /** {@return the name of the engine} */
  default String getEngine() {
    return getOrDefault(engine());
  }

  /** {@return the number of partitions; 0 for those of the dataset} */
  default int getNumPartitions() {
    return (Integer) getOrDefault(numPartitions());
  }

  /** {@return the folder of checkpoints; empty for none} */
  default String getCheckpointDir() {
    return getOrDefault(checkpointDir());
  }

  /** {@return the number of passes from one checkpoint to the next} */
  default int getCheckpointInterval() {
    return (Integer) getOrDefault(checkpointInterval());
  }
}
