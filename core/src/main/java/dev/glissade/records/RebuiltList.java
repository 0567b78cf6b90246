package dev.glissade.records;

import java.util.List;

/**
 * A list whose class is kept when a value that contains it is rebuilt.
 *
 * @param <E> the elements
 */
public interface RebuiltList<E> extends List<E> {

  /**
   * {@return a list of this class with other elements}
   *
   * @param others the new elements
   */
  List<E> rebuilt(List<E> others);
}
