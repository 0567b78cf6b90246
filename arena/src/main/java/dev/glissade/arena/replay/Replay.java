package dev.glissade.arena.replay;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tree;
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
 * @param losses the loss before each step; empty without a problem
 * @param state the numbers of the last state by documented name
 * @param maxError the largest |difference| / max(|value|, 1e-3) over all steps, against the
 *     original's float64 run, or for float32 with noise its float32 run; null without expectations
 * @param bound the largest error that passes; null without expectations, and for a line search in
 *     float32, which may take another branch
 */
public record Replay(
    CaseFile source,
    DType dtype,
    List<Tree> params,
    List<Double> losses,
    Map<String, double[]> state,
    @Nullable Double maxError,
    @Nullable Double bound) {

  /** Runs a case, in place or by the functional interface. */
  public static Replay run(CaseFile source, DType dtype, boolean inPlace) {
    GradientTransformation<?> optimizer = RecordedFunctions.catalog().optimizer(source.optimizer());
    return run(source, dtype, inPlace, optimizer);
  }

  private static <S> Replay run(
      CaseFile source, DType dtype, boolean inPlace, GradientTransformation<S> optimizer) {
    StepArguments arguments = source.arguments();
    Expectations expected = new Expectations(source, dtype);
    Stepper<S> stepper = Stepper.of(optimizer, PlainTrees.tree(source.params(), dtype));
    Applied<S> now = new Applied<>(stepper.params().copy(), stepper.state());
    List<Tree> trajectory = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < arguments.steps(); step++) {
      Double loss = arguments.loss(now.params());
      if (loss != null) {
        losses.add(loss);
      }
      Tree gradients = arguments.gradients(step, now.params(), dtype);
      Extras extras = arguments.extras(step, now.params(), gradients, dtype);
      if (inPlace) {
        stepper.step(gradients, extras);
        now = new Applied<>(stepper.params().copy(), now.state());
      } else {
        now = optimizer.apply(gradients, now.state(), now.params(), extras);
      }
      trajectory.add(now.params());
    }
    return new Replay(
        source,
        dtype,
        trajectory,
        losses,
        numbers(inPlace ? stepper.state() : now.state()),
        expected.maxError(trajectory, losses),
        expected.bound());
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

  /** Returns this result as plain values. */
  public Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("name", source.name());
    plain.put("dtype", dtype.toString());
    plain.put("params", params.stream().map(PlainTrees::plain).toList());
    if (!losses.isEmpty()) {
      plain.put("losses", losses);
    }
    plain.put("state", state);
    if (maxError != null && bound != null) {
      plain.put("max_error", maxError);
      plain.put("bound", bound);
    }
    return plain;
  }
}
