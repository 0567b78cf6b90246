package dev.glissade.arena.replay;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Names;
import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of a case.
 *
 * @param params the params after each step
 * @param state the numbers of the last state by documented name
 * @param maxError the largest |difference| / max(|value|, 1e-3) over all steps, against the
 *     original's float64 run, or for float32 with noise its float32 run; null without expectations
 * @param bound the largest error that passes; null without expectations
 */
public record Replay(
    CaseFile source,
    DType dtype,
    List<Tree> params,
    Map<String, double[]> state,
    @Nullable Double maxError,
    @Nullable Double bound) {

  private static final double FLOAT64_BOUND = 1e-9;

  /** Normals agree to 2e-6; where noise cancels, dividing by the smallest scale leaves this. */
  private static final double FLOAT32_NOISE_BOUND = 1e-3;

  private static final double SMALLEST_SCALE = 1e-3;

  /** Runs a case, in place or by the functional interface. */
  public static Replay run(CaseFile source, DType dtype, boolean inPlace) {
    GradientTransformation<?> optimizer = Catalog.standard().optimizer(source.optimizer());
    return run(source, dtype, inPlace, optimizer);
  }

  private static <S> Replay run(
      CaseFile source, DType dtype, boolean inPlace, GradientTransformation<S> optimizer) {
    Tree params = CaseFile.tree(source.params(), dtype);
    List<Tree> trajectory = new ArrayList<>();
    Object state;
    if (inPlace) {
      Stepper<S> stepper = Stepper.of(optimizer, params);
      for (Object gradients : source.gradients()) {
        stepper.step(CaseFile.tree(gradients, dtype));
        trajectory.add(stepper.params().copy());
      }
      state = stepper.state();
    } else {
      Applied<S> now = new Applied<>(params, optimizer.init(params));
      for (Object gradients : source.gradients()) {
        now = optimizer.apply(CaseFile.tree(gradients, dtype), now.state(), now.params());
        trajectory.add(now.params());
      }
      state = now.state();
    }
    return new Replay(
        source,
        dtype,
        trajectory,
        numbers(state),
        maxError(source, dtype, trajectory),
        bound(source, dtype));
  }

  /** Returns whether the error is within the bound; true if the case has no expectations. */
  public boolean passes() {
    return maxError == null || bound == null || maxError <= bound;
  }

  /**
   * Returns the numbers of a state by path, in documented names. Lists of scalars become one
   * vector; trees are left out.
   */
  static Map<String, double[]> numbers(@Nullable Object state) {
    Map<String, List<Double>> found = new LinkedHashMap<>();
    Records.walk(
        state,
        (path, leaf) -> {
          String name = Names.snake(path);
          if (leaf instanceof Scalar scalar) {
            String vector = path.matches("(.*/)?[a-zA-Z]\\w*/\\d+") ? parent(name) : name;
            found.computeIfAbsent(vector, key -> new ArrayList<>()).add(scalar.value());
          } else if (leaf instanceof RandomKey key) {
            found.put(
                name, List.of((double) (key.bits() >>> 32), (double) (key.bits() & 0xffffffffL)));
          }
        });
    Map<String, double[]> numbers = new LinkedHashMap<>();
    found.forEach((name, values) ->
        numbers.put(name, values.stream().mapToDouble(Double::doubleValue).toArray()));
    return numbers;
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static @Nullable Double maxError(CaseFile source, DType dtype, List<Tree> trajectory) {
    if (expectedParams(source, dtype) == null) {
      return null;
    }
    List<@Nullable Object> expected = CaseFile.list(expectedParams(source, dtype));
    if (expected.size() != trajectory.size()) {
      throw new IllegalArgumentException(
          "%s must have gradients for the %d expected steps, but had %d"
              .formatted(source.name(), expected.size(), trajectory.size()));
    }
    double largest = 0;
    for (int step = 0; step < trajectory.size(); step++) {
      Tree there = CaseFile.tree(expected.get(step), DType.FLOAT64);
      Tree here = trajectory.get(step);
      for (String path : there.paths()) {
        largest = Math.max(largest, distance(here.get(path), there.get(path)));
      }
    }
    return largest;
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

  private static @Nullable Object expectedParams(CaseFile source, DType dtype) {
    Object single = source.expected().get("params_float32");
    return dtype == DType.FLOAT32 && single != null ? single : source.expected().get("params");
  }

  private static @Nullable Double bound(CaseFile source, DType dtype) {
    if (source.expected().isEmpty()) {
      return null;
    }
    if (dtype == DType.FLOAT64) {
      return FLOAT64_BOUND;
    }
    return source.expected().get("f32_error") instanceof Number error
        ? 2 * error.doubleValue() + 1e-5
        : FLOAT32_NOISE_BOUND;
  }

  /** Returns this result as plain values. */
  public Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("name", source.name());
    plain.put("dtype", dtype.toString());
    plain.put("params", params.stream().map(CaseFile::plain).toList());
    plain.put("state", state);
    if (maxError != null && bound != null) {
      plain.put("max_error", maxError);
      plain.put("bound", bound);
    }
    return plain;
  }
}
