package dev.glissade.catalog;

import java.util.List;

/** Adds entries to {@link Catalog#standard}: a service, found on the class or module path. */
@FunctionalInterface
public interface CatalogProvider {
  List<Entry> entries();
}
