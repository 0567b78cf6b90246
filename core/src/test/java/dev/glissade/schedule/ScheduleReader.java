package dev.glissade.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glissade.Schedule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a recorded schedule with the function of {@link Schedules} that takes as many arguments as
 * were recorded, so that the defaults are checked along with the values.
 */
final class ScheduleReader {
  private ScheduleReader() {}

  static Schedule read(JsonNode schedule) {
    return call(schedule.get("name").textValue(), schedule.get("args"));
  }

  private static Schedule call(String name, JsonNode args) {
    String function = camelCase(name);
    for (Method method : Schedules.class.getMethods()) {
      if (method.getName().equals(function) && method.getParameterCount() == args.size()) {
        return invoke(method, args);
      }
    }
    throw new IllegalArgumentException("no function %s of %d".formatted(function, args.size()));
  }

  private static Schedule invoke(Method method, JsonNode args) {
    List<@Nullable Object> values = new ArrayList<>();
    Class<?>[] types = method.getParameterTypes();
    args.properties()
        .forEach(arg -> values.add(value(arg.getKey(), arg.getValue(), types[values.size()])));
    try {
      return (Schedule) method.invoke(null, values.toArray());
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
