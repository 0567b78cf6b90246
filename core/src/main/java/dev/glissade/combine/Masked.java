package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The inner transformation on the leaves whose path the mask accepts; the others' updates pass as
 * they are. The inner one sees, and keeps state for, its leaves alone.
 *
 * @param inner the transformation of the leaves that the mask accepts
 * @param mask accepts the paths of the leaves to transform
 */
@Withers
public record Masked(GradientTransformation<?> inner, Predicate<String> mask)
    implements GradientTransformation<Masked.MaskedState>, MaskedWithers {

  /** The inner state. */
  public record MaskedState(Object innerState) {}

  public Masked {
    Objects.requireNonNull(mask, "mask");
    if (inner.perExample()) {
      throw new IllegalArgumentException(
          "per-example gradients must be aggregated before they are masked");
    }
  }

  @Override
  public MaskedState initialState(Tree params) {
    PathMask.warnIfUnused(mask, params);
    return new MaskedState(Wrapped.initialState(inner, params.select(mask)));
  }

  @Override
  public Step<MaskedState> step(Tree updates, MaskedState state, Tree params, Extras extras) {
    Step<Object> step =
        Wrapped.step(inner, updates.select(mask), state.innerState(), params.select(mask), extras);
    Tree others = updates.select(mask.negate());
    return Step.of(step.updates().merge(others), new MaskedState(step.state()));
  }
}
