package dev.glissade.examples;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.PrivateTraining;
import dev.glissade.privacy.accounting.BoundFormat;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.PrivacyBudget;
import java.util.Random;

/**
 * Trains so that the model hardly depends on any single example, with an epsilon that bounds how
 * much.
 *
 * <p>Training draws batches by Poisson sampling, clips each example's gradient, and adds as much
 * secret noise to their sum as the privacy budget requires. Prints the accuracy and the guaranteed
 * epsilon. The noise, and so the model, differs in each run.
 */
public final class PrivateTrainingExample {
  private static final int EXAMPLES = 2000;
  private static final int STEPS = 100;
  private static final double EPSILON = 2;
  private static final double DELTA = 1e-5;

  private PrivateTrainingExample() {}

  public static void main(String[] args) {
    Random random = new Random(1);
    double[][] inputs = new double[EXAMPLES][2];
    double[] labels = new double[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      labels[i] = i % 2 == 0 ? 1 : -1;
      inputs[i][0] = labels[i] + random.nextGaussian();
      inputs[i][1] = labels[i] + random.nextGaussian();
    }

    double samplingRate = 0.02; // batches of 40 examples on average
    double noise = PrivacyBudget.of(EPSILON, DELTA).noiseMultiplierFor(samplingRate, STEPS);
    PrivateTraining training =
        PrivateTraining.of(
            Optimizers.sgd(0.5),
            Tree.of("w", Tensor.of(new double[2])),
            EXAMPLES,
            samplingRate,
            new Clipping.Flat(1),
            noise);
    // Call budget(EPSILON, DELTA) to refuse steps that would exceed the budget.
    for (int step = 0; step < STEPS; step++) {
      training.step((params, i) -> {
        double slope = -labels[i] / (1 + Math.exp(labels[i] * output(params, inputs[i])));
        return Tree.of("w", Tensor.of(inputs[i])).times(slope).evaluate();
      });
    }

    int right = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      right += labels[i] * output(training.params(), inputs[i]) > 0 ? 1 : 0;
    }
    Guarantee guarantee = training.guarantee(DELTA);
    System.out.println("steps: " + training.steps());
    System.out.printf("accuracy: %.1f%n", (double) right / EXAMPLES);
    // An epsilon is an upper bound, so it is rounded up.
    System.out.println("epsilon: " + BoundFormat.upperBound(guarantee.epsilon()));
    System.out.println("delta: " + guarantee.delta());
    System.out.println("neighbors: " + guarantee.adjacency());
  }

  private static double output(Tree params, double[] input) {
    double[] w = params.get("w").toDoubles();
    return w[0] * input[0] + w[1] * input[1];
  }
}
