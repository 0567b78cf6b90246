package dev.glissade.arena.replay;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The recorded results of a case for runs in one type. */
record Expectations(CaseFile source, DType dtype) {
  private static final double FLOAT64_BOUND = 1e-9;

  /** Normals agree to 2e-6; where noise cancels, dividing by the smallest scale leaves this. */
  private static final double FLOAT32_NOISE_BOUND = 1e-3;

  private static final double SMALLEST_SCALE = 1e-3;

  /**
   * Returns the largest relative error of all steps, in params, in those to evaluate, and in losses
   * (these two in float64 only, since no bound is recorded for others); null without recorded
   * params.
   */
  @Nullable Double maxError(List<Tree> params, List<Tree> averages, List<Double> losses) {
    Object expected = expectedParams();
    if (expected == null) {
      return null;
    }
    double largest = distance(params, expected);
    Object expectedAverages = evalParams();
    if (dtype == DType.FLOAT64 && expectedAverages != null) {
      largest = Math.max(largest, distance(averages, expectedAverages));
    }
    if (dtype == DType.FLOAT64 && source.expected().get("losses") instanceof List<?> recorded) {
      requireSteps(recorded, losses);
      for (int step = 0; step < losses.size(); step++) {
        largest = Math.max(largest, distance(losses.get(step), recorded.get(step)));
      }
    }
    return largest;
  }

  private double distance(List<Tree> trajectory, Object recorded) {
    List<@Nullable Object> expected = PlainTrees.list(recorded);
    requireSteps(expected, trajectory);
    double largest = 0;
    for (int step = 0; step < trajectory.size(); step++) {
      Tree there = PlainTrees.tree(expected.get(step), DType.FLOAT64);
      Tree here = trajectory.get(step);
      for (String path : there.paths()) {
        largest = Math.max(largest, distance(here.get(path), there.get(path)));
      }
    }
    return largest;
  }

  private void requireSteps(List<?> expected, List<?> trajectory) {
    if (expected.size() != trajectory.size()) {
      throw new IllegalArgumentException(
          "%s must have gradients for the %d expected steps, but had %d"
              .formatted(source.name(), expected.size(), trajectory.size()));
    }
  }

  private static double distance(double have, @Nullable Object want) {
    if (!(want instanceof Number number)) {
      throw new IllegalArgumentException("\"losses\" must be numbers, but had " + want);
    }
    double size = Math.max(Math.abs(number.doubleValue()), SMALLEST_SCALE);
    double error = Math.abs(difference(have, number.doubleValue())) / size;
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /** Returns the largest relative error of an element, by modulus if complex; infinity for NaN. */
  private static double distance(Tensor have, Tensor want) {
    boolean complex = want.dtype().isComplex();
    double largest = 0;
    for (int i = 0; i < want.size(); i++) {
      double real = difference(have.real().get(i), want.real().get(i));
      double imaginary = complex ? difference(have.imaginary().get(i), want.imaginary().get(i)) : 0;
      double size = complex ? Math.hypot(want.real().get(i), want.imaginary().get(i)) : want.get(i);
      double error = Math.hypot(real, imaginary) / Math.max(Math.abs(size), SMALLEST_SCALE);
      largest = Math.max(largest, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
    }
    return largest;
  }

  /** Returns have - want; 0 for equal numbers, two NaNs and two infinities of one sign included. */
  private static double difference(double have, double want) {
    return Double.compare(have, want) == 0 ? 0 : have - want;
  }

  private @Nullable Object expectedParams() {
    Object single = source.expected().get("params_float32");
    return dtype == DType.FLOAT32 && single != null ? single : source.expected().get("params");
  }

  /** Returns Schedule-Free's averages or lookahead's slow params of each step; null without. */
  @Nullable Object evalParams() {
    Object averages = source.expected().get("eval_params");
    return averages == null ? source.expected().get("slow_params") : averages;
  }

  /** Returns the largest error that passes; null without a bound. */
  @Nullable Double bound() {
    if (source.expected().isEmpty()) {
      return null;
    }
    if (dtype == DType.FLOAT64) {
      return FLOAT64_BOUND;
    }
    if (source.arguments().hasLineSearch()) {
      return null;
    }
    return source.expected().get("f32_error") instanceof Number error
        ? 2 * error.doubleValue() + 1e-5
        : FLOAT32_NOISE_BOUND;
  }
}
