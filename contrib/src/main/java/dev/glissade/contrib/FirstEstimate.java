package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Scalar;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import org.jspecify.annotations.Nullable;

/**
 * The estimate with which Prodigy and Mechanic start, which is the size of their first steps. If
 * the parameters round such steps away, the optimizer does not see itself move, so the estimate
 * never grows and nothing is learned. (D-Adaptation's estimate grows by gradients alone.)
 *
 * @param optimizer the optimizer's name, for the warning
 * @param argument the name of the argument that holds the estimate
 * @param option the name of the argument that makes it relative
 * @param size the estimate
 * @param relative whether to multiply it by 1 + the root mean square of the parameters. The first
 *     distance of DoG is relative to the norm in the same way (Ivgi et al. 2023); here the norm is
 *     per element, since a step has the size of the estimate in each element
 */
record FirstEstimate(
    String optimizer, String argument, String option, double size, boolean relative) {
  private static final System.Logger LOG = System.getLogger("dev.glissade.contrib");

  /** The approximate number of elements of each leaf that the warning samples. */
  private static final int SAMPLE = 1000;

  /** If a smaller share of the parameters can move, the estimate may not grow. */
  private static final double LEAST_MOVING_SHARE = 0.5;

  /** Returns the estimate for these parameters, which may be deferred. */
  Scalar of(Tree params) {
    if (!relative || params.size() == 0) {
      return Scalar.of(size);
    }
    // size (1 + ||x|| / sqrt(n))
    return params.norm().dividedBy(Math.sqrt((double) params.size())).plus(1).times(size);
  }

  /**
   * Logs a warning if most parameters round the first steps away. Looks at values only if they are
   * evaluated.
   */
  void warn(Tree params) {
    DType half = sixteenBits(params.structure());
    boolean known = params.isEvaluated();
    if (params.size() == 0 || !(known || half != null)) {
      return;
    }
    double norm = known ? Math.sqrt(mean(params, (x, type) -> x * x)) : 0;
    double step = relative ? size * (1 + norm) : size;
    if (known
        && mean(params, (x, type) -> step > halfUnit(x, type) ? 1 : 0) >= LEAST_MOVING_SHARE) {
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "%s starts with steps of about %.3g, which most of the parameters%s round away: %s"
            .formatted(
                optimizer,
                step,
                known ? " of size %.3g".formatted(norm) : "",
                half == null
                    ? remedy()
                    : "wrap it in masterWeights, as parameters in " + half + " need"));
  }

  private String remedy() {
    return "set " + (relative ? "a larger " + argument : option + "(true)");
  }

  private static @Nullable DType sixteenBits(Structure structure) {
    for (String path : structure.paths()) {
      DType type = structure.leaf(path).dtype();
      if (type.computed() != type) {
        return type;
      }
    }
    return null;
  }

  /** Returns half the distance to the next number; adding anything smaller changes nothing. */
  private static double halfUnit(double x, DType type) {
    double single = Math.ulp((float) x) / 2;
    return switch (type) {
      case FLOAT64, COMPLEX128 -> Math.ulp(x) / 2;
      case FLOAT32, COMPLEX64 -> single;
      case BFLOAT16 -> 0x1p16 * single;
      case FLOAT16 -> Math.max(0x1p13 * single, 0x1p-25);
    };
  }

  @FunctionalInterface
  private interface Measure {
    double of(double x, DType type);
  }

  /** Estimates the mean of a measure over the parameters, from a sample of each leaf. */
  private static double mean(Tree params, Measure measure) {
    double sum = 0;
    double weights = 0;
    for (String path : params.paths()) {
      Tensor numbers = params.get(path).real();
      int stride = Math.max(1, numbers.size() / SAMPLE);
      for (int i = 0; i < numbers.size(); i += stride) {
        sum += stride * measure.of(numbers.get(i), numbers.dtype());
        weights += stride;
      }
    }
    return sum / weights;
  }
}
