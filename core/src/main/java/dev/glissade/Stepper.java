package dev.glissade;

import dev.glissade.tree.Records;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drives a transformation in place: it holds parameters and state, and {@link #step} changes them
 * where they are. Not for use by two threads at once.
 *
 * <p>If a step throws (wrong gradients, an exception in a gradient function), parameters and state
 * are as before it.
 *
 * @param <S> the state
 */
public final class Stepper<S> {
  private final GradientTransformation<S> transformation;
  private final Tree params;
  private final Map<Trace.Key, Trace<S>> traces = new HashMap<>();
  private S state;
  private Trace.@Nullable Key lastKey;
  private @Nullable Trace<S> last;

  private Stepper(GradientTransformation<S> transformation, Tree params, S state) {
    this.transformation = transformation;
    this.params = params;
    this.state = state;
  }

  /** A stepper on a copy of the parameters. */
  public static <S> Stepper<S> of(GradientTransformation<S> transformation, Tree params) {
    return borrowing(transformation, params.copy());
  }

  /** A stepper that changes the parameters' own arrays, for tensors made by {@code Tensor.wrap}. */
  public static <S> Stepper<S> borrowing(GradientTransformation<S> transformation, Tree params) {
    return resuming(transformation, params, transformation.init(params));
  }

  /** A stepper that changes the parameters' own arrays and goes on from a copy of the state. */
  public static <S> Stepper<S> resuming(
      GradientTransformation<S> transformation, Tree params, S state) {
    if (!params.isConcrete()) {
      throw new IllegalArgumentException("params must be evaluated");
    }
    return new Stepper<>(transformation, params, copied(state));
  }

  /** Takes a step without extra arguments. */
  public void step(Tree gradients) {
    step(gradients, Extras.NONE);
  }

  /**
   * Takes a step.
   *
   * @throws IllegalArgumentException if the gradients are not of the parameters' form
   */
  public void step(Tree gradients, Extras extras) {
    if (!gradients.isConcrete()) {
      throw new IllegalArgumentException("gradients must be evaluated");
    }
    Trace.Key key = new Trace.Key(Skeleton.of(state), gradients.structure(), Skeleton.of(extras));
    Trace<S> trace = last;
    if (trace == null || !key.equals(lastKey)) {
      trace = traces.computeIfAbsent(key, k -> Trace.of(transformation, gradients, state, params, extras));
    }
    state = trace.run(gradients, state, extras);
    last = trace;
    lastKey = key;
  }

  /** The parameters; the numbers change with each step. */
  public Tree params() {
    return params;
  }

  /** A copy of the state. */
  public S state() {
    return copied(state);
  }

  private static <S> S copied(S state) {
    return Records.map(state, leaf -> leaf instanceof Tree tree ? tree.copy() : leaf);
  }

  /** What of a value decides about the program, apart from its numbers. */
  record Skeleton(List<@Nullable Object> parts) {

    static Skeleton of(@Nullable Object value) {
      List<@Nullable Object> parts = new ArrayList<>();
      Object form = value instanceof Extras extras ? extras.arguments() : value;
      Records.walk(
          form,
          (path, leaf) -> {
            parts.add(path);
            parts.add(part(leaf));
          });
      return new Skeleton(parts);
    }

    private static @Nullable Object part(@Nullable Object leaf) {
      if (leaf instanceof Tree tree) {
        return tree.structure();
      }
      return leaf instanceof Scalar || leaf instanceof RandomKey || leaf instanceof GradientFunction
          ? "data"
          : leaf;
    }
  }
}
