package dev.glissade.testing;

import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/** Descent with momentum that asks for gradients so many times, each time a little further up. */
public record Asking(int times) implements GradientTransformation<Asking.AskingState> {
  public record AskingState(Tree trace) {}

  @Override
  public AskingState initialState(Tree params) {
    return new AskingState(params.zeros());
  }

  @Override
  public Step<AskingState> step(Tree updates, AskingState state, Tree params, Extras extras) {
    GradientFunction gradients = extras.gradientFunction();
    Tree at = params;
    Tree g = updates;
    for (int i = 0; i < times; i++) {
      int call = i;
      at = at.plus(g.times(0.05)).as(params.structure());
      g = at.callback(here -> gradients.gradients(here, call), at.structure().computed());
    }
    Tree trace = state.trace().times(0.9).plus(g);
    return Step.of(trace.times(-0.1), new AskingState(trace));
  }
}
