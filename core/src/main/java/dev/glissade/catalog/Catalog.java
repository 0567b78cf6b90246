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
 * Finds optimizers and schedules by name, and reads and writes them as plain values: maps, lists,
 * numbers, booleans and strings, as a JSON parser returns them. The form is
 *
 * <pre>{@code
 * {"name": "adamw", "args": {"learning_rate": 0.001, "mask": ["*kernel"]}}
 * }</pre>
 *
 * <p>Arguments have their documented names, in snake case. A schedule may be a number; an argument
 * that is an optimizer, a schedule or another function with an entry, such as a measure, is nested
 * in the same form; a schedule in place of a {@link dev.glissade.combine.StepCondition} means that
 * it is not 0; the args of a chain are a list of its links; a mask is a list of patterns of {@link
 * dev.glissade.combine.PathMask}; an infinite bound is "inf". Arguments with a default may be left
 * out. A catalog is immutable.
 */
public final class Catalog {
  private final Map<String, Entry> entries;

  private Catalog(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /**
   * Returns the catalog of this library and of all {@link CatalogProvider}s on the class or module
   * path.
   *
   * @return the catalog
   * @throws java.util.ServiceConfigurationError if a provider cannot be made
   */
  public static Catalog standard() {
    Catalog catalog = new Catalog(Map.of()).with(BaseEntries.all());
    for (CatalogProvider provider : ServiceLoader.load(CatalogProvider.class)) {
      catalog = catalog.with(provider.entries());
    }
    return catalog;
  }

  /**
   * Returns this catalog and more entries; a new entry replaces one of the same name.
   *
   * @param more the new entries
   * @return the extended catalog
   */
  public Catalog with(Collection<Entry> more) {
    Map<String, Entry> all = new TreeMap<>(entries);
    more.forEach(entry -> all.put(entry.name(), entry));
    return new Catalog(Collections.unmodifiableMap(all));
  }

  /**
   * Returns this catalog and one more entry, which replaces one of the same name.
   *
   * @param entry the new entry
   * @return the extended catalog
   */
  public Catalog with(Entry entry) {
    return with(List.of(entry));
  }

  /** {@return all entries, sorted by name} */
  public List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  /** {@return the optimizers and transformations, without schedules and others, sorted by name} */
  public List<Entry> optimizers() {
    return entries.values().stream().filter(Entry::isOptimizer).toList();
  }

  /**
   * Returns the entry with a name.
   *
   * @param name the documented name, such as {@code dadapt_adamw}
   * @return the entry
   * @throws IllegalArgumentException if the name is unknown; the message suggests the nearest known
   *     one
   */
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "the optimizer or schedule must be in the catalog, but was \"%s\"%s"
              .formatted(name, Names.hint(name, entries.keySet())));
    }
    return entry;
  }

  /**
   * Makes an optimizer from plain values.
   *
   * @param plain a map with "name" and "args", or a name alone
   * @return the optimizer
   * @throws IllegalArgumentException if a name or an argument is unknown, missing or out of range
   */
  public GradientTransformation<?> optimizer(@Nullable Object plain) {
    return new PlainReader(this).optimizer("optimizer", plain);
  }

  /**
   * Makes a schedule from plain values.
   *
   * @param plain a map with "name" and "args", or a number for a constant schedule
   * @return the schedule
   * @throws IllegalArgumentException if a name or an argument is unknown, missing or out of range
   */
  public Schedule schedule(@Nullable Object plain) {
    return new PlainReader(this).schedule("schedule", plain);
  }

  /**
   * Returns the plain values of an optimizer, with all arguments that are not null. {@link
   * #optimizer} makes an equal optimizer of them.
   *
   * @param optimizer an optimizer that is made of records in this catalog
   * @return a map with "name" and "args"
   * @throws IllegalArgumentException if a part is code, such as a lambda, or a record without an
   *     entry
   */
  public Map<String, Object> describe(GradientTransformation<?> optimizer) {
    return new PlainWriter(this).describe(optimizer);
  }

  /**
   * Returns the plain value of an argument or a default.
   *
   * @param value a component of a record in this catalog
   * @return the plain value; null for null
   * @throws IllegalArgumentException if the value is code, such as a lambda
   */
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
