package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/** A transformation that is another one by a name of its own, as Adam is a chain. */
public interface Composite<S> extends GradientTransformation<S> {

  /** What it is made of. */
  GradientTransformation<S> composed();

  @Override
  default S initialState(Tree params) {
    return composed().initialState(params);
  }

  @Override
  default Step<S> step(Tree updates, S state, Tree params, Extras extras) {
    return composed().step(updates, state, params, extras);
  }

  @Override
  default boolean perExample() {
    return composed().perExample();
  }
}
