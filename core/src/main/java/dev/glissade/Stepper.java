package dev.glissade;

import dev.glissade.fuse.Engine;
import dev.glissade.fuse.PassPlan;
import dev.glissade.tree.Records;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Drives a transformation in place: it holds parameters and state, and {@link #step} changes them
 * where they are. Not for use by two threads at once.
 *
 * <p>The step is written down once and run again with new numbers; it is written down anew when
 * something else changes: the gradients' types, a hyperparameter that is no {@link Scalar}, an
 * extra argument that is no number.
 *
 * <p>If a step throws (wrong gradients, an exception in a gradient function), parameters and state
 * are as before it.
 *
 * @param <S> the state
 */
public final class Stepper<S> {
  private static final int MOST_TRACES = 64;

  private final GradientTransformation<S> transformation;
  private final Tree params;
  private final IdentityHashMap<Object, String> arrays;
  private final Map<Trace.Key, Trace<S>> traces =
      new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Trace.Key, Trace<S>> eldest) {
          return size() > MOST_TRACES;
        }
      };

  /** The state, but for the scalars and keys while a trace is active: those are in the trace. */
  private S state;

  private @Nullable Trace<S> active;

  /** The gradients of the last step, if they may be used as they are: often they come again. */
  private @Nullable Tree last;

  private int threads = Engine.THREADS;

  private Stepper(GradientTransformation<S> transformation, Tree params, S state) {
    this.transformation = transformation;
    this.params = params;
    this.arrays = TreeForms.arrays("params", params);
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
    TreeForms.requireWritable("params", params);
    return new Stepper<>(transformation, params, copied(state));
  }

  /**
   * Lets this many threads, the caller's among them, work on passes over a million elements and
   * more; smaller ones are done sooner than a thread wakes. The results are the same bits whatever
   * the number. By default there is one for each processor, at most 8.
   *
   * @return this stepper
   */
  public Stepper<S> threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1: " + threads);
    }
    this.threads = threads;
    return this;
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
  @SuppressWarnings("ReferenceEquality") // the very same tree needs no second look
  public void step(Tree gradients, Extras extras) {
    boolean known = active != null && gradients == last;
    if (!known && !gradients.isConcrete()) {
      throw new IllegalArgumentException("gradients must be evaluated");
    }
    boolean copied = !known && TreeForms.isOnAny(gradients, arrays);
    Tree apart = copied ? gradients.copy() : gradients;
    Trace<S> trace = active;
    if (trace == null || !(known || trace.fits(apart)) || !trace.fits(extras)) {
      trace = prepared(apart, extras);
    }
    last = copied ? null : gradients;
    trace.run(apart, extras, threads);
    if (trace.keepsForm()) {
      active = trace;
    } else {
      state = trace.state();
      active = null;
    }
  }

  private Trace<S> prepared(Tree gradients, Extras extras) {
    settle();
    Trace.Key key = Trace.key(state, gradients, extras);
    Trace<S> trace = traces.get(key);
    if (trace == null) {
      trace = Trace.of(transformation, gradients, state, params, extras);
      traces.put(key, trace);
    }
    trace.load(state);
    return trace;
  }

  /** Brings the state's scalars and keys up to date. */
  private void settle() {
    if (active != null) {
      state = active.state();
      active = null;
    }
  }

  /**
   * How the last step ran, for people: its passes over memory, what each reads, writes and reduces,
   * in bytes per parameter.
   */
  public String explain() {
    if (active == null) {
      return "no step has been taken, or the last one changed the state's form";
    }
    long size = Math.max(params.size(), 1);
    StringBuilder text = new StringBuilder();
    double all = 0;
    int number = 0;
    for (PassPlan pass : active.plan()) {
      all += (double) pass.bytes() / size;
      text.append(
          "pass %d: reads %s; writes %s; reduces to %d numbers; %d loops, %.1f bytes%n"
              .formatted(
                  ++number,
                  pass.reads().keySet(),
                  pass.writes().keySet(),
                  pass.reductions(),
                  pass.loops(),
                  (double) pass.bytes() / size));
    }
    return text.append("%.1f bytes per parameter in all%n".formatted(all)).toString();
  }

  /** The passes of the last step; empty before the first. */
  List<PassPlan> plan() {
    return active == null ? List.of() : active.plan();
  }

  /** The parameters; the numbers change with each step. */
  public Tree params() {
    return params;
  }

  /** A copy of the state. */
  public S state() {
    return copied(liveState());
  }

  /** The state without a copy: the numbers in its trees change with each step, scalars do not. */
  public S liveState() {
    settle();
    return state;
  }

  /** Changes the state between two steps, as to set a hyperparameter that is kept in it. */
  public void updateState(UnaryOperator<S> change) {
    state = copied(change.apply(liveState()));
  }

  private static <S> S copied(S state) {
    return Records.map(state, leaf -> leaf instanceof Tree tree ? tree.copy() : leaf);
  }
}
