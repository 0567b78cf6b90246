package dev.glissade.spark;

import java.io.Serializable;
import java.util.function.Supplier;

/**
 * Makes an object where it is needed, on the driver or on an executor, from what Java can
 * serialize: a lambda such as {@code () -> Contrib.prodigy()}.
 *
 * @param <V> what it makes
 */
@FunctionalInterface
public interface SerializableSupplier<V> extends Supplier<V>, Serializable {}
