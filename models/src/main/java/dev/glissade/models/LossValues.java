package dev.glissade.models;

import dev.glissade.Tensor;

/**
 * The losses of examples, and the gradient of their sum.
 *
 * @param values the loss of each example, in float64
 * @param gradient the derivative of the sum of the values by each number that the model put out, in
 *     its type
 * @param examples the number of examples, without those of which a mask includes nothing
 */
public record LossValues(Tensor values, Tensor gradient, int examples) {
  /** {@return the sum of the losses} */
  public double sum() {
    double sum = 0;
    for (double value : values.toDoubles()) {
      sum += value;
    }
    return sum;
  }

  /** {@return the mean of the losses; 0 without examples} */
  public double mean() {
    return examples == 0 ? 0 : sum() / examples;
  }

  /** {@return the gradient of the mean; 0 without examples} */
  public Tensor meanGradient() {
    double[] mean = gradient.toDoubles();
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= Math.max(examples, 1);
    }
    return Tensor.of(gradient.dtype(), mean, gradient.shape());
  }
}
