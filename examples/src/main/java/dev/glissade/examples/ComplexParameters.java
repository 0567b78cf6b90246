package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.util.Arrays;
import java.util.Random;

/**
 * Recovers a complex vector z from absolute values: phase retrieval, given |a.z|^2 for many a.
 *
 * <p>Adam works on real numbers; {@code splitRealAndImaginary} feeds it real and imaginary parts.
 * The complex gradient of a loss f at z = x + iy is df/dx + i df/dy. Prints the loss and the
 * overlap of the answer with the truth; it is 1 if they agree up to a phase, which absolute values
 * can't show.
 */
public final class ComplexParameters {
  private static final int SIZE = 8;
  private static final int SEEN = 80;

  private ComplexParameters() {}

  public static void main(String[] args) {
    Random random = new Random(1);
    Tensor truth = draw(random);
    Tensor[] rows = new Tensor[SEEN];
    double[] intensities = new double[SEEN];
    for (int k = 0; k < SEEN; k++) {
      rows[k] = draw(random);
      intensities[k] = squared(product(rows[k], truth));
    }

    Stepper<?> stepper =
        Stepper.of(
            Contrib.splitRealAndImaginary(Optimizers.adam(0.02)), Tree.of("z", draw(random)));
    double loss = 0;
    for (int step = 0; step < 2000; step++) {
      Tensor z = stepper.params().get("z");
      double[] real = new double[SIZE];
      double[] imaginary = new double[SIZE];
      loss = 0;
      for (int k = 0; k < SEEN; k++) {
        double[] p = product(rows[k], z);
        double error = squared(p) - intensities[k];
        loss += error * error / SEEN;
        for (int j = 0; j < SIZE; j++) {
          double a = rows[k].real().get(j);
          double b = rows[k].imaginary().get(j);
          real[j] += 4 * error / SEEN * (p[0] * a + p[1] * b);
          imaginary[j] += 4 * error / SEEN * (p[1] * a - p[0] * b);
        }
      }
      stepper.step(Tree.of("z", Tensor.complex(real, imaginary, SIZE)));
    }

    Tensor found = stepper.params().get("z");
    double overlap = squared(product(conjugate(found), truth));
    double norms = squared(product(conjugate(found), found));
    norms *= squared(product(conjugate(truth), truth));
    System.out.printf("loss: %.6f%n", loss);
    System.out.printf("overlap: %.6f%n", Math.sqrt(overlap / Math.sqrt(norms)));
  }

  private static Tensor conjugate(Tensor z) {
    double[] minus = Arrays.stream(z.imaginary().toDoubles()).map(x -> -x).toArray();
    return Tensor.complex(z.real().toDoubles(), minus, SIZE);
  }

  private static Tensor draw(Random random) {
    double[] real = random.doubles(SIZE, -1, 1).toArray();
    return Tensor.complex(real, random.doubles(SIZE, -1, 1).toArray(), SIZE);
  }

  /** Returns the real and the imaginary part of a.z. */
  private static double[] product(Tensor a, Tensor z) {
    double[] sum = new double[2];
    for (int j = 0; j < SIZE; j++) {
      sum[0] += a.real().get(j) * z.real().get(j) - a.imaginary().get(j) * z.imaginary().get(j);
      sum[1] += a.real().get(j) * z.imaginary().get(j) + a.imaginary().get(j) * z.real().get(j);
    }
    return sum;
  }

  private static double squared(double[] p) {
    return p[0] * p[0] + p[1] * p[1];
  }
}
