package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import java.util.function.Predicate;

/**
 * The inner transformation on the leaves whose path the mask accepts; the others' updates pass as
 * they are. The inner one sees, and keeps state for, its leaves alone.
 */
public record Masked(GradientTransformation<?> inner, Predicate<String> mask)
    implements GradientTransformation<Masked.MaskedState> {

  public record MaskedState(Object innerState) {}

  @Override
  public MaskedState initial(Tree params) {
    return new MaskedState(Wrapped.initial(inner, params.select(mask)));
  }

  @Override
  public Step<MaskedState> step(Tree updates, MaskedState state, Tree params, Extras extras) {
    Step<Object> step =
        Wrapped.step(inner, updates.select(mask), state.innerState(), params.select(mask), extras);
    Tree others = updates.select(mask.negate());
    return Step.of(step.updates().merge(others), new MaskedState(step.state()));
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
