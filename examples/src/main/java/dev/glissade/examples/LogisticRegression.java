package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import java.util.Map;
import java.util.Random;

/**
 * Trains a logistic regression in plain arrays, with gradients computed by hand.
 *
 * <p>The stepper borrows the arrays, so it updates the model in place. Prodigy finds the step size
 * itself, so you choose no learning rate. Prints the accuracy on held-out examples and the step
 * size that Prodigy found.
 */
public final class LogisticRegression {
  private static final int TRAIN = 400;
  private static final int TEST = 200;

  private LogisticRegression() {}

  public static void main(String[] args) {
    // Two clouds of points, one for each class.
    Random random = new Random(1);
    float[][] inputs = new float[TRAIN + TEST][2];
    int[] labels = new int[TRAIN + TEST];
    for (int i = 0; i < inputs.length; i++) {
      labels[i] = i % 2;
      for (int j = 0; j < 2; j++) {
        inputs[i][j] = (float) (random.nextGaussian() + 2 * labels[i]);
      }
    }

    float[] weights = new float[2];
    float[] bias = new float[1];
    Tree model = Tree.wrapFloats(Map.of("weights", weights, "bias", bias));
    Stepper<?> stepper = Stepper.borrowing(Contrib.prodigy(), model);
    for (int step = 0; step < 200; step++) {
      float[] ofWeights = new float[2];
      float[] ofBias = new float[1];
      for (int i = 0; i < TRAIN; i++) {
        double error = probability(weights, bias, inputs[i]) - labels[i];
        for (int j = 0; j < 2; j++) {
          ofWeights[j] += (float) (error * inputs[i][j] / TRAIN);
        }
        ofBias[0] += (float) (error / TRAIN);
      }
      // Gradients have the paths and shapes of the parameters.
      stepper.step(Tree.wrapFloats(Map.of("weights", ofWeights, "bias", ofBias)));
    }

    int right = 0;
    for (int i = TRAIN; i < inputs.length; i++) {
      int predicted = probability(weights, bias, inputs[i]) > 0.5 ? 1 : 0;
      right += predicted == labels[i] ? 1 : 0;
    }
    System.out.printf("accuracy: %.3f%n", (double) right / TEST);
    System.out.printf("step size: %.2f%n", stepper.scalar("estimLr"));
  }

  private static double probability(float[] weights, float[] bias, float[] input) {
    return 1 / (1 + Math.exp(-(weights[0] * input[0] + weights[1] * input[1] + bias[0])));
  }
}
