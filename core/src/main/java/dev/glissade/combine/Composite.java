package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/**
 * A transformation with its own name and arguments that is made of others, such as Adam, which is a
 * chain. An implementation gives {@link #composed}; everything else follows from it.
 *
 * @param <S> the state, which is that of {@link #composed}
 */
public interface Composite<S> extends GradientTransformation<S> {

  /** {@return the transformation that does the work} */
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
  default Tree evalParams(S state, Tree params) {
    return composed().evalParams(state, params);
  }

  @Override
  default boolean perExample() {
    return composed().perExample();
  }
}
