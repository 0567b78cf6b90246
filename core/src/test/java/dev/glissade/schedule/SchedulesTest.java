package dev.glissade.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.Schedule;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the values of the original, recorded in two files of conformance. */
class SchedulesTest {
  /** Computed with the original's float32 powers and cosines, which may differ in the last bit. */
  private static final Pattern INEXACT =
      Pattern.compile("Exponential|Polynomial|CosineOnecycle|interpolateType=cosine");

  /** The original has none of that name. */
  private static final Set<String> OURS =
      Set.of(
          "warmupStableDecaySchedule",
          "inverseSqrtSchedule",
          "ademamixAlphaSchedule",
          "ademamixB3Schedule");

  static List<JsonNode> cases() throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    for (String name : List.of("schedules.json", "optax/schedules.json")) {
      JsonNode file = new ObjectMapper().readTree(Path.of("../conformance", name).toFile());
      file.get("cases").forEach(cases::add);
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAreTheOriginals(JsonNode recorded) {
    Schedule schedule = ScheduleReader.read(recorded.get("schedule"));
    JsonNode counts = recorded.get("counts");
    JsonNode values = recorded.get("values");
    assertThat(values).hasSameSizeAs(counts).isNotEmpty();
    for (int i = 0; i < counts.size(); i++) {
      double count = counts.get(i).doubleValue();
      assertClose(schedule.at(count), number(values.get(i)), schedule + " at " + count);
    }
  }

  @Test
  void everyFunctionIsRecordedWithEveryNumberOfArguments() throws IOException {
    Set<String> recorded = new HashSet<>();
    for (JsonNode one : cases()) {
      JsonNode schedule = one.get("schedule");
      String name = ScheduleReader.camelCase(schedule.get("name").textValue());
      recorded.add(name + schedule.get("args").size());
    }
    List<Method> recordable =
        functions().stream().filter(function -> !OURS.contains(function.getName())).toList();
    assertThat(recordable).hasSize(14);
    for (Method function : recordable) {
      int all = function.getReturnType().getRecordComponents().length;
      for (int given = function.getParameterCount(); given <= all; given++) {
        assertThat(recorded).contains(function.getName() + given);
      }
    }
  }

  @Test
  void recordsAreNamedAsTheirFunctionsAndBeginWithTheirArguments() {
    for (Method function : functions()) {
      Class<?> record = function.getReturnType();
      assertThat(record.getSimpleName()).isEqualToIgnoringCase(function.getName());
      assertThat(Arrays.stream(record.getRecordComponents()).map(RecordComponent::getName))
          .startsWith(names(function).toArray(String[]::new));
    }
  }

  @Test
  void equalArgumentsMakeEqualSchedules() throws IOException {
    for (JsonNode one : cases()) {
      Schedule schedule = ScheduleReader.read(one.get("schedule"));
      assertThat(ScheduleReader.read(one.get("schedule")))
          .isEqualTo(schedule)
          .hasSameHashCodeAs(schedule)
          .hasToString(schedule.toString());
    }
  }

  @Test
  void argumentsAreCopied() {
    Map<Integer, Double> scales = new HashMap<>(Map.of(3, 0.5));
    List<Schedule> parts = new ArrayList<>(List.of(new ConstantSchedule(7)));
    Schedule jump = Schedules.piecewiseConstantSchedule(1, scales);
    Schedule join = Schedules.joinSchedules(parts, new ArrayList<>());
    scales.put(2, 9.0);
    parts.clear();
    assertThat(jump.at(4)).isEqualTo(0.5);
    assertThat(join.at(4)).isEqualTo(7);
  }

  @Test
  void valuesAllocateNothing() throws IOException {
    List<Schedule> schedules = new ArrayList<>();
    for (JsonNode one : cases()) {
      schedules.add(ScheduleReader.read(one.get("schedule")));
    }
    double[] sums = new double[schedules.size()];
    allocated(schedules, sums);
    assertThat(allocated(schedules, sums)).isLessThan(1000);
  }

  private static long allocated(List<Schedule> schedules, double[] sums) {
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < sums.length; i++) {
      for (int count = 0; count < 100; count++) {
        sums[i] += schedules.get(i).at(count);
      }
    }
    return thread.getCurrentThreadAllocatedBytes() - before;
  }

  private static List<Method> functions() {
    return Arrays.stream(Schedules.class.getMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .toList();
  }

  private static List<String> names(Method function) {
    return Arrays.stream(function.getParameters()).map(p -> p.getName()).toList();
  }

  private static double number(JsonNode value) {
    return value.isTextual() ? Double.parseDouble(value.textValue()) : value.doubleValue();
  }

  private static void assertClose(double actual, double expected, String what) {
    if (Double.isFinite(expected)) {
      double bound = 1e-14 + (INEXACT.matcher(what).find() ? 1e-6 : 1e-12) * Math.abs(expected);
      assertThat(Math.abs(actual - expected)).as("%s: %s", what, actual).isLessThanOrEqualTo(bound);
    } else {
      assertThat(actual).as(what).isEqualTo(expected);
    }
  }
}
