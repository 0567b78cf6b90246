package dev.glissade.records;

import java.util.List;

/** A list of a type of its own, which rebuilding a value keeps. */
public interface RebuiltList<E> extends List<E> {

  /** Returns a list of this type with other elements. */
  List<E> rebuilt(List<E> others);
}
