package dev.glissade.arena.replay;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
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
 * @param evalParams the params to evaluate after each step; empty if none are recorded
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
    List<Tree> evalParams,
    List<Double> losses,
    Map<String, double[]> state,
    @Nullable Double maxError,
    @Nullable Double bound) {

  /** Runs a case, in place or by the functional interface. */
  public static Replay run(CaseFile source, DType dtype, boolean inPlace) {
    GradientTransformation<?> optimizer = RecordedFunctions.catalog().optimizer(source.optimizer());
    Tree params = PlainTrees.tree(source.params(), dtype);
    return run(source, dtype, CaseRun.of(optimizer, params, inPlace));
  }

  private static Replay run(CaseFile source, DType dtype, CaseRun run) {
    StepArguments arguments = source.arguments();
    Expectations expected = new Expectations(source, dtype);
    List<Tree> trajectory = new ArrayList<>();
    List<Tree> averages = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < arguments.steps(); step++) {
      Tree params = run.params();
      Double loss = arguments.loss(params);
      if (loss != null) {
        losses.add(loss);
      }
      Tree gradients = arguments.gradients(step, params, dtype);
      run.step(gradients, arguments.extras(step, params, gradients, dtype));
      trajectory.add(run.params());
      if (expected.evalParams() != null) {
        averages.add(run.evalParams());
      }
    }
    Double maxError = expected.maxError(trajectory, averages, losses);
    Map<String, double[]> state = numbers(run.state());
    return new Replay(
        source, dtype, trajectory, averages, losses, state, maxError, expected.bound());
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
    if (!evalParams.isEmpty()) {
      plain.put("eval_params", evalParams.stream().map(PlainTrees::plain).toList());
    }
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
