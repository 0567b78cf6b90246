package dev.glissade.privacy;

import dev.glissade.DType;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import org.jspecify.annotations.Nullable;

/**
 * Noise from a cryptographic generator that the system seeds, without the traces that floating
 * point leaves in sums (Mironov 2012). It draws a whole number of grid steps exactly from the
 * discrete Gaussian distribution (Canonne, Kamath and Steinke 2020), and adds it to a sum that is
 * itself a whole number of grid steps, as {@link PrivateAggregator} computes it. The standard
 * deviation is at least 2^20 steps.
 *
 * <p>Not thread-safe.
 */
public final class SecureNoise extends Noise {
  private static final double FINEST = 0x1p20;

  private final SecureBits bits = new SecureBits();
  private DiscreteGaussian gaussian = new DiscreteGaussian(1, bits);

  /** Creates a noise source with its own generator, seeded by the system. */
  public SecureNoise() {}

  @Override
  public boolean isSecret() {
    return true;
  }

  @Override
  Tree added(Tree low, @Nullable Tree high, double deviation, double step, Structure form) {
    double finer = step;
    while (deviation / finer < FINEST) {
      finer /= 2;
    }
    double sigma = Math.ceil(deviation / finer);
    Check.that(
        sigma <= DiscreteGaussian.MAX_SIGMA,
        "the noise's standard deviation must be at most 2^23 steps of the sum's grid",
        sigma);
    if (gaussian.sigma() != (long) sigma) {
      gaussian = new DiscreteGaussian((long) sigma, bits);
    }
    double unit = finer;
    return low.mapLeaves((path, tensor) -> {
      double[] numbers = tensor.toDoubles();
      if (high != null) {
        double[] rest = high.get(path).toDoubles();
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] += rest[i];
        }
      }
      DType dtype = form.leaf(path).dtype();
      return Tensor.of(dtype, noised(path, numbers, unit), tensor.shape());
    });
  }

  private double[] noised(String path, double[] numbers, double step) {
    for (int i = 0; i < numbers.length; i++) {
      double steps = Math.rint(numbers[i] / step);
      if (!(Math.abs(steps) <= 0x1p51)) {
        throw new IllegalArgumentException(
            "sum[\"%s\"][%d] must be finite and at most 2^51 steps of the grid, but was %s"
                .formatted(path, i, numbers[i]));
      }
      numbers[i] = (steps + gaussian.next()) * step;
    }
    return numbers;
  }
}
