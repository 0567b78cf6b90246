package dev.glissade.projection;

import dev.glissade.DType;
import dev.glissade.Scalar;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Map;

/**
 * Projects to the vectors of elements that are not negative and add up to scale; with a scale of 1
 * these are the probabilities (Duchi et al., "Efficient Projections onto the l1-Ball for Learning
 * in High Dimensions", 2008):
 *
 * <pre>{@code
 * max(x - tau, 0)        with the tau for which these add up to scale
 * }</pre>
 *
 * <p>A Java function finds tau, from a copy of all elements, and needs no sorting: it removes the
 * elements that are below the threshold of those that remain, until none is (Michelot, "A Finite
 * Algorithm for Finding the Projection of a Point onto the Canonical Simplex of R^n", 1986). That
 * takes a few passes over ever fewer elements. The rest is deferred arithmetic, so that the
 * projection works inside a step.
 *
 * <p>Differs from Optax in that infinite elements count as the largest finite number, and so share
 * scale, where Optax gives NaN.
 *
 * @param scale the sum of the elements, not negative
 */
@Withers
public record Simplex(double scale) implements Projection, SimplexWithers {
  private static final String LARGEST = "largest";
  private static final String TAU = "tau";
  private static final Structure FOUND =
      Structure.of(
          Map.of(LARGEST, Structure.Leaf.of(DType.FLOAT64), TAU, Structure.Leaf.of(DType.FLOAT64)));

  /**
   * Checks the scale.
   *
   * @param scale finite and not negative
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public Simplex {
    Check.notNegative("scale", scale);
  }

  @Override
  public Tree of(Tree x) {
    Tree bounded = x.cappedAtLargest();
    Tree found = bounded.callback(this::threshold, FOUND);
    Scalar largest = found.select(LARGEST::equals).sum();
    Scalar tau = found.select(TAU::equals).sum();
    // max((x - largest) - tau, 0): the first difference is exact where the result is not 0
    return bounded.minus(largest).minus(tau).max(0);
  }

  /** Returns the largest element, and tau of the elements minus the largest one. */
  private Tree threshold(Tree x) {
    Check.that(
        x.size() < Integer.MAX_VALUE, "a simplex must have fewer than 2^31 - 1 elements", x.size());
    double[] left = new double[(int) x.size()];
    int[] next = {0};
    x.forEach((path, tensor) -> {
      for (double element : tensor.toDoubles()) {
        left[next[0]++] = element;
      }
    });
    double largest = Double.NEGATIVE_INFINITY;
    for (double element : left) {
      largest = Math.max(largest, element);
    }
    for (int i = 0; i < left.length; i++) {
      left[i] -= largest;
    }
    return Tree.of(
        LARGEST, Tensor.scalar(largest), TAU, Tensor.scalar(threshold(left, left.length)));
  }

  /** Returns the tau of some numbers, whose array it changes. */
  private double threshold(double[] left, int size) {
    int count = size;
    double tau = 0;
    int before = 0;
    while (count != before && count > 0) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += left[i];
      }
      // tau = (sum - scale) / count; what is not above it becomes 0
      tau = (sum - scale) / count;
      before = count;
      count = 0;
      for (int i = 0; i < before; i++) {
        if (left[i] > tau) {
          left[count++] = left[i];
        }
      }
    }
    return tau;
  }
}
