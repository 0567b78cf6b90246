package dev.glissade.arena.use;

import dev.glissade.Tensor;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.LabelEncoding.NumberLabel;
import dev.glissade.arena.data.Task;
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
   * Returns the predictions for examples.
   *
   * @return a probability for each class, or the number, of each example; row-major
   */
  public float[] predict(Dataset examples) {
    int[] rows = new int[examples.size()];
    Arrays.setAll(rows, i -> i);
    float[] inputs = new float[Math.multiplyExact(rows.length, examples.features())];
    examples.inputs(rows, 0, rows.length, inputs);
    Tensor outputs =
        objective.outputs(file.params(), Tensor.wrap(inputs, rows.length, examples.features()));
    float[] numbers = (float[]) outputs.array();
    if (file.encoding().task() == Task.CLASSES) {
      for (int i = 0; i < rows.length; i++) {
        softmax(numbers, i * file.model().outputs(), file.model().outputs());
      }
    } else if (file.encoding().label() instanceof NumberLabel label) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) label.scaling().undo(numbers[i]);
      }
    }
    return numbers;
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
