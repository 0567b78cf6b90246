package dev.glissade;

/**
 * The result of {@link GradientTransformation#apply}.
 *
 * @param <S> the state
 * @param params the new parameters, in the types of the old ones
 * @param state the state for the next step
 */
public record Applied<S>(Tree params, S state) {}
