package dev.glissade.catalog;

import org.jspecify.annotations.Nullable;

/**
 * An argument with a form of its own in plain values, such as a list of numbers or the name of one.
 * The default of an argument that has such a form reads the other values.
 */
public interface PlainForm {

  /** {@return the plain value; null for the default, if that has no form} */
  @Nullable Object plain();

  /**
   * Returns the argument that a plain value stands for.
   *
   * @param where the argument's name, with which the message of an exception begins
   * @param plain a map, a list, a number, a boolean, a string or null
   * @return the argument, of the same class as this one
   * @throws IllegalArgumentException if the value stands for none
   */
  PlainForm read(String where, @Nullable Object plain);
}
