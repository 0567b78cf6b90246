package dev.glissade.consumer.exported;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/** Steps along the average of the gradients; a record with a public state record. */
public record Average(double rate, double decay) implements GradientTransformation<Average.State> {

  /** The state that a step passes to the next. */
  public record State(Tree average) {}

  @Override
  public State initialState(Tree params) {
    return new State(params.zeros());
  }

  @Override
  public Step<State> step(Tree gradients, State state, Tree params, Extras extras) {
    Tree average = state.average().times(decay).plus(gradients.times(1 - decay));
    return Step.of(average.times(-rate), new State(average));
  }
}
