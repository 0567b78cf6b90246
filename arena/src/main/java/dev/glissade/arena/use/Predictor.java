package dev.glissade.arena.use;

import dev.glissade.Tensor;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.LabelEncoding.NumberLabel;
import dev.glissade.arena.data.LinearScale;
import dev.glissade.models.Losses;
import dev.glissade.models.Objective;
import java.util.Arrays;

/** Predicts classes with their probabilities, or numbers in the label's own unit. */
public final class Predictor {
  private final ModelFile file;
  private final Objective objective;

  /** Makes a predictor; each thread needs its own. */
  public Predictor(ModelFile file) {
    this.file = file;
    this.objective = Objective.of(file.model(), Losses.softmaxCrossEntropy());
  }

  /**
   * Predicts classes.
   *
   * @return a probability for each class of each example; row-major
   */
  public float[] probabilities(Dataset examples) {
    float[] numbers = outputs(examples);
    int classes = file.model().outputs();
    for (int at = 0; at < numbers.length; at += classes) {
      softmax(numbers, at, classes);
    }
    return numbers;
  }

  /**
   * Predicts numbers, in the label's own unit.
   *
   * @return the number of each example
   */
  public double[] numbers(Dataset examples) {
    LinearScale scaling = ((NumberLabel) file.encoding().label()).scaling();
    float[] scaled = outputs(examples);
    double[] numbers = new double[scaled.length];
    Arrays.setAll(numbers, i -> scaling.undo(scaled[i]));
    return numbers;
  }

  private float[] outputs(Dataset examples) {
    int[] rows = new int[examples.size()];
    Arrays.setAll(rows, i -> i);
    float[] inputs = new float[Math.multiplyExact(rows.length, examples.features())];
    examples.inputs(rows, 0, rows.length, inputs);
    Tensor batch = Tensor.wrap(inputs, rows.length, examples.features());
    return (float[]) objective.outputs(file.params(), batch).array();
  }

  /** Replaces logits by probabilities. */
  private static void softmax(float[] z, int at, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      max = Math.max(max, z[at + j]);
    }
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += Math.exp(z[at + j] - max);
    }
    for (int j = 0; j < n; j++) {
      z[at + j] = (float) (Math.exp(z[at + j] - max) / sum);
    }
  }
}
