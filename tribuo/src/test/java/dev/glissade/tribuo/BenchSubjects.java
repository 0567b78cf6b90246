package dev.glissade.tribuo;

import dev.glissade.GradientTransformation;
import dev.glissade.host.bench.StepServer;
import dev.glissade.host.bench.StepServer.Steps;
import java.io.IOException;
import java.util.Map;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.Tensor;
import org.tribuo.math.optimisers.Adam;
import org.tribuo.math.optimisers.SGD;

/**
 * Steps of Tribuo's optimizers and of ours through the adapter, for {@code bench --peers}: on a
 * linear model of 10 labels, whose numbers are float64 in Tribuo, with dense gradients. They are
 * written before each step, since Tribuo's optimizers overwrite them.
 */
final class BenchSubjects {
  private static final int LABELS = 10;

  private BenchSubjects() {}

  public static void main(String[] arguments) throws IOException {
    StepServer.serve(Map.of("tribuo", BenchSubjects::own, "glissade, tribuo", BenchSubjects::ours));
  }

  /** Returns steps of Tribuo's own optimizer with the addition of its updates. */
  static Steps own(String name, int size, int threads) {
    return switch (name) {
      case "adam" -> steps(new Adam(1e-3, 1e-8), size);
      case "sgd" -> steps(SGD.getSimpleSGD(1e-3), size);
      default -> null;
    };
  }

  /** Returns the same through the adapter. */
  static Steps ours(String name, int size, int threads) {
    GradientTransformation<?> optimizer = StepServer.optimizer(name);
    return optimizer == null ? null : steps(GlissadeOptimiser.of(optimizer).threads(threads), size);
  }

  private static Steps steps(StochasticGradientOptimiser optimiser, int size) {
    int labels = size % LABELS == 0 ? LABELS : 1;
    RowBuffer numbers = RowBuffer.of(labels, size / labels);
    float[] random = StepServer.random(size, 2);
    for (int i = 0; i < size; i++) {
      numbers.numbers()[i] = random[i];
    }
    LinearParameters parameters = new LinearParameters(size / labels, labels);
    DenseMatrix gradient = new DenseMatrix(labels, size / labels);
    Tensor[] gradients = {gradient};
    optimiser.initialise(parameters);
    return StepServer.fresh(
        () -> numbers.write(gradient),
        () -> parameters.update(optimiser.step(gradients, 1)),
        optimiser::reset);
  }
}
