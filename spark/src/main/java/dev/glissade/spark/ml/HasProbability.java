package dev.glissade.spark.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The param of the column of probabilities. */
public interface HasProbability extends Params {

  /** {@return the param of the column of the classes' probabilities} */
  default Param<String> probabilityCol() {
    return new Param<>(
        this, "probabilityCol", "the column of the classes' probabilities; empty for none");
  }

  /** {@return the column of the classes' probabilities; empty for none} */
  default String getProbabilityCol() {
    return getOrDefault(probabilityCol());
  }
}
