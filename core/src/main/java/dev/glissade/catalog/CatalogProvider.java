package dev.glissade.catalog;

import java.util.List;

/**
 * Adds entries to {@link Catalog#standard}. Catalogs find providers as services, by {@link
 * java.util.ServiceLoader}, on the class or module path.
 */
@FunctionalInterface
public interface CatalogProvider {
  /** {@return the entries to add} */
  List<Entry> entries();
}
