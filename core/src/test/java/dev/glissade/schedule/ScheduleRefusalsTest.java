package dev.glissade.schedule;

import static dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType.COSINE;
import static dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType.LINEAR;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.Schedule;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal is a sentence with the name, the rule and the value. */
class ScheduleRefusalsTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final Schedule ONE = new ConstantSchedule(1);

  @ParameterizedTest
  @MethodSource({"simple", "decays", "piecewise", "onecycles", "composed"})
  void refused(String sentence, Supplier<Schedule> schedule) {
    assertThatThrownBy(schedule::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  static Stream<Arguments> simple() {
    return Stream.of(
        bad("value must be finite, but was NaN", () -> Schedules.constantSchedule(NAN)),
        bad("initValue must be finite, but was NaN", () -> Schedules.linearSchedule(NAN, 0, 1)),
        bad("endValue must be finite, but was Infinity", () -> Schedules.linearSchedule(1, INF, 1)),
        bad(
            "initValue must be finite, but was -Infinity",
            () -> Schedules.polynomialSchedule(-INF, 0, 1, 9)),
        bad(
            "endValue must be finite, but was NaN",
            () -> Schedules.polynomialSchedule(1, NAN, 1, 9)),
        bad(
            "power must be finite, but was Infinity",
            () -> Schedules.polynomialSchedule(1, 0, INF, 9)),
        bad(
            "initValue must be finite, but was NaN",
            () -> Schedules.warmupConstantSchedule(NAN, 1, 1)),
        bad(
            "peakValue must be finite, but was NaN",
            () -> Schedules.warmupConstantSchedule(0, NAN, 1)));
  }

  static Stream<Arguments> decays() {
    return Stream.of(
        bad("initValue must be finite, but was NaN", () -> Schedules.exponentialDecay(NAN, 1, 0.5)),
        bad("decayRate must be finite, but was NaN", () -> Schedules.exponentialDecay(1, 1, NAN)),
        bad(
            "endValue must be finite, but was Infinity",
            () -> Schedules.exponentialDecay(1, 1, 0.5).endValue(INF)),
        bad("decaySteps must be positive, but was 0", () -> Schedules.cosineDecaySchedule(1, 0)),
        bad("decaySteps must be positive, but was -3", () -> Schedules.cosineDecaySchedule(1, -3)),
        bad("initValue must be finite, but was NaN", () -> Schedules.cosineDecaySchedule(NAN, 5)),
        bad(
            "alpha must be finite, but was NaN",
            () -> Schedules.cosineDecaySchedule(1, 5).alpha(NAN)),
        bad(
            "exponent must be finite, but was NaN",
            () -> Schedules.cosineDecaySchedule(1, 5).exponent(NAN)),
        bad(
            "decaySteps must be greater than warmupSteps 10, but was 10",
            () -> Schedules.warmupCosineDecaySchedule(0, 1, 10, 10)),
        bad(
            "initValue must be finite, but was NaN",
            () -> Schedules.warmupCosineDecaySchedule(NAN, 1, 1, 10)),
        bad(
            "peakValue must be finite, but was NaN",
            () -> Schedules.warmupCosineDecaySchedule(0, NAN, 1, 10)),
        bad(
            "endValue must be finite, but was NaN",
            () -> Schedules.warmupCosineDecaySchedule(0, 1, 1, 10).endValue(NAN)),
        bad(
            "exponent must be finite, but was NaN",
            () -> Schedules.warmupCosineDecaySchedule(0, 1, 1, 10).exponent(NAN)),
        bad(
            "initValue must be finite, but was NaN",
            () -> Schedules.warmupExponentialDecaySchedule(NAN, 1, 1, 10, 0.5)),
        bad(
            "peakValue must be finite, but was NaN",
            () -> Schedules.warmupExponentialDecaySchedule(0, NAN, 1, 10, 0.5)),
        bad(
            "decayRate must be finite, but was NaN",
            () -> Schedules.warmupExponentialDecaySchedule(0, 1, 1, 10, NAN)),
        bad(
            "endValue must be finite, but was NaN",
            () -> Schedules.warmupExponentialDecaySchedule(0, 1, 1, 10, 0.5).endValue(NAN)));
  }

  static Stream<Arguments> piecewise() {
    return Stream.of(
        bad(
            "initValue must be finite, but was NaN",
            () -> Schedules.piecewiseConstantSchedule(NAN, Map.of())),
        bad(
            "boundariesAndScales[7] must not be negative, but was -0.5",
            () -> Schedules.piecewiseConstantSchedule(1, Map.of(7, -0.5))),
        bad(
            "boundariesAndScales[7] must be finite, but was Infinity",
            () -> Schedules.piecewiseConstantSchedule(1, Map.of(7, INF))),
        bad(
            "initValue must be finite, but was NaN",
            () -> Schedules.piecewiseInterpolateSchedule(LINEAR, NAN, Map.of())),
        bad(
            "boundariesAndScales[7] must not be negative, but was -0.5",
            () -> Schedules.piecewiseInterpolateSchedule(LINEAR, 1, Map.of(7, -0.5))),
        bad(
            "boundariesAndScales[7] must be finite, but was NaN",
            () -> Schedules.piecewiseInterpolateSchedule(COSINE, 1, Map.of(7, NAN))));
  }

  static Stream<Arguments> onecycles() {
    return Stream.of(
        bad(
            "transitionSteps must be positive, but was 0",
            () -> Schedules.linearOnecycleSchedule(0, 1)),
        bad(
            "peakValue must be finite, but was NaN",
            () -> Schedules.linearOnecycleSchedule(9, NAN)),
        bad(
            "pctStart must be finite, but was NaN",
            () -> Schedules.linearOnecycleSchedule(9, 1).pctStart(NAN)),
        bad(
            "pctFinal must be finite, but was NaN",
            () -> Schedules.linearOnecycleSchedule(9, 1).pctFinal(NAN)),
        bad(
            "divFactor must be positive, but was 0.0",
            () -> Schedules.linearOnecycleSchedule(9, 1).divFactor(0)),
        bad(
            "finalDivFactor must be positive, but was -1.0",
            () -> Schedules.linearOnecycleSchedule(9, 1).finalDivFactor(-1)),
        bad(
            "transitionSteps must be positive, but was -1",
            () -> Schedules.cosineOnecycleSchedule(-1, 1)),
        bad(
            "peakValue must be finite, but was NaN",
            () -> Schedules.cosineOnecycleSchedule(9, NAN)),
        bad(
            "pctStart must be finite, but was NaN",
            () -> Schedules.cosineOnecycleSchedule(9, 1).pctStart(NAN)),
        bad(
            "divFactor must be positive, but was -2.0",
            () -> Schedules.cosineOnecycleSchedule(9, 1).divFactor(-2)),
        bad(
            "finalDivFactor must be finite, but was Infinity",
            () -> Schedules.cosineOnecycleSchedule(9, 1).finalDivFactor(INF)));
  }

  static Stream<Arguments> composed() {
    return Stream.of(
        bad("cosineKwargs must not be empty, but was []", () -> Schedules.sgdrSchedule(List.of())),
        bad(
            "schedules must not be empty, but was []",
            () -> Schedules.joinSchedules(List.of(), List.of())),
        bad(
            "boundaries must have one element fewer than the 2 schedules, but had []",
            () -> Schedules.joinSchedules(List.of(ONE, ONE), List.of())),
        bad(
            "boundaries must have one element fewer than the 2 schedules, but had [1, 2]",
            () -> Schedules.joinSchedules(List.of(ONE, ONE), List.of(1, 2))));
  }

  private static Arguments bad(String sentence, Supplier<Schedule> schedule) {
    return arguments(sentence, schedule);
  }
}
