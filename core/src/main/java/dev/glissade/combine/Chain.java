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
 * Runs transformations one after another: each takes the updates of the one before it. An empty
 * chain is the identity.
 *
 * <p>Only the first link may take per-example gradients. Extra arguments reach every link.
 *
 * @param transformations in the order in which they see the updates
 */
@Withers
public record Chain(List<? extends GradientTransformation<?>> transformations)
    implements GradientTransformation<Chain.ChainState>, ChainWithers {

  /**
   * The state of {@link Chain}.
   *
   * @param states the links' states, in the chain's order
   */
  public record ChainState(List<Object> states) {
    /**
     * Copies the list.
     *
     * @param states the links' states, in the chain's order
     */
    public ChainState {
      states = List.copyOf(states);
    }
  }

  /**
   * Copies the list and refuses a chain that would weaken privacy without notice.
   *
   * @param transformations any number of links
   * @throws IllegalArgumentException if a {@link MultiSteps} comes after a link that takes
   *     per-example gradients: such a link adds noise, which would then be drawn for each part of a
   *     batch
   */
  public Chain {
    transformations = List.copyOf(transformations);
    requireNoAccumulationAfterNoise(transformations);
  }

  private static void requireNoAccumulationAfterNoise(
      List<? extends GradientTransformation<?>> links) {
    for (int i = 1; i < links.size(); i++) {
      if (links.get(0).perExample() && !Records.parts(links.get(i), MultiSteps.class).isEmpty()) {
        throw new IllegalArgumentException(
            "the chain must not accumulate noisy gradients, but had multiSteps after "
                + links.get(0).getClass().getSimpleName()
                + ": pass the per-example gradients of the whole batch in one step, so that noise"
                + " is added once");
      }
    }
  }

  /**
   * Returns a chain of these links.
   *
   * @param transformations in the order in which they see the updates
   * @return the chain
   * @throws IllegalArgumentException as the constructor
   */
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
    requireSize(state);
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

  private void requireSize(ChainState state) {
    if (state.states().size() != transformations.size()) {
      throw new IllegalArgumentException(
          "the state of a chain must have one element for each of its %d links, but had %d"
              .formatted(transformations.size(), state.states().size()));
    }
  }

  /** Returns what the links make of the parameters, one after another. */
  @Override
  public Tree evalParams(ChainState state, Tree params) {
    requireSize(state);
    Tree at = params;
    for (int i = 0; i < transformations.size(); i++) {
      at = Wrapped.evalParams(transformations.get(i), state.states().get(i), at);
    }
    return at;
  }

  /** Returns whether the first link takes per-example gradients; no other link can. */
  @Override
  public boolean perExample() {
    return !transformations.isEmpty() && transformations.get(0).perExample();
  }
}
