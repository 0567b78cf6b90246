package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.MultiSteps;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;

/**
 * Trains with a batch that is too large for memory: averages the gradients of four micro-batches,
 * clips their mean by its norm, and only then updates the params.
 *
 * <p>A transformation inside {@code multiSteps} sees the mean; a clip outside would see each
 * micro-batch. Prints the params after each micro-batch: they change with every fourth.
 */
public final class AccumulateAndClip {
  private static final int MICRO_BATCHES = 4;

  private AccumulateAndClip() {}

  public static void main(String[] args) {
    MultiSteps optimizer =
        Transforms.multiSteps(
            Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.sgd(0.5)), MICRO_BATCHES);
    Stepper<?> stepper = Stepper.of(optimizer, Tree.of("w", Tensor.of(new float[] {0, 0})));

    for (int batch = 1; batch <= 2 * MICRO_BATCHES; batch++) {
      // The mean of each four is (5, 12), whose norm is 13; the clip divides it by 13.
      float noise = batch % 2 == 0 ? 3 : -3;
      stepper.step(Tree.of("w", Tensor.of(new float[] {5 + noise, 12 - noise})));
      float[] w = stepper.params().get("w").toFloats();
      System.out.printf("micro-batch %d: %.3f %.3f%n", batch, w[0], w[1]);
    }
    System.out.println("steps of the stepper: " + stepper.steps());
    System.out.println("steps of the optimizer: " + (long) stepper.scalar("gradientStep"));
  }
}
