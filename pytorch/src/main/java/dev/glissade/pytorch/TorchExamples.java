package dev.glissade.pytorch;

import dev.glissade.Tree;
import dev.glissade.host.ExampleRows;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * Computes per-example gradients, with a leading batch axis, by one backward pass for each example.
 */
final class TorchExamples {
  private final ExampleRows rows =
      new ExampleRows(
          "use smaller batches, or PrivateTorchTrainer, which holds one example's at a time");
  private double meanLoss;

  /** Returns the mean loss of the last examples. */
  double meanLoss() {
    return meanLoss;
  }

  /**
   * Computes the gradients of a number of examples; leaves libtorch's gradients zero.
   *
   * @param parameters what the gradients are of
   * @param form the parameters as a tree
   */
  Tree of(
      List<TorchParameter> parameters,
      Tree form,
      int examples,
      IntFunction<? extends Tensor> loss) {
    rows.begin(form, examples);
    TorchGradients gradients = new TorchGradients(parameters);
    double sum = 0;
    try {
      for (int i = 0; i < examples; i++) {
        int example = i;
        gradients.clear();
        sum += TorchLoss.of(() -> loss.apply(example)).backward();
        rows.add(gradients.read().tree());
      }
    } finally {
      gradients.clear();
    }
    meanLoss = sum / examples;
    return rows.tree();
  }
}
