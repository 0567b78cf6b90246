package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;

/**
 * Reads and sets numbers of an optimizer's state while training, at any depth of nesting.
 *
 * <p>A number is named by its component, or by the end of its path if several components have that
 * name. Prints the step size that Prodigy learns inside a chain, the scale that Mechanic learns,
 * and the effect of a learning rate that changes during training.
 */
public final class LearnedStepSize {
  private LearnedStepSize() {}

  public static void main(String[] args) {
    Tree start = Tree.of("w", Tensor.of(new float[] {3, -2}));

    Stepper<?> prodigy =
        Stepper.of(Transforms.chain(Transforms.clipByGlobalNorm(1), Contrib.prodigy()), start);
    for (int step = 1; step <= 60; step++) {
      descend(prodigy);
      if (step % 20 == 0) {
        System.out.println("step " + step + ", Prodigy: " + prodigy.scalar("estimLr"));
      }
    }
    // For a new task, say, start again from a small step size, which then only grows.
    prodigy.set("estimLr", 1e-3);
    descend(prodigy);
    System.out.println("set to 0.001, Prodigy: " + prodigy.scalar("estimLr"));

    Stepper<?> mechanic = Stepper.of(Contrib.mechanize(Optimizers.adam(1)), start);
    for (int step = 0; step < 60; step++) {
      descend(mechanic);
    }
    double scale =
        0; // Mechanic has a scale for each of its decays; their sum is the learned scale.
    for (int i = 0; i < 6; i++) {
      scale += mechanic.scalar("s/" + i);
    }
    System.out.println("Mechanic: " + scale);

    Stepper<?> adam = Stepper.of(Transforms.injectHyperparams(Optimizers.adam(0.1)), start);
    descend(adam);
    System.out.println("moved at rate 0.1: " + (3 - adam.params().get("w").get(0)));
    double before = adam.params().get("w").get(0);
    adam.set("learningRate", 0.01);
    descend(adam);
    System.out.println("moved at rate 0.01: " + (before - adam.params().get("w").get(0)));
  }

  private static void descend(Stepper<?> stepper) {
    stepper.step(stepper.params().times(2).evaluate()); // the gradient of |w|^2
  }
}
