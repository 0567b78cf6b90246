package dev.glissade.withers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Generates an interface {@code <Record>Withers} with one method for each component of a record,
 * named as the component, that returns a copy of the record with another value there. The record
 * implements it:
 *
 * <pre>{@code
 * @Withers
 * public record Sgd(Schedule learningRate, @Nullable Double momentum) implements SgdWithers {}
 *
 * sgd.momentum(0.9)
 * }</pre>
 *
 * <p>Of a record {@code Inner} that is nested in {@code Outer} the interface is {@code
 * Outer_InnerWithers}. For the build, the processor needs a place on the annotation processor path:
 * in Maven, an element {@code path} of {@code annotationProcessorPaths}.
 *
 * <p>The copy is made by the record's constructor, so that its checks run. A {@code Schedule} is
 * also set by a number, a boxed number also by a primitive one, and a component whose type is a
 * record of two or more {@code double}s also by these numbers. The Javadoc of each method is the
 * record's {@code @param}, which must exist. A method that the record has itself takes precedence.
 *
 * <p>A modular program declares {@code requires static dev.glissade.withers}.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Withers {}
