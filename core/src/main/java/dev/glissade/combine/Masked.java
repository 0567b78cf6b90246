package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Applies the inner transformation to the leaves whose path the mask accepts; updates of other
 * leaves pass unchanged. To freeze the other leaves use {@link SelectiveTransform}.
 *
 * <p>The inner transformation sees, and keeps state for, its own leaves only: a norm that it
 * computes is over these. Extra arguments that are trees of the parameters' form lose the other
 * leaves, too, and functions among them are called with all parameters. Differs from Optax in that
 * the mask is a predicate on leaf paths, where Optax takes a tree of flags, and that masked leaves
 * are absent from the inner state, where Optax keeps placeholders.
 *
 * <p>If the mask is a {@link PathMask} and one of its patterns matches no leaf, as after a typing
 * error, {@code init} logs a warning.
 *
 * @param inner the transformation of the accepted leaves
 * @param mask accepts the paths of the leaves to transform
 */
@Withers
public record Masked(GradientTransformation<?> inner, Predicate<String> mask)
    implements GradientTransformation<Masked.MaskedState>, MaskedWithers {

  /**
   * The state of {@link Masked}.
   *
   * @param innerState the inner state, of the accepted leaves only
   */
  public record MaskedState(Object innerState) {}

  /**
   * Checks the arguments.
   *
   * @param inner a transformation of mean gradients
   * @param mask not null
   * @throws IllegalArgumentException if inner takes per-example gradients
   * @throws NullPointerException if the mask is null
   */
  public Masked {
    Objects.requireNonNull(mask, "mask");
    Wrapped.requireMeanGradients("inner", inner, "aggregate them before the mask");
  }

  @Override
  public MaskedState initialState(Tree params) {
    PathMask.warnIfUnused(mask, params);
    return new MaskedState(Wrapped.initialState(inner, params.select(mask)));
  }

  @Override
  public Step<MaskedState> step(Tree updates, MaskedState state, Tree params, Extras extras) {
    Step<Object> step =
        Wrapped.step(
            inner,
            updates.select(mask),
            state.innerState(),
            params.select(mask),
            extras.select(mask, params));
    Tree others = updates.select(mask.negate());
    return Step.of(step.updates().merge(others), new MaskedState(step.state()));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same tree needs no merge
  public Tree evalParams(MaskedState state, Tree params) {
    Tree own = params.select(mask);
    Tree at = Wrapped.evalParams(inner, state.innerState(), own);
    return at == own ? params : at.merge(params.select(mask.negate()));
  }
}
