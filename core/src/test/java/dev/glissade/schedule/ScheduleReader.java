package dev.glissade.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glissade.Schedule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds a recorded schedule: the function of {@link Schedules} takes the first arguments, and each
 * other one that was recorded is set by its name, so that the defaults are checked along with the
 * values.
 */
final class ScheduleReader {
  private ScheduleReader() {}

  static Schedule read(JsonNode schedule) {
    return call(schedule.get("name").textValue(), schedule.get("args"));
  }

  private static Schedule call(String name, JsonNode args) {
    Method function = only(Schedules.class, camelCase(name));
    Class<?>[] types = function.getParameterTypes();
    List<@Nullable Object> required = new ArrayList<>();
    Map<String, JsonNode> others = new LinkedHashMap<>();
    args.properties()
        .forEach(arg -> {
          if (required.size() < types.length) {
            required.add(value(arg.getKey(), arg.getValue(), types[required.size()]));
          } else {
            others.put(arg.getKey(), arg.getValue());
          }
        });
    if (required.size() < types.length) {
      required.add(Map.of()); // boundaries_and_scales has a default in the original
    }
    Object schedule = invoke(function, null, required);
    for (Map.Entry<String, JsonNode> other : others.entrySet()) {
      schedule = set(schedule, other.getKey(), other.getValue());
    }
    return (Schedule) schedule;
  }

  private static Object set(Object schedule, String name, JsonNode value) {
    for (Method setter : schedule.getClass().getMethods()) {
      if (setter.getName().equals(camelCase(name)) && setter.getParameterCount() == 1) {
        Class<?> type = setter.getParameterTypes()[0];
        if (!value.isNull() || !type.isPrimitive()) {
          return invoke(setter, schedule, Collections.singletonList(value(name, value, type)));
        }
      }
    }
    throw new IllegalArgumentException(schedule + " has no setter of " + name);
  }

  private static Method only(Class<?> type, String name) {
    return Stream.of(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .collect(
            Collectors.collectingAndThen(
                Collectors.toList(),
                found -> {
                  assertThat(found).as(name).hasSize(1);
                  return found.get(0);
                }));
  }

  private static Object invoke(
      Method method, @Nullable Object receiver, List<@Nullable Object> values) {
    try {
      return method.invoke(receiver, values.toArray());
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object value(String name, JsonNode value, Class<?> type) {
    return switch (name) {
      case "boundaries_and_scales" -> scales(value);
      case "boundaries" -> each(value, "boundary", Integer.class);
      case "schedules" -> each(value, "schedule", Schedule.class);
      case "schedule" -> read(value);
      case "cosine_kwargs" -> each(value, "cycle", WarmupCosineDecaySchedule.class);
      case "cycle" -> call("warmup_cosine_decay_schedule", value);
      case "interpolate_type" ->
          PiecewiseInterpolateSchedule.InterpolateType.valueOf(
              value.textValue().toUpperCase(Locale.ROOT));
      default -> number(value, type);
    };
  }

  private static List<@Nullable Object> each(JsonNode values, String name, Class<?> type) {
    List<@Nullable Object> list = new ArrayList<>();
    values.forEach(value -> list.add(value(name, value, type)));
    return list;
  }

  private static Map<Integer, Double> scales(JsonNode values) {
    Map<Integer, Double> scales = new HashMap<>();
    values
        .properties()
        .forEach(e -> scales.put(Integer.valueOf(e.getKey()), e.getValue().doubleValue()));
    return scales;
  }

  private static @Nullable Object number(JsonNode value, Class<?> type) {
    if (value.isNull()) {
      return null;
    }
    if (type == boolean.class) {
      return value.booleanValue();
    }
    if (type == int.class || type == Integer.class) {
      return value.intValue();
    }
    return value.doubleValue();
  }

  static String camelCase(String snakeCase) {
    StringBuilder name = new StringBuilder();
    for (String word : snakeCase.split("_")) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }
}
