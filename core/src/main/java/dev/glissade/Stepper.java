package dev.glissade;

import dev.glissade.fuse.run.Engine;
import dev.glissade.fuse.run.PassReport;
import dev.glissade.records.Records;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Drives a transformation in place: it holds parameters and state, and {@link #step} overwrites
 * them. One thread may use a stepper at a time; a call while another thread is inside, or from a
 * gradient function, throws an {@link IllegalStateException}.
 *
 * <p>The stepper compiles the step once and runs it again with new numbers. It compiles again when
 * something else changes: the gradients' types, a hyperparameter in the state that is not a {@link
 * Scalar}, an extra argument that is neither a number nor a tree. Compiling takes many times as
 * long as a small step; if it happens again and again, a warning in the log names what changes.
 *
 * <p>If a step throws, parameters and state are as before the step, bit for bit, and the next step
 * computes what it would have computed. This holds for invalid gradients, an exception or error in
 * a gradient function or another user function, an interrupt, and a lack of memory. The stepper
 * stores results only after the last such function has returned and all memory is allocated,
 * including what a loop needs to finish when the virtual machine has none left. After that, only
 * the virtual machine itself can fail in the middle of a loop, as when the stack overflows there;
 * the stepper then refuses all further use, since its numbers belong to no step. It does not detect
 * a function that writes into the arrays of the parameters or the state.
 *
 * @param <S> the state
 */
public final class Stepper<S> {
  private final GradientTransformation<S> transformation;
  private final Tree params;
  private final MemoryRegions places;
  private final StepCache<S> cache;

  /**
   * The state, unless a compiled step is active. An active step holds the scalars and keys, and the
   * whole state if the step changes its form.
   */
  private S state;

  private @Nullable CompiledStep<S> active;

  /**
   * The gradients of the last step, if they were used without a copy: callers often pass them
   * again.
   */
  private @Nullable Tree last;

  /** The gradients of a step that calls functions, which may overwrite what the caller passed. */
  private @Nullable Tree copies;

  private final Evaluations evaluations;

  /** Whether the present step is one with a loss function. */
  private boolean watching;

  /** The gradients of {@link #stepAgain}. */
  private @Nullable Tree fromState;

  private int threads = Engine.THREADS;
  private boolean zeroing;
  private @Nullable FiniteGuard guard;
  private final InUse inUse = new InUse();
  private final AtomicLong steps;
  private final AtomicLong skipped = new AtomicLong();

  /** Why the parameters and the state belong to no step; null if they do belong to one. */
  private @Nullable Throwable broken;

  private Stepper(GradientTransformation<S> transformation, Tree params, S state, long steps) {
    this.transformation = transformation;
    this.steps = new AtomicLong(steps);
    this.params = TreeForms.borrowed(params);
    this.evaluations = new Evaluations(this.params);
    this.cache = new StepCache<>(transformation, this.params);
    this.places = MemoryRegions.of(params).apart("params");
    this.state = state;
  }

  /**
   * Returns a stepper on a copy of the parameters, with a new state.
   *
   * @param <S> the state
   * @param transformation the optimizer
   * @param params the initial parameters, which do not change
   * @return the stepper
   * @throws IllegalArgumentException if the transformation refuses the parameters
   */
  public static <S> Stepper<S> of(GradientTransformation<? extends S> transformation, Tree params) {
    return borrowing(
        transformation, params.isEvaluated() ? Packing.copy(params, params) : params.evaluate());
  }

  /**
   * Returns a stepper that overwrites the parameters' own arrays, with a new state. Use it for
   * tensors made by {@code Tensor.wrap}.
   *
   * @param <S> the state
   * @param transformation the optimizer
   * @param params the parameters, evaluated, on writable arrays that do not overlap
   * @return the stepper
   * @throws IllegalArgumentException if the parameters are not evaluated, two leaves share
   *     elements, or a leaf is on a read-only buffer
   */
  public static <S> Stepper<S> borrowing(
      GradientTransformation<? extends S> transformation, Tree params) {
    // A step only takes states that the transformation made, and these are of type S.
    @SuppressWarnings("unchecked")
    GradientTransformation<S> exact = (GradientTransformation<S>) transformation;
    return resuming(exact, params, exact.init(params));
  }

  /**
   * Returns a stepper that overwrites the parameters' own arrays and continues from a copy of a
   * state.
   *
   * @param <S> the state
   * @param transformation the optimizer
   * @param params the parameters, evaluated, on writable arrays that do not overlap
   * @param state the state to continue from, which does not change
   * @return the stepper
   * @throws IllegalArgumentException if the parameters are not evaluated, two leaves share
   *     elements, or a leaf is on a read-only buffer
   */
  public static <S> Stepper<S> resuming(
      GradientTransformation<S> transformation, Tree params, S state) {
    return resuming(transformation, params, state, 0);
  }

  /**
   * Returns a stepper that overwrites the parameters' own arrays and continues from a copy of a
   * state and its number of steps.
   *
   * @param <S> the state
   * @param transformation the optimizer
   * @param params the parameters, evaluated, on writable arrays that do not overlap
   * @param state the state to continue from, which does not change
   * @param steps the number of steps that led to this state, not negative; {@link #steps} continues
   *     from it
   * @return the stepper
   * @throws IllegalArgumentException if the parameters are not evaluated, two leaves share
   *     elements, a leaf is on a read-only buffer, or {@code steps} is negative
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

  /** {@return the transformation that this stepper drives} */
  public GradientTransformation<S> transformation() {
    return transformation;
  }

  /**
   * Sets how many threads, the caller's included, work on passes over a million or more elements,
   * or three million of all trees that a pass touches; a smaller pass ends before another thread
   * would have woken. The number does not change a bit of the results. The default is one thread
   * for each processor, at most 8.
   *
   * @param threads the number of threads, at least 1
   * @return this stepper
   * @throws IllegalArgumentException if the number is less than 1
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
   * Sets what to do with gradients or a loss that are not finite. The default is {@link
   * NonFinite#ALLOW}.
   *
   * @param policy whether to take, skip or refuse such a step
   * @return this stepper
   */
  public Stepper<S> nonFinite(NonFinite policy) {
    Objects.requireNonNull(policy, "policy must not be null");
    enter("nonFinite");
    guard = policy.action() == NonFinite.Action.ALLOW ? null : new FiniteGuard(policy);
    inUse.leave();
    return this;
  }

  /**
   * Sets whether a step zeroes the gradients, in a pass that reads them anyway, for frameworks that
   * add to gradients. The default is false.
   *
   * <p>The gradients are 0 after a step, also after a skipped one; a step that throws leaves them
   * as they were. They must be on writable arrays or buffers of their own ({@code Tensor.wrap}).
   * The stepper does not detect two direct buffers on the same memory.
   *
   * @param zero whether to zero the gradients
   * @return this stepper
   */
  public Stepper<S> zeroGradients(boolean zero) {
    enter("zeroGradients");
    try {
      settled();
      zeroing = zero;
    } finally {
      inUse.leave();
    }
    return this;
  }

  /**
   * Returns the number of steps taken, including skipped steps and those before the stepper was
   * {@linkplain #resuming(GradientTransformation, Tree, Object, long) resumed}. A step that threw
   * does not count. Any thread may call this.
   *
   * @return the number of steps
   */
  public long steps() {
    return steps.get();
  }

  /**
   * Returns how many steps this stepper has skipped because of its {@link NonFinite} policy. Any
   * thread may call this.
   *
   * @return the number of skipped steps
   */
  public long skippedSteps() {
    return skipped.get();
  }

  /**
   * Takes a step without extra arguments, as {@link #step(Tree, Extras)} does.
   *
   * @param gradients the gradients at {@link #params}
   * @throws IllegalArgumentException if the gradients do not fit the parameters, or the
   *     transformation needs an extra argument
   * @throws NonFiniteException if a number is not finite and {@link #nonFinite} does not allow it
   * @throws IllegalStateException if this stepper is in use
   */
  public void step(Tree gradients) {
    step(gradients, Extras.NONE);
  }

  /**
   * Takes a step: overwrites the parameters and the state.
   *
   * @param gradients the gradients at {@link #params}, evaluated, of the same paths, shapes and
   *     computed types
   * @param extras the extra arguments
   * @throws IllegalArgumentException if the gradients do not fit the parameters, or the
   *     transformation needs an extra argument that is missing
   * @throws NonFiniteException if a number is not finite and {@link #nonFinite} does not allow it
   * @throws IllegalStateException if this stepper is in use
   */
  public void step(Tree gradients, Extras extras) {
    enter("step");
    try {
      if (!watching) {
        evaluations.forget();
      }
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

  /**
   * Takes a step with a loss function, as optimizers with a line search need it: evaluates the loss
   * and its gradients at {@link #params}, and takes {@link #step(Tree, Extras)} with all three.
   *
   * @param loss the loss as a function of the parameters
   * @return the loss before the step
   * @throws IllegalArgumentException if the gradients do not fit the parameters
   * @throws NonFiniteException if a number is not finite and {@link #nonFinite} does not allow it
   * @throws IllegalStateException if this stepper is in use
   */
  public double step(LossFunction loss) {
    return step(loss, null);
  }

  /**
   * Takes a step with the same loss function as the step before, of a full batch for example: takes
   * the loss and its gradients from the state if the line search of that step has evaluated them
   * last, at what are the parameters now, which saves one evaluation a step. Otherwise it evaluates
   * them, as {@link #step(LossFunction)} does.
   *
   * @param loss the loss as a function of the parameters
   * @return the loss before the step
   * @throws IllegalArgumentException if the gradients do not fit the parameters
   * @throws NonFiniteException if a number is not finite and {@link #nonFinite} does not allow it
   * @throws IllegalStateException if this stepper is in use
   */
  public double stepAgain(LossFunction loss) {
    enter("stepAgain");
    ValueAndGradients known;
    try {
      known = fromState();
    } finally {
      inUse.leave();
    }
    return step(loss, known);
  }

  private double step(LossFunction loss, @Nullable ValueAndGradients known) {
    Evaluations watched = evaluations.of(loss);
    ValueAndGradients now = known;
    if (now == null) {
      enter("step");
      try {
        now = watched.valueAndGradients(params, 0);
      } finally {
        inUse.leave();
      }
    }
    watched.forget();
    watching = true;
    try {
      step(now.gradients(), Extras.NONE.withValue(now.value()).withLossFunction(watched));
    } finally {
      watching = false;
    }
    return now.value();
  }

  /** Returns what the only line search has left in the state, in memory of its own; else null. */
  private @Nullable ValueAndGradients fromState() {
    List<LossFunction.EvaluatedState> states =
        Records.parts(current(), LossFunction.EvaluatedState.class);
    if (states.size() != 1) {
      return null;
    }
    double value = states.get(0).value().evaluate().value();
    Tree gradients = states.get(0).grad();
    if (gradients == null
        || !gradients.structure().paths().equals(params.paths())
        || !evaluations.endedAtParams(value)) {
      return null;
    }
    if (fromState == null) {
      fromState = gradients.copy();
    } else {
      gradients.copyTo(fromState);
    }
    return new ValueAndGradients(value, fromState);
  }

  /** Takes the step, or returns false if it is skipped. */
  @SuppressWarnings("ReferenceEquality") // the same tree needs no second check
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
    Tree apart = copied ? copied(gradients) : gradients;
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

  /** Returns a copy of the gradients on the same memory each time. */
  private Tree copied(Tree gradients) {
    if (copies == null
        || !gradients.isEvaluated()
        || !copies.structure().equals(gradients.structure())) {
      copies = TreeForms.borrowed(gradients.copy());
    } else {
      gradients.copyTo(copies);
    }
    return copies;
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
              + " were stored: params and state belong to no step",
          broken);
    }
  }

  private CompiledStep<S> prepared(Tree gradients, Extras extras) {
    CompiledStep<S> compiled = cache.get(gradients, settled(), extras, zeroing);
    compiled.load(state);
    return compiled;
  }

  /** Returns the state with its scalars and keys up to date. */
  private S settled() {
    if (active != null) {
      state = active.state();
      active = null;
    }
    return state;
  }

  /** Returns the state as of now; the program of the last step stays bound for the next one. */
  private S current() {
    return active != null && active.keepsForm() ? active.state() : settled();
  }

  /**
   * Returns how the last step ran, as text: its passes over memory and what each reads, writes and
   * reduces, in bytes per parameter.
   *
   * @return the table of passes; a sentence if no step has run
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

  /** Returns the passes of the last step; none before the first. */
  List<PassReport> report() {
    return active == null || !active.keepsForm() ? List.of() : active.report();
  }

  /** {@return the transformation, the number of parameters and the number of steps taken} */
  @Override
  public String toString() {
    return "Stepper[%s, %d parameters, %d steps]".formatted(transformation, params.size(), steps());
  }

  /** {@return the parameters, without a copy: each step changes the numbers} */
  public Tree params() {
    return params;
  }

  /**
   * Returns the parameters to evaluate and to save, which are not always {@link #params}: see
   * {@link GradientTransformation#evalParams}.
   *
   * @return a copy, in the types of the parameters
   */
  public Tree evalParams() {
    enter("evalParams");
    try {
      return Driver.evalParams(transformation, current(), params);
    } finally {
      inUse.leave();
    }
  }

  /** {@return a copy of the state} */
  public S state() {
    enter("state");
    try {
      return Records.map(current(), leaf -> leaf instanceof Tree tree ? tree.copy() : leaf);
    } finally {
      inUse.leave();
    }
  }

  /**
   * {@return the state without a copy: each step changes the numbers in its trees, but not its
   * scalars} Trees in lists may be on other arrays after a step, so ask again.
   */
  public S liveState() {
    enter("liveState");
    try {
      return current();
    } finally {
      inUse.leave();
    }
  }

  /**
   * Returns a number of the state by name, as of the last step: {@code scalar("estimLr")} is the
   * step size that Prodigy has estimated, also inside a chain.
   *
   * @param name the entry's path or the end of it, as in {@link States}
   * @return the number
   * @throws IllegalArgumentException if the name fits no entry or several, or the entry is not a
   *     number
   */
  public double scalar(String name) {
    S now = liveState();
    requireEntry(now, name);
    return States.scalar(now, name).value();
  }

  /**
   * Returns a copy of a tree of the state by name: {@code tree("mu")}.
   *
   * @param name the entry's path or the end of it, as in {@link States}
   * @return the copy
   * @throws IllegalArgumentException if the name fits no entry or several, or the entry is not a
   *     tree
   */
  public Tree tree(String name) {
    S now = liveState();
    requireEntry(now, name);
    return States.tree(now, name).copy();
  }

  /**
   * Replaces an entry of the state by name, between two steps: {@code set("estimLr", 1e-3)}.
   *
   * @param name the entry's path or the end of it, as in {@link States}
   * @param value a number, a tree, or another value of the entry's type
   * @throws IllegalArgumentException if the name fits no entry or several, or the value does not
   *     fit; nothing has changed then
   */
  public void set(String name, Object value) {
    updateState(state -> {
      requireEntry(state, name);
      return States.set(state, name, value);
    });
  }

  /** Says what to do about a hyperparameter that the state does not hold. */
  private void requireEntry(S now, String name) {
    if (!States.has(now, name)
        && isHyperparameter(name)
        && Records.parts(now, Hyperparams.class).isEmpty()) {
      throw new IllegalArgumentException(
          States.missing(now, name)
              + ": wrap the optimizer in injectHyperparams to read or set its hyperparameters");
    }
  }

  private boolean isHyperparameter(String name) {
    return Records.nodes(transformation).keySet().stream()
        .anyMatch(path -> path.equals(name) || path.endsWith("/" + name));
  }

  /**
   * Replaces the state between two steps by what a function returns, for example to set a
   * hyperparameter in it.
   *
   * @param change takes the current state and returns the new one, which the stepper copies
   * @throws IllegalArgumentException if the result is not of the state's record class; nothing has
   *     changed then
   */
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
