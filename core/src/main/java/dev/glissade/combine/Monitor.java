package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.StatefulMeasure.Measured;
import dev.glissade.records.Ordered;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps numbers of the updates that pass it, and returns them unchanged:
 *
 * <pre>{@code
 * var watched =
 *     Transforms.monitor("norm", Tree::norm)
 *         .and("largest", Tree::maxAbs)
 *         .and("smooth_norm", Transforms.measureWithEma(Tree::norm, 0.9));
 * Stepper<?> stepper = Stepper.of(Transforms.chain(watched, Optimizers.adam(1e-3)), params);
 * stepper.step(gradients);
 * double norm = stepper.scalar("smooth_norm");
 * }</pre>
 *
 * <p>All measures of one tree take one pass over memory. Differs from Optax in that numbers are NaN
 * before the first step, where Optax's are measures of the parameters, and in that a measure is a
 * number of the whole tree.
 *
 * @param measures by name
 */
@Withers
public record Monitor(Map<String, ? extends StatefulMeasure<?>> measures)
    implements GradientTransformation<Monitor.MonitorState>, MonitorWithers {

  /**
   * The state of {@link Monitor}.
   *
   * @param measurements the numbers of the last step by name, sorted
   * @param measureStates the states of the measures, in the order of their names
   */
  public record MonitorState(Map<String, Scalar> measurements, List<Object> measureStates) {}

  /**
   * Copies the map.
   *
   * @param measures any number of measures
   */
  public Monitor {
    measures = Ordered.copy(measures);
  }

  /**
   * Returns a monitor of these measures and one more.
   *
   * @param name the number's name in the state
   * @param measure what to measure
   * @return the extended monitor
   */
  public Monitor and(String name, StatefulMeasure<?> measure) {
    Map<String, StatefulMeasure<?>> more = new LinkedHashMap<>(measures);
    more.put(name, measure);
    return new Monitor(more);
  }

  /**
   * Returns a monitor of these measures and one more.
   *
   * @param name the number's name in the state
   * @param measure what to measure
   * @return the extended monitor
   */
  public Monitor and(String name, Measure measure) {
    return and(name, (StatefulMeasure<?>) measure);
  }

  @Override
  public MonitorState initialState(Tree params) {
    Map<String, Scalar> numbers = new LinkedHashMap<>();
    sorted().keySet().forEach(name -> numbers.put(name, Scalar.of(Double.NaN)));
    List<Object> states = new ArrayList<>();
    sorted().values().forEach(measure -> states.add(measure.initialState()));
    return new MonitorState(numbers, states);
  }

  @Override
  public Step<MonitorState> step(Tree updates, MonitorState state, Tree params, Extras extras) {
    Map<String, Scalar> numbers = new LinkedHashMap<>();
    List<Object> states = new ArrayList<>();
    for (Map.Entry<String, StatefulMeasure<?>> entry : sorted().entrySet()) {
      Object old = state.measureStates().get(states.size());
      Measured<?> measured = measured(entry.getValue(), updates, old);
      numbers.put(entry.getKey(), measured.value());
      states.add(measured.state());
    }
    return Step.of(updates, new MonitorState(numbers, states));
  }

  /** Returns the measures by name, so that a saved state fits any order of theirs. */
  private SortedMap<String, StatefulMeasure<?>> sorted() {
    return new TreeMap<>(measures);
  }

  /** The state is one that the measure made: the monitor keeps them in a fixed order. */
  @SuppressWarnings("unchecked")
  private static <S> Measured<S> measured(StatefulMeasure<S> measure, Tree updates, Object state) {
    return measure.measured(updates, (S) state);
  }
}
