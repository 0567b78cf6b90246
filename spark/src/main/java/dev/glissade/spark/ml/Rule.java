package dev.glissade.spark.ml;

import java.io.Serializable;
import java.util.function.Consumer;
import scala.Function1;

/**
 * What the value of a param must obey. It throws an error with a sentence, where spark.ml would say
 * only that the value is invalid.
 *
 * @param <T> the type of the param
 */
interface Rule<T> extends Function1<T, Object>, Serializable {

  /** A check that Java can serialize. */
  interface SerializableConsumer<T> extends Consumer<T>, Serializable {}

  static <T> Rule<T> of(SerializableConsumer<T> check) {
    return value -> {
      check.accept(value);
      return true;
    };
  }
}
