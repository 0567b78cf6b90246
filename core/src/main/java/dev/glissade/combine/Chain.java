package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Records;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.List;

/**
 * One transformation after the other: each takes the updates of the one before.
 *
 * @param transformations in the order in which they see the updates
 */
@Withers
public record Chain(List<? extends GradientTransformation<?>> transformations)
    implements GradientTransformation<Chain.ChainState>, ChainWithers {

  /** The links' states, in order. */
  public record ChainState(List<Object> states) {
    public ChainState {
      states = List.copyOf(states);
    }
  }

  public Chain {
    transformations = List.copyOf(transformations);
    requireNoneGathersNoise(transformations);
  }

  private static void requireNoneGathersNoise(List<? extends GradientTransformation<?>> links) {
    for (int i = 1; i < links.size(); i++) {
      if (links.get(0).perExample() && !Records.parts(links.get(i), MultiSteps.class).isEmpty()) {
        throw new IllegalArgumentException(
            "multiSteps must not gather gradients after the noise, which is drawn for each part of"
                + " a batch then: gather per-example gradients instead");
      }
    }
  }

  /** A chain of these links; of none, it is the identity. */
  public static Chain of(GradientTransformation<?>... transformations) {
    return new Chain(List.of(transformations));
  }

  @Override
  public ChainState initialState(Tree params) {
    return new ChainState(
        transformations.stream().map(t -> Wrapped.initialState(t, params)).toList());
  }

  @Override
  public Step<ChainState> step(Tree updates, ChainState state, Tree params, Extras extras) {
    if (state.states().size() != transformations.size()) {
      throw new IllegalArgumentException(
          "the state is of a chain of %d links, not %d"
              .formatted(state.states().size(), transformations.size()));
    }
    Tree passed = updates;
    List<Object> states = new ArrayList<>();
    for (int i = 0; i < transformations.size(); i++) {
      Step<Object> step =
          Wrapped.step(transformations.get(i), passed, state.states().get(i), params, extras);
      passed = step.updates();
      states.add(step.state());
    }
    return Step.of(passed, new ChainState(states));
  }

  /** Per-example gradients can only be the first link's. */
  @Override
  public boolean perExample() {
    return !transformations.isEmpty() && transformations.get(0).perExample();
  }
}
