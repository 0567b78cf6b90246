package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and sets numbers of an optimizer's state while training, at any depth of nesting.
 *
 * <p>A number is named by its component, or by the end of its path if several components have that
 * name. Prints the step size that Prodigy learns inside a chain, the scale that Mechanic learns,
 * and the effect of a learning rate that changes during training. Draws the first two.
 */
public final class LearnedStepSize {
  private static final int STEPS = 60;
  private static final Tree START = Tree.of("w", Tensor.of(new double[] {3, -2}));

  private LearnedStepSize() {}

  public static void main(String[] args) throws IOException {
    Stepper<?> prodigy =
        Stepper.of(Transforms.chain(Transforms.clipByGlobalNorm(1), Contrib.prodigy()), START);
    List<Double> estimates = new ArrayList<>();
    for (int step = 1; step <= STEPS; step++) {
      descend(prodigy);
      estimates.add(prodigy.scalar("estimLr"));
      if (step % 20 == 0) {
        System.out.printf("step %d, Prodigy: %.1e%n", step, prodigy.scalar("estimLr"));
      }
    }
    // For a new task, say, start again from a small step size, which then only grows.
    prodigy.set("estimLr", 1e-3);
    System.out.printf("set, Prodigy: %.1e%n", prodigy.scalar("estimLr"));

    Stepper<?> mechanic = Stepper.of(Contrib.mechanize(Optimizers.adam(1)), START);
    List<Double> scales = new ArrayList<>();
    for (int step = 1; step <= STEPS; step++) {
      descend(mechanic);
      // Mechanic has a scale for each of its decays; their sum is the learned one.
      double scale = 0;
      for (int i = 0; i < 6; i++) {
        scale += mechanic.scalar("s/" + i);
      }
      scales.add(scale);
    }
    System.out.printf("step %d, Mechanic: %.1e%n", STEPS, scales.get(STEPS - 1));

    Stepper<?> adam = Stepper.of(Transforms.injectHyperparams(Optimizers.adam(0.1)), START);
    descend(adam);
    double before = adam.params().get("w").get(0);
    System.out.printf("moved at rate 0.1: %.2f%n", 3 - before);
    adam.set("learningRate", 0.01);
    descend(adam);
    System.out.printf("moved at rate 0.01: %.2f%n", before - adam.params().get("w").get(0));

    LineChart chart = new LineChart("learned step size", 1e-6, 1e2, true);
    chart.line("Prodigy", estimates);
    chart.line("Mechanic", scales);
    chart.save(args, STEPS);
  }

  private static void descend(Stepper<?> stepper) {
    stepper.step(stepper.params().times(2).evaluate()); // the gradient of |w|^2
  }
}
