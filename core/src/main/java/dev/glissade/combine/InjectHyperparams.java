package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Hyperparams;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.records.RecordType;
import dev.glissade.records.Records;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.schedule.ScheduleState;
import dev.glissade.withers.Withers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the numeric hyperparameters of an optimizer in its state, where you can read them and
 * change them during training. A hyperparameter that is a schedule follows it until it is set.
 *
 * <p>A {@link dev.glissade.Stepper} reads one by {@code scalar("learningRate")}, also inside a
 * chain, and sets it by {@code set("learningRate", 0.01)}, which ends its schedule. In the
 * functional form use {@link InjectHyperparamsState#with}.
 *
 * <p>Differs from Optax in that it wraps an optimizer rather than a factory, and injects schedules
 * and {@code double} arguments; {@code int} and {@code boolean} arguments stay fixed.
 *
 * @param inner an optimizer that is a record of hyperparameters, as all in this library are
 */
@Withers
public record InjectHyperparams(GradientTransformation<?> inner)
    implements GradientTransformation<InjectHyperparams.InjectHyperparamsState>,
        InjectHyperparamsWithers {

  /**
   * The state of {@link InjectHyperparams}.
   *
   * @param count the number of steps taken, at which schedules are read
   * @param hyperparams the last values by name: a Scalar where the optimizer takes a schedule, a
   *     Double elsewhere. A stepper prepares a new program for each new value of a Double
   * @param scheduled for each schedule 1 while it is followed, 0 after its hyperparameter was set
   * @param innerState the optimizer's state
   */
  public record InjectHyperparamsState(
      Scalar count,
      Map<String, Object> hyperparams,
      Map<String, Scalar> scheduled,
      Object innerState)
      implements ScheduleState, Hyperparams {

    @Override
    public ScheduleState keptIn(ScheduleState other, boolean next) {
      Object inner = ((InjectHyperparamsState) other).innerState();
      return new InjectHyperparamsState(
          next ? count.plus(1) : count,
          hyperparams,
          scheduled,
          Records.graft(
              inner, innerState, ScheduleState.class, (now, old) -> old.keptIn(now, next)));
    }

    @Override
    public InjectHyperparamsState with(String name, double value) {
      Object old = hyperparams.get(name);
      if (old == null) {
        throw new IllegalArgumentException(
            "the hyperparameter must be one of %s, but was \"%s\""
                .formatted(hyperparams.keySet(), name));
      }
      if (old instanceof Scalar || Double.isNaN(value)) {
        Check.finite(name, value);
      }
      Map<String, Object> changed = new LinkedHashMap<>(hyperparams);
      changed.put(name, old instanceof Scalar ? Scalar.of(value) : (Object) value);
      Map<String, Scalar> following = new LinkedHashMap<>(scheduled);
      following.computeIfPresent(name, (key, follows) -> Scalar.of(0));
      return new InjectHyperparamsState(
          count,
          Collections.unmodifiableMap(changed),
          Collections.unmodifiableMap(following),
          innerState);
    }
  }

  /**
   * Checks that there is a hyperparameter to inject.
   *
   * @param inner a record with a component that is a schedule or a double
   * @throws IllegalArgumentException if inner is not a record, as a lambda is not, or has no such
   *     component, as a chain has not
   */
  public InjectHyperparams {
    if (!(inner instanceof Record record)) {
      throw new IllegalArgumentException(
          "inner must be a record of hyperparameters, as adamw(1e-3) is, but was a "
              + inner.getClass().getName());
    }
    if (!hasHyperparameters(record)) {
      throw new IllegalArgumentException(
          "inner must have a hyperparameter that is a number or a schedule, but had a "
              + inner.getClass().getSimpleName()
              + ": inject the one that has it, as in chain(clip(1), injectHyperparams(sgd(0.1)))");
    }
  }

  private static boolean hasHyperparameters(Record record) {
    return Records.children(record).values().stream()
        .anyMatch(value -> value instanceof Schedule || value instanceof Double);
  }

  @Override
  public InjectHyperparamsState initialState(Tree params) {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Scalar> scheduled = new LinkedHashMap<>();
    components((name, value) -> {
      if (value instanceof Schedule schedule) {
        values.put(name, Scalar.of(schedule.at(0)));
        scheduled.put(name, Scalar.of(schedule instanceof ConstantSchedule ? 0 : 1));
      } else if (value instanceof Double) {
        values.put(name, value);
      }
      return value;
    });
    return new InjectHyperparamsState(
        Scalar.of(0), values, scheduled, Wrapped.initialState(inner, params));
  }

  @Override
  public Step<InjectHyperparamsState> step(
      Tree updates, InjectHyperparamsState state, Tree params, Extras extras) {
    Map<String, Object> used = new LinkedHashMap<>(state.hyperparams());
    GradientTransformation<?> current =
        components((name, value) -> {
          if (!(value instanceof Schedule schedule)) {
            return value instanceof Double ? state.hyperparams().get(name) : value;
          }
          Scalar held = (Scalar) used.get(name);
          Scalar follows = state.scheduled().get(name);
          if (held == null || follows == null) {
            throw new IllegalArgumentException(
                "the state must have the hyperparameter " + name + ", but had " + used.keySet());
          }
          Scalar now = follows.choose(schedule.at(state.count()), held);
          used.put(name, now);
          return new Injected(now);
        });
    Step<Object> step = Wrapped.step(current, updates, state.innerState(), params, extras);
    return Step.of(
        step.updates(),
        new InjectHyperparamsState(state.count().plus(1), used, state.scheduled(), step.state()));
  }

  /** A schedule whose value is known only as a scalar. */
  private record Injected(Scalar value) implements Schedule {
    @Override
    public double at(double count) {
      return value.value();
    }

    @Override
    public Scalar at(Scalar count) {
      return value;
    }
  }

  /** Returns the inner optimizer with each component changed. */
  private GradientTransformation<?> components(
      BiFunction<String, @Nullable Object, @Nullable Object> change) {
    Record record = (Record) inner;
    RecordType type = RecordType.of(record.getClass());
    return (GradientTransformation<?>)
        type.make(i -> change.apply(type.name(i), type.get(record, i)));
  }

  @Override
  public Tree evalParams(InjectHyperparamsState state, Tree params) {
    return Wrapped.evalParams(inner, state.innerState(), params);
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
