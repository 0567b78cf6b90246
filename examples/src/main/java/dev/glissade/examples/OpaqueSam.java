package dev.glissade.examples;

import dev.glissade.Extras;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.contrib.Sam;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Random;

/**
 * Trains with sharpness-aware minimization (SAM) on data in which a fifth of the labels are wrong.
 *
 * <p>SAM takes the gradient at the worst point nearby. In opaque mode it calls a gradient function
 * for it, so each step of the loop is a whole step of SAM. Prints the test error of SGD and of SAM
 * after each epoch. Each step takes one example; SGD memorizes more of the wrong labels.
 */
public final class OpaqueSam {
  private static final int FEATURES = 200;
  private static final int TRAIN = 200;
  private static final int TEST = 1000;

  private final double[][] inputs = new double[TRAIN + TEST][FEATURES];
  private final double[] labels = new double[TRAIN + TEST];

  private OpaqueSam(Random random) {
    for (int i = 0; i < inputs.length; i++) {
      labels[i] = i % 2 == 0 ? 1 : -1;
      for (int j = 0; j < FEATURES; j++) {
        inputs[i][j] = random.nextGaussian() + (j < 10 ? labels[i] / 2 : 0); // the rest is noise
      }
      if (i < TRAIN && random.nextDouble() < 0.2) {
        labels[i] = -labels[i];
      }
    }
  }

  public static void main(String[] args) {
    Random random = new Random(1);
    OpaqueSam data = new OpaqueSam(random);
    Tree start = Tree.of("w", Tensor.of(new double[FEATURES]));
    double radius = 1;
    Sam optimizer =
        Contrib.sam(
                Optimizers.sgd(0.02), Transforms.chain(Contrib.normalize(), Optimizers.sgd(radius)))
            .opaqueMode(true);
    Stepper<?> sgd = Stepper.of(Optimizers.sgd(0.02), start);
    Stepper<?> sam = Stepper.of(optimizer, start);
    for (int step = 1; step <= 5 * TRAIN; step++) {
      int example = random.nextInt(TRAIN);
      sgd.step(data.gradient(sgd.params(), example));
      sam.step(
          data.gradient(sam.params(), example),
          Extras.NONE.withGradientFunction((params, i) -> data.gradient(params, example)));
      if (step % TRAIN == 0) {
        System.out.printf(
            "epoch %d: SGD %.2f, SAM %.2f%n",
            step / TRAIN, data.testError(sgd.params()), data.testError(sam.params()));
      }
    }
  }

  /** Returns the gradient of log(1 + exp(-y w.x)). */
  private Tree gradient(Tree params, int example) {
    double slope = -labels[example] / (1 + Math.exp(margin(params, example)));
    return Tree.of("w", Tensor.of(inputs[example])).times(slope).evaluate();
  }

  private double margin(Tree params, int example) {
    double[] w = params.get("w").toDoubles();
    double sum = 0;
    for (int j = 0; j < FEATURES; j++) {
      sum += w[j] * inputs[example][j];
    }
    return labels[example] * sum;
  }

  private double testError(Tree params) {
    int wrong = 0;
    for (int i = TRAIN; i < TRAIN + TEST; i++) {
      wrong += margin(params, i) > 0 ? 0 : 1;
    }
    return (double) wrong / TEST;
  }
}
