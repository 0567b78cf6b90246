package dev.glissade.spark.ml;

import dev.glissade.records.Check;
import java.util.Arrays;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.Params;

/** The param of the thresholds by which a class is chosen. */
public interface HasThresholds extends Params {

  /** {@return the param of the thresholds, one for each class} */
  default DoubleArrayParam thresholds() {
    return new DoubleArrayParam(
        this,
        "thresholds",
        "one number for each class, not negative, at most one of them 0: the class with the largest"
            + " probability / threshold is predicted",
        Rule.of(all -> {
          Arrays.stream(all).forEach(t -> Check.notNegative("a threshold", t));
          long zeros = Arrays.stream(all).filter(t -> t == 0).count();
          Check.that(zeros <= 1, "at most one threshold must be 0", zeros);
        }));
  }

  /** {@return the thresholds, one for each class; throws if they are not set} */
  default double[] getThresholds() {
    return getOrDefault(thresholds()).clone();
  }
}
