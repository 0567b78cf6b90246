package dev.glissade.catalog;

import dev.glissade.GradientTransformation;
import dev.glissade.combine.NonzeroSchedule;
import dev.glissade.combine.PathLabels;
import dev.glissade.combine.PathMask;
import dev.glissade.records.ContainerType;
import dev.glissade.records.ContainerType.Kind;
import dev.glissade.records.RecordType;
import dev.glissade.records.Records;
import dev.glissade.schedule.ConstantSchedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes plain values from records; {@link PlainReader} makes equal records from them. */
final class PlainWriter {
  private final Catalog catalog;

  PlainWriter(Catalog catalog) {
    this.catalog = catalog;
  }

  Map<String, Object> describe(GradientTransformation<?> optimizer) {
    Entry entry = catalog.entryOf(optimizer.getClass());
    if (entry == null || !(optimizer instanceof Record record)) {
      throw new IllegalArgumentException(
          "the optimizer must be a record with an entry in the catalog, but was " + optimizer);
    }
    return named(entry, record);
  }

  private Map<String, Object> named(Entry entry, Record record) {
    RecordType type = entry.type();
    List<String> names = entry.arguments();
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("name", entry.name());
    if (names.size() == 1 && type.get(record, 0) instanceof List<?> list) {
      plain.put("args", plain(list));
      return plain;
    }
    Map<String, Object> arguments = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Object value = plain(type.get(record, i));
      if (value != null) {
        arguments.put(names.get(i), value);
      }
    }
    plain.put("args", arguments);
    return plain;
  }

  @Nullable Object plain(@Nullable Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      boolean infinite = value instanceof Double number && number == Double.POSITIVE_INFINITY;
      return infinite ? PlainReader.INFINITY : value;
    }
    if (value instanceof PlainForm form) {
      return form.plain();
    }
    if (value instanceof ConstantSchedule constant) {
      return constant.value();
    }
    if (value instanceof NonzeroSchedule condition) {
      return plain(condition.schedule());
    }
    if (value instanceof PathMask mask) {
      return mask.patterns();
    }
    if (value instanceof PathLabels labels) {
      return labels.patterns();
    }
    if (value instanceof String || value instanceof Enum<?>) {
      return value instanceof Enum<?> ? value.toString().toLowerCase(Locale.ROOT) : value;
    }
    ContainerType type = ContainerType.of(value);
    if (type == null) {
      throw new IllegalArgumentException(
          "a value must be data to be written, but was code: %s".formatted(value));
    }
    Entry entry = catalog.entryOf(value.getClass());
    if (value instanceof Record record && entry != null) {
      return named(entry, record);
    }
    Map<String, @Nullable Object> children = Records.children(value, (name, child) -> plain(child));
    return type.kind() == Kind.MAP ? children : new ArrayList<>(children.values());
  }
}
