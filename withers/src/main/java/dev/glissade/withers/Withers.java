package dev.glissade.withers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Generates an interface {@code <Record>Withers} with one method for each component of a record.
 * The method has the component's name and returns a copy of the record with another value in it.
 * The record implements the interface:
 *
 * <pre>{@code
 * @Withers
 * public record Sgd(Schedule learningRate, @Nullable Double momentum) implements SgdWithers {}
 *
 * sgd.momentum(0.9)
 * }</pre>
 *
 * <p>For a record {@code Inner} nested in {@code Outer}, the interface is {@code
 * Outer_InnerWithers}. The build must have this module on the annotation processor path: in Maven,
 * as a {@code path} of {@code annotationProcessorPaths}.
 *
 * <p>The copy is made by the record's constructor, so its checks run. Some components have a second
 * method: a {@code Schedule} can be set by a number, a boxed number by a primitive, and a record of
 * two or more {@code double}s by these numbers. The Javadoc of each method comes from the record's
 * own, which must describe each component by a {@code @param}. A method that the record declares
 * itself takes precedence.
 *
 * <p>A modular program declares {@code requires static dev.glissade.withers}.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Withers {}
