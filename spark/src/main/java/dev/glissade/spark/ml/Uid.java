package dev.glissade.spark.ml;

import java.util.Objects;

/**
 * Hands the unique name of an estimator or model to {@code uid()}, which the constructors of
 * spark.ml's base classes call before the fields of a class in Java are set: {@code
 * this(Uid.next(uid))} before them, and {@code Uid.taken()} in {@code uid()}.
 */
final class Uid {
  private static final ThreadLocal<String> NEXT = new ThreadLocal<>();

  private final String name;

  private Uid(String name) {
    this.name = name;
  }

  static Uid next(String name) {
    NEXT.set(name);
    return new Uid(name);
  }

  /** Returns the name of the object that this thread constructs. */
  static String taken() {
    return Objects.requireNonNull(NEXT.get(), "a constructor must begin with Uid.next");
  }

  /** Returns the name when the base classes are constructed. */
  String done() {
    NEXT.remove();
    return name;
  }
}
