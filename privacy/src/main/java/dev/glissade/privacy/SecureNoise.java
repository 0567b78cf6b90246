package dev.glissade.privacy;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.tree.Check;

/**
 * Noise from a cryptographic generator which the system seeds, without the traces that floating
 * point leaves in sums (Mironov 2012): the sum is rounded to a grid and gets a whole number of its
 * steps, drawn exactly from the discrete Gaussian distribution (Canonne, Kamath and Steinke 2020).
 * The grid has 2^20 steps in a standard deviation. Rounding to it can add half a step for each
 * element to what one example changes; the noise is made larger by as much, so that the
 * accountants' figures hold for a sum that is exact. How the additions before were rounded is not
 * counted: in float32 leaving out one example can change that by more than a step of the grid.
 *
 * <p>Not for use by two threads at once.
 */
public final class SecureNoise implements Noise {
  private static final long STEPS = 1 << 20;

  private final DiscreteGaussian gaussian = new DiscreteGaussian(STEPS, new SecureBits());

  @Override
  public Tree added(Tree sum, double deviation, double sensitivity) {
    Check.positive("deviation", deviation);
    Check.positive("sensitivity", sensitivity);
    double size = Math.sqrt((double) sum.size());
    // Two rounded sums differ by at most sensitivity + size step, where step = deviation' / STEPS
    double rounding = size * deviation / STEPS / sensitivity;
    Check.that(rounding < 0.5, "the tree has too many elements for the noise's grid", sum.size());
    double step = deviation / STEPS / (1 - rounding);
    return sum.mapLeaves((path, tensor) -> added(path, tensor, step));
  }

  private Tensor added(String path, Tensor sum, double step) {
    if (sum.dtype().isComplex()) {
      throw new IllegalArgumentException("noise is for real leaves: \"" + path + "\"");
    }
    double[] numbers = sum.toDoubles();
    for (int i = 0; i < numbers.length; i++) {
      double steps = Math.rint(numbers[i] / step);
      if (!(Math.abs(steps) <= 0x1p45)) {
        throw new IllegalArgumentException(
            "sum[\"%s\"][%d] must be finite and in reach of the noise: %s"
                .formatted(path, i, numbers[i]));
      }
      numbers[i] = (steps + gaussian.next()) * step;
    }
    DType dtype = sum.dtype().computed();
    return Tensor.of(dtype, numbers, sum.shape());
  }

  @Override
  public boolean isSecret() {
    return true;
  }
}
