package dev.glissade.records;

import java.util.List;

/**
 * A list of a class of its own, which rebuilding a value keeps.
 *
 * @param <E> the elements
 */
public interface RebuiltList<E> extends List<E> {

  /**
   * Returns a list of this class with other elements.
   *
   * @param others the elements
   * @return a list of the same class
   * @throws IllegalArgumentException if an element is not of the type that the list holds
   */
  List<E> rebuilt(List<?> others);
}
