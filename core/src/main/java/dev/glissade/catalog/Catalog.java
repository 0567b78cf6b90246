package dev.glissade.catalog;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Optimizers and schedules by name. It reads them from plain values (maps, lists, numbers, strings,
 * as a JSON parser gives) of the form {@code {"name": "adamw", "args": {"learning_rate": 0.001}}}
 * and writes them in the same form. A schedule may be a number, an argument that is an optimizer or
 * a schedule is nested, a chain's args are a list, and a bound that bounds nothing is "inf".
 * Immutable.
 */
public final class Catalog {
  private final Map<String, Entry> entries;

  private Catalog(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** What this library has, and what {@link CatalogProvider}s on the class or module path add. */
  public static Catalog standard() {
    Catalog catalog = new Catalog(Map.of()).with(BaseEntries.all());
    for (CatalogProvider provider : ServiceLoader.load(CatalogProvider.class)) {
      catalog = catalog.with(provider.entries());
    }
    return catalog;
  }

  /** This and more; an entry of the same name is replaced. */
  public Catalog with(Collection<Entry> more) {
    Map<String, Entry> all = new TreeMap<>(entries);
    more.forEach(entry -> all.put(entry.name(), entry));
    return new Catalog(Collections.unmodifiableMap(all));
  }

  /** This and one more. */
  public Catalog with(Entry entry) {
    return with(List.of(entry));
  }

  /** All entries, by name. */
  public List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  /** All optimizers, by name. */
  public List<Entry> optimizers() {
    return entries.values().stream().filter(entry -> !entry.isSchedule()).toList();
  }

  /**
   * The entry of a name.
   *
   * @throws IllegalArgumentException naming the nearest known one
   */
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "unknown optimizer or schedule \"%s\"%s"
              .formatted(name, Names.hint(name, entries.keySet())));
    }
    return entry;
  }

  /**
   * An optimizer from plain values.
   *
   * @throws IllegalArgumentException if a name or an argument is unknown, missing or out of range
   */
  public GradientTransformation<?> optimizer(@Nullable Object plain) {
    return new PlainReader(this).optimizer("optimizer", plain);
  }

  /**
   * A schedule from plain values; a number is a constant one.
   *
   * @throws IllegalArgumentException if a name or an argument is unknown, missing or out of range
   */
  public Schedule schedule(@Nullable Object plain) {
    return new PlainReader(this).schedule("schedule", plain);
  }

  /**
   * The plain values of an optimizer, all arguments stated.
   *
   * @throws IllegalArgumentException if it is made of code that has no name here
   */
  public Map<String, Object> describe(GradientTransformation<?> optimizer) {
    return new PlainWriter(this).describe(optimizer);
  }

  /** The plain value of an argument or a default. */
  public @Nullable Object plain(@Nullable Object value) {
    return new PlainWriter(this).plain(value);
  }

  @Nullable Entry entryOf(Class<?> type) {
    return entries.values().stream()
        .filter(entry -> entry.prototype().getClass() == type)
        .findFirst()
        .orElse(null);
  }
}
