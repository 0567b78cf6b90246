package dev.glissade.spark.ml;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;

/**
 * Shifts and scales features: (x - mean) * factor, in double precision, rounded to float32.
 *
 * @param mean what is subtracted from each feature
 * @param factor what each feature is multiplied by; 0 for one that is constant
 */
record FeatureScaling(double[] mean, double[] factor) implements Serializable {

  /** Returns a scaling that changes nothing. */
  static FeatureScaling none(int features) {
    double[] ones = new double[features];
    Arrays.fill(ones, 1);
    return new FeatureScaling(new double[features], ones);
  }

  int features() {
    return mean.length;
  }

  float scaled(int feature, double value) {
    return (float) ((value - mean[feature]) * factor[feature]);
  }

  /** Returns the scaled features of a row of zeros. */
  float[] zeros() {
    float[] zeros = new float[mean.length];
    for (int i = 0; i < zeros.length; i++) {
      zeros[i] = scaled(i, 0);
    }
    return zeros;
  }

  /** Writes a row's scaled features, the same bits for dense and sparse vectors. */
  void write(Vector row, float[] target, int offset) {
    if (row instanceof SparseVector sparse) {
      for (int i = 0; i < mean.length; i++) {
        target[offset + i] = scaled(i, 0);
      }
      int[] indices = sparse.indices();
      double[] values = sparse.values();
      for (int i = 0; i < indices.length; i++) {
        target[offset + indices[i]] = scaled(indices[i], values[i]);
      }
    } else {
      for (int i = 0; i < mean.length; i++) {
        target[offset + i] = scaled(i, row.apply(i));
      }
    }
  }
}
