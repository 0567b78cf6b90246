package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Hyperparams;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.records.Ordered;
import dev.glissade.records.RecordType;
import dev.glissade.records.Records;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.schedule.ScheduleState;
import dev.glissade.schedule.StatefulSchedule;
import dev.glissade.withers.Withers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the numeric hyperparameters of an optimizer in its state, where you can read them and
 * change them during training. A hyperparameter that is a schedule follows it until it is set.
 *
 * <p>A {@link dev.glissade.Stepper} reads one by {@code scalar("learningRate")}, also inside a
 * chain, and sets it by {@code set("learningRate", 0.01)}, which ends its schedule. In the
 * functional form use {@link InjectHyperparamsState#with}.
 *
 * <p>{@link #schedule} makes a hyperparameter follow a {@link StatefulSchedule}, which may look at
 * the loss.
 *
 * <p>Differs from Optax in that it wraps an optimizer rather than a factory, and injects schedules
 * and {@code double} arguments; {@code int} and {@code boolean} arguments stay fixed.
 *
 * @param inner an optimizer that is a record of hyperparameters, as all in this library are
 * @param statefulSchedules schedules with a state, each by the name of the hyperparameter that
 *     follows it
 */
@Withers
public record InjectHyperparams(
    GradientTransformation<?> inner, Map<String, ? extends StatefulSchedule<?>> statefulSchedules)
    implements GradientTransformation<InjectHyperparams.InjectHyperparamsState>,
        InjectHyperparamsWithers {

  /**
   * The state of {@link InjectHyperparams}.
   *
   * @param count the number of steps taken, at which schedules are read
   * @param hyperparams the last values by name: a Scalar where the optimizer takes a schedule, a
   *     Double elsewhere. A stepper prepares a new program for each new value of a Double. What
   *     follows a stateful schedule is NaN before the first step
   * @param hyperparamsStates the states of the stateful schedules, by name of the hyperparameter
   * @param scheduled for each schedule 1 while it is followed, 0 after its hyperparameter was set
   * @param innerState the optimizer's state
   */
  public record InjectHyperparamsState(
      Scalar count,
      Map<String, Object> hyperparams,
      Map<String, Object> hyperparamsStates,
      Map<String, Scalar> scheduled,
      Object innerState)
      implements ScheduleState, Hyperparams {

    @Override
    public ScheduleState keptIn(ScheduleState other, boolean next) {
      Object inner = ((InjectHyperparamsState) other).innerState();
      return new InjectHyperparamsState(
          next ? count.plus(1) : count,
          hyperparams,
          hyperparamsStates,
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
          hyperparamsStates,
          Collections.unmodifiableMap(following),
          innerState);
    }
  }

  /**
   * Checks that there are such hyperparameters.
   *
   * @param inner a record with a component that is a schedule or a double
   * @param statefulSchedules by names of components that are schedules, in camel or snake case
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
    Map<String, ?> components = Records.children(record);
    Map<String, StatefulSchedule<?>> byComponent = new LinkedHashMap<>();
    Ordered.copy(statefulSchedules)
        .forEach((name, schedule) -> byComponent.put(component(name), schedule));
    statefulSchedules = Collections.unmodifiableMap(byComponent);
    for (String name : statefulSchedules.keySet()) {
      if (!(components.get(name) instanceof Schedule)) {
        throw new IllegalArgumentException(
            "statefulSchedules must have names of schedules of %s, but had \"%s\""
                .formatted(inner.getClass().getSimpleName(), name));
      }
    }
  }

  /**
   * Injects the hyperparameters of an optimizer, without stateful schedules.
   *
   * @param inner a record with a component that is a schedule or a double
   * @throws IllegalArgumentException as the constructor
   */
  public InjectHyperparams(GradientTransformation<?> inner) {
    this(inner, Map.of());
  }

  /**
   * Makes a hyperparameter follow a schedule with a state.
   *
   * @param name the hyperparameter's name, such as {@code learningRate}
   * @param schedule what it follows, in place of the optimizer's own schedule
   * @return the changed transformation
   * @throws IllegalArgumentException if the optimizer has no schedule of this name
   */
  public InjectHyperparams schedule(String name, StatefulSchedule<?> schedule) {
    Map<String, StatefulSchedule<?>> more = new LinkedHashMap<>(statefulSchedules);
    more.put(name, schedule);
    return new InjectHyperparams(inner, more);
  }

  /** Returns the component of an argument, learningRate for learning_rate. */
  private static String component(String argument) {
    return Pattern.compile("_([a-z])")
        .matcher(argument)
        .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
  }

  private static boolean hasHyperparameters(Record record) {
    return Records.children(record).values().stream()
        .anyMatch(value -> value instanceof Schedule || value instanceof Double);
  }

  @Override
  public InjectHyperparamsState initialState(Tree params) {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Scalar> scheduled = new LinkedHashMap<>();
    Map<String, Object> states = new LinkedHashMap<>();
    components((name, value) -> {
      StatefulSchedule<?> stateful = statefulSchedules.get(name);
      if (stateful != null) {
        values.put(name, Scalar.of(Double.NaN));
        states.put(name, stateful.initialState());
        scheduled.put(name, Scalar.of(1));
      } else if (value instanceof Schedule schedule) {
        values.put(name, Scalar.of(schedule.at(0)));
        scheduled.put(name, Scalar.of(schedule instanceof ConstantSchedule ? 0 : 1));
      } else if (value instanceof Double) {
        values.put(name, value);
      }
      return value;
    });
    return new InjectHyperparamsState(
        Scalar.of(0), values, states, scheduled, Wrapped.initialState(inner, params));
  }

  @Override
  public Step<InjectHyperparamsState> step(
      Tree updates, InjectHyperparamsState state, Tree params, Extras extras) {
    Map<String, Object> used = new LinkedHashMap<>(state.hyperparams());
    Map<String, Object> states = new LinkedHashMap<>(state.hyperparamsStates());
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
          StatefulSchedule<?> stateful = statefulSchedules.get(name);
          Scalar planned =
              stateful == null
                  ? schedule.at(state.count())
                  : followed(stateful, name, states, extras);
          Scalar now = follows.choose(planned, held);
          used.put(name, now);
          return new Injected(now);
        });
    Step<Object> step = Wrapped.step(current, updates, state.innerState(), params, extras);
    return Step.of(
        step.updates(),
        new InjectHyperparamsState(
            state.count().plus(1), used, states, state.scheduled(), step.state()));
  }

  /** Returns the value of a stateful schedule, and replaces its state by the next one. */
  @SuppressWarnings("unchecked") // the state is one that the schedule made
  private static <S> Scalar followed(
      StatefulSchedule<S> schedule, String name, Map<String, Object> states, Extras extras) {
    S state = (S) states.get(name);
    if (state == null) {
      throw new IllegalArgumentException(
          "the state must have a state of the schedule of %s, but had %s"
              .formatted(name, states.keySet()));
    }
    Scalar value = schedule.value(state, extras);
    states.put(name, schedule.update(state, extras));
    return value;
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
