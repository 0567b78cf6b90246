package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.combine.Identity;
import dev.glissade.optimizer.Optimizers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Checks the generated setters of records. */
public final class Setters {
  private Setters() {}

  /** Returns the public records of packages that have components and a file of their own. */
  public static List<Class<?>> records(Class<?> inClasses, List<String> packages) throws Exception {
    Path classes = Path.of(inClasses.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> records = new ArrayList<>();
    for (String name : packages) {
      try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
        for (Path file : files.toList()) {
          String type = file.getFileName().toString().replace(".class", "");
          if (!type.contains("$") && !type.equals("package-info")) {
            records.add(Class.forName(name + "." + type));
          }
        }
      }
    }
    records.removeIf(type ->
        !type.isRecord()
            || !Modifier.isPublic(type.getModifiers())
            || type.getRecordComponents().length == 0);
    return records;
  }

  /** Sets one component to another value that its record allows; the others must stay. */
  public static void check(Record record, RecordComponent component)
      throws ReflectiveOperationException {
    Method setter = record.getClass().getMethod(component.getName(), component.getType());
    assertThat(setter.getReturnType()).isEqualTo(record.getClass());
    Object before = component.getAccessor().invoke(record);
    for (Object value : others(component.getType(), before)) {
      Record set;
      try {
        set = (Record) setter.invoke(record, value);
      } catch (InvocationTargetException e) {
        assertThat(e.getCause()).isInstanceOf(IllegalArgumentException.class);
        continue;
      }
      for (RecordComponent each : record.getClass().getRecordComponents()) {
        Object expected =
            each.getName().equals(component.getName()) ? value : each.getAccessor().invoke(record);
        assertThat(each.getAccessor().invoke(set)).as(each.getName()).isEqualTo(expected);
      }
      return;
    }
    throw new AssertionError(component + " takes none of the values tried");
  }

  private static List<?> others(Class<?> type, Object before) {
    if (type == double.class || type == Double.class) {
      return List.of(0.25, 3.0, 7.0);
    }
    if (type == int.class || type == Integer.class) {
      return List.of(3, 7);
    }
    if (type == long.class) {
      return List.of(7L, 1_000_000L);
    }
    if (type == boolean.class) {
      return List.of(!(Boolean) before);
    }
    if (type == Schedule.class) {
      Schedule other = count -> 3;
      return List.of(other);
    }
    if (type == Predicate.class) {
      Predicate<String> other = path -> true;
      return List.of(other);
    }
    if (type == Function.class) {
      Function<String, String> other = path -> "";
      return List.of(other);
    }
    if (type == String.class) {
      return List.of("other");
    }
    if (type == GradientTransformation.class) {
      return List.of(new Identity(), Optimizers.sgd(0.5));
    }
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants()).filter(other -> other != before).toList();
    }
    return Collections.singletonList(before); // what has rules of its own, or is null
  }
}
