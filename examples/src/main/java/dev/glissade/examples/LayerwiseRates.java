package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.combine.Partition;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Map;

/**
 * Gives each part of a model its own optimizer: a slow SGD for a pretrained encoder and Adam for
 * the new head.
 *
 * <p>Patterns give each leaf's path a label, and the label selects the optimizer. A leaf that no
 * pattern matches is an error, so you can't forget one. Prints how far each leaf has moved.
 */
public final class LayerwiseRates {
  private LayerwiseRates() {}

  public static void main(String[] args) {
    Tree start =
        Tree.builder()
            .add("encoder/0/kernel", new float[][] {{1, 2}, {3, 4}})
            .add("encoder/0/bias", new float[] {1, 1})
            .add("head/kernel", new float[] {1, 2}, 2, 1)
            .add("head/bias", new float[] {1})
            .build();

    Partition optimizer =
        Transforms.partition(
            Map.of("slow", Optimizers.sgd(0.001), "fast", Optimizers.adam(0.1)),
            Map.of("encoder/*", "slow", "head/*", "fast"));
    Stepper<?> stepper = Stepper.of(optimizer, start);
    for (int step = 0; step < 5; step++) {
      // The gradient of the sum of squares. Trees defer arithmetic until evaluate() computes it.
      stepper.step(stepper.params().times(2).evaluate());
    }

    Tree moved = stepper.params().minus(start).abs().evaluate();
    moved.forEach(
        (path, tensor) -> System.out.printf("%-16s moved by %.3f%n", path, tensor.get(0)));
  }
}
