package dev.glissade;

import dev.glissade.fuse.run.Engine;
import dev.glissade.fuse.run.PassReport;
import dev.glissade.records.Records;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Drives a transformation in place: it holds parameters and state, and {@link #step} changes them
 * where they are. For one thread at a time: use by two at once, or from inside of a gradient
 * function, is refused with an {@link IllegalStateException}.
 *
 * <p>The stepper compiles the step once and runs it again with new numbers. It compiles again when
 * something else changes: the gradients' types, a hyperparameter in the state that is not a {@link
 * Scalar}, an extra argument that is neither a number nor a tree. That takes many times as long as
 * a small step; a warning in the log names what changes if it happens again and again.
 *
 * <p>If a step throws, parameters and state are as before it, bit for bit, and the next step gives
 * what it would have given: after wrong gradients, an exception or an error in a gradient function
 * or another function of the user's, an interrupt, no memory for the step's own arrays. Results are
 * stored only after the last such function was called and all memory was found, also that which a
 * loop needs to end if the virtual machine has none left. What can go wrong after that is the
 * virtual machine itself in the middle of a loop, as when the stack overflows there; then the
 * stepper refuses all further use, since its numbers are of no step. The stepper does not detect a
 * function that writes into the parameters' or the state's own arrays.
 *
 * @param <S> the state
 */
public final class Stepper<S> {
  private final GradientTransformation<S> transformation;
  private final Tree params;
  private final MemoryRegions places;
  private final StepCache<S> cache;

  /**
   * The state, unless a compiled step is active. Then the step holds the scalars and keys, and all
   * of the state if it changed its form.
   */
  private S state;

  private @Nullable CompiledStep<S> active;

  /** The gradients of the last step, if they may be used as they are: often they come again. */
  private @Nullable Tree last;

  private int threads = Engine.THREADS;
  private boolean zeroing;
  private @Nullable FiniteGuard guard;
  private final InUse inUse = new InUse();
  private final AtomicLong steps;
  private final AtomicLong skipped = new AtomicLong();

  /** Why the numbers are of no step, if they are not. */
  private @Nullable Throwable broken;

  private Stepper(GradientTransformation<S> transformation, Tree params, S state, long steps) {
    this.transformation = transformation;
    this.steps = new AtomicLong(steps);
    this.params = TreeForms.borrowed(params);
    this.cache = new StepCache<>(transformation, this.params);
    this.places = MemoryRegions.of(params).apart("params");
    this.state = state;
  }

  /** Returns a stepper on a copy of the parameters. */
  public static <S> Stepper<S> of(GradientTransformation<? extends S> transformation, Tree params) {
    return borrowing(
        transformation, params.isEvaluated() ? Packing.copy(params, params) : params.evaluate());
  }

  /**
   * Returns a stepper that changes the parameters' own arrays, for tensors made by {@code
   * Tensor.wrap}.
   */
  public static <S> Stepper<S> borrowing(
      GradientTransformation<? extends S> transformation, Tree params) {
    // A step takes the states that the transformation made; S only names a type that they have.
    @SuppressWarnings("unchecked")
    GradientTransformation<S> exact = (GradientTransformation<S>) transformation;
    return resuming(exact, params, exact.init(params));
  }

  /**
   * Returns a stepper that changes the parameters' own arrays and goes on from a copy of the state.
   */
  public static <S> Stepper<S> resuming(
      GradientTransformation<S> transformation, Tree params, S state) {
    return resuming(transformation, params, state, 0);
  }

  /**
   * Returns a stepper that changes the parameters' own arrays and goes on from a copy of the state.
   *
   * @param steps how many steps led to this state, not negative: {@link #steps} counts on from it
   */
  public static <S> Stepper<S> resuming(
      GradientTransformation<S> transformation, Tree params, S state, long steps) {
    if (!params.isEvaluated()) {
      throw new IllegalArgumentException("params must be evaluated: pass params.evaluate()");
    }
    if (steps < 0) {
      throw new IllegalArgumentException("steps must not be negative, but was " + steps);
    }
    TreeForms.requireWritable("params", params);
    return new Stepper<>(transformation, params, Packing.copyState(state, params), steps);
  }

  /** Returns the transformation that this stepper drives. */
  public GradientTransformation<S> transformation() {
    return transformation;
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
      throw new IllegalArgumentException("threads must be at least 1, but was " + threads);
    }
    enter("threads");
    this.threads = threads;
    inUse.leave();
    return this;
  }

  /**
   * Says what to do with gradients, or a loss, that are not finite. By default they are allowed.
   *
   * @return this stepper
   */
  public Stepper<S> nonFinite(NonFinite policy) {
    enter("nonFinite");
    guard = policy.action() == NonFinite.Action.ALLOW ? null : new FiniteGuard(policy);
    inUse.leave();
    return this;
  }

  /**
   * Sets the gradients to zero in a pass that reads them, for frameworks that add to them. They are
   * zero after a step, a skipped one too, and as before if it throws. They must be on arrays or
   * buffers of their own ({@code Tensor.wrap}); it does not detect two direct buffers on one
   * memory.
   *
   * @return this stepper
   */
  public Stepper<S> zeroGradients(boolean zero) {
    enter("zeroGradients");
    settled();
    zeroing = zero;
    inUse.leave();
    return this;
  }

  /**
   * Returns how many steps were taken, the skipped ones among them and those before it was
   * {@linkplain #resuming(GradientTransformation, Tree, Object, long) resumed}; a step that threw
   * is not counted. While a step is taken it already counts. May be read by any thread.
   */
  public long steps() {
    return steps.get();
  }

  /**
   * Returns how many steps this stepper itself has skipped ({@link NonFinite}). May be read by any
   * thread.
   */
  public long skippedSteps() {
    return skipped.get();
  }

  /** Takes a step without extra arguments. */
  public void step(Tree gradients) {
    step(gradients, Extras.NONE);
  }

  /**
   * Takes a step.
   *
   * @throws IllegalArgumentException if the gradients are not of the parameters' form
   * @throws NonFiniteException if something is not finite and {@link #nonFinite} does not allow it
   * @throws IllegalStateException if this stepper is in use
   */
  public void step(Tree gradients, Extras extras) {
    enter("step");
    try {
      boolean taken = taken(gradients, extras);
      if (guard != null) {
        guard.ended(taken);
      }
      if (!taken) {
        skipped.setRelease(skipped.getPlain() + 1);
      }
      steps.setRelease(steps.getPlain() + 1);
    } finally {
      inUse.leave();
    }
  }

  /** Takes the step, or finds that it is to be skipped. */
  @SuppressWarnings("ReferenceEquality") // the very same tree needs no second look
  private boolean taken(Tree gradients, Extras extras) {
    boolean known = active != null && gradients == last;
    if (!known) {
      TreeForms.requireGradients(gradients, zeroing, places);
    }
    CompiledStep<S> compiled = active;
    if (compiled == null
        || !compiled.keepsForm()
        || !(known || compiled.fits(gradients))
        || !compiled.fits(extras)) {
      compiled = prepared(gradients, extras);
    }
    boolean copied =
        (compiled.calls() && Driver.mayChange(gradients, extras))
            || (!known && places.holdAny(gradients));
    Tree apart = copied ? gradients.copy() : gradients;
    last = copied ? null : gradients;
    long number = steps.getPlain() + 1;
    boolean run =
        (guard == null || guard.passes(apart, extras, number, threads))
            && ran(compiled, apart, extras, number);
    if (zeroing && (copied || !run)) {
      TreeForms.zero(gradients);
    }
    return run;
  }

  private boolean ran(CompiledStep<S> compiled, Tree gradients, Extras extras, long number) {
    try {
      compiled.run(gradients, extras, threads, guard, number);
      active = compiled;
      return true;
    } catch (FiniteGuard.Skipped skip) {
      return false;
    } catch (Throwable e) {
      broken = compiled.brokeOff() ? e : null;
      throw e;
    }
  }

  private void enter(String what) {
    inUse.enter(what);
    if (broken != null) {
      inUse.leave();
      throw new IllegalStateException(
          what
              + " of a stepper must not be called after the virtual machine failed while results"
              + " were stored: params and state are of no step",
          broken);
    }
  }

  private CompiledStep<S> prepared(Tree gradients, Extras extras) {
    CompiledStep<S> compiled = cache.get(gradients, settled(), extras, zeroing);
    compiled.load(state);
    return compiled;
  }

  /** The state, its scalars and keys up to date. */
  private S settled() {
    if (active != null) {
      state = active.state();
      active = null;
    }
    return state;
  }

  /**
   * Returns how the last step ran, as a text to read: its passes over memory, what each reads,
   * writes and reduces, in bytes per parameter.
   */
  public String explain() {
    enter("explain");
    try {
      return explained();
    } finally {
      inUse.leave();
    }
  }

  private String explained() {
    if (active == null || !active.keepsForm()) {
      return "no step has been taken, or the last one changed the state's form";
    }
    return PassReport.table(active.report(), Math.max(params.size(), 1));
  }

  /** The passes of the last step; empty before the first. */
  List<PassReport> report() {
    return active == null || !active.keepsForm() ? List.of() : active.report();
  }

  /** Returns the transformation, the size of the parameters and the number of steps taken. */
  @Override
  public String toString() {
    return "Stepper[%s, %d parameters, %d steps]".formatted(transformation, params.size(), steps());
  }

  /** The parameters; the numbers change with each step. */
  public Tree params() {
    return params;
  }

  /** A copy of the state. */
  public S state() {
    enter("state");
    try {
      return Records.map(settled(), leaf -> leaf instanceof Tree tree ? tree.copy() : leaf);
    } finally {
      inUse.leave();
    }
  }

  /** The state without a copy: the numbers in its trees change with each step, scalars do not. */
  public S liveState() {
    enter("liveState");
    try {
      return settled();
    } finally {
      inUse.leave();
    }
  }

  /**
   * Returns a number of the state by its name, as of the last step: {@code scalar("estimLr")} is
   * the step size that Prodigy has learned, also inside of a chain.
   *
   * @param name a component's name or the end of its path, as {@link States} says
   * @throws IllegalArgumentException if no entry or several have this name, or it is not a scalar
   */
  public double scalar(String name) {
    return States.scalar(liveState(), name).value();
  }

  /**
   * Returns a copy of a tree of the state by its name: {@code tree("mu")}.
   *
   * @param name a component's name or the end of its path, as {@link States} says
   * @throws IllegalArgumentException if no entry or several have this name, or it is not a tree
   */
  public Tree tree(String name) {
    return States.tree(liveState(), name).copy();
  }

  /**
   * Replaces an entry of the state by its name between two steps: {@code set("estimLr", 1e-3)}.
   *
   * @param name a component's name or the end of its path, as {@link States} says
   * @param value a number, a tree, or another value of the entry's type
   * @throws IllegalArgumentException if no entry or several have this name, or the value does not
   *     fit; nothing has changed then
   */
  public void set(String name, Object value) {
    updateState(state -> States.set(state, name, value));
  }

  /** Changes the state between two steps, as to set a hyperparameter that is kept in it. */
  public void updateState(UnaryOperator<S> change) {
    enter("updateState");
    try {
      S before = settled();
      S changed = change.apply(before);
      if (before instanceof Record && !before.getClass().isInstance(changed)) {
        throw new IllegalArgumentException(
            "the state must be a %s, but was %s"
                .formatted(
                    before.getClass().getSimpleName(),
                    changed == null ? "null" : "a " + changed.getClass().getSimpleName()));
      }
      state = Packing.copyState(changed, params);
    } finally {
      inUse.leave();
    }
  }
}
