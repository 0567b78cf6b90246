package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Trains one array {@code double[] theta}, as numerical code has it, viewed as named layers.
 *
 * <p>{@code unflatten} makes leaves that share the array, so a stepper that borrows them updates
 * theta itself. {@code flatten} does the reverse and copies. Prints theta, its last element by
 * name, and whether both agree.
 */
public final class FlatVector {
  private FlatVector() {}

  public static void main(String[] args) {
    double[] theta = {1, 2, 3, 4, 5};
    double[] gradient = new double[theta.length];

    // A LinkedHashMap keeps the order of the array; a Map.of has no order.
    Map<String, int[]> layers = new LinkedHashMap<>();
    layers.put("kernel", new int[] {2, 2});
    layers.put("bias", new int[] {1});
    Stepper<?> stepper =
        Stepper.borrowing(Optimizers.sgd(0.1), Tree.unflatten(Tensor.wrap(theta), layers));
    Tree gradients = Tree.unflatten(Tensor.wrap(gradient), layers);

    for (int step = 0; step < 50; step++) {
      for (int i = 0; i < theta.length; i++) {
        gradient[i] = 2 * (theta[i] - i); // of the sum of (theta[i] - i)^2
      }
      stepper.step(gradients);
    }
    for (double number : theta) {
      System.out.printf("%.3f%n", number);
    }
    System.out.printf("bias: %.3f%n", stepper.params().get("bias").get(0));
    double[] flat = stepper.params().flatten(layers.keySet()).toDoubles();
    System.out.println("equal: " + Arrays.equals(flat, theta));
  }
}
