package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Ordered;
import dev.glissade.withers.Withers;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link Chain} whose links, and their states, have names, by which entries of the state can be
 * found and read.
 *
 * @param transformations by name, in the map's order; a {@code Map.of}, whose order is undefined,
 *     runs sorted by name
 */
@Withers
public record NamedChain(Map<String, ? extends GradientTransformation<?>> transformations)
    implements GradientTransformation<NamedChain.NamedChainState>, NamedChainWithers {

  /**
   * The state of {@link NamedChain}.
   *
   * @param states the links' states by name, in the chain's order
   */
  public record NamedChainState(Map<String, Object> states) {}

  /**
   * Copies the map.
   *
   * @param transformations any number of links
   */
  public NamedChain {
    transformations = Ordered.copy(transformations);
  }

  @Override
  public NamedChainState initialState(Tree params) {
    Map<String, Object> states = new LinkedHashMap<>();
    transformations.forEach((name, link) -> states.put(name, Wrapped.initialState(link, params)));
    return new NamedChainState(states);
  }

  @Override
  public Step<NamedChainState> step(
      Tree updates, NamedChainState state, Tree params, Extras extras) {
    Tree passed = updates;
    Map<String, Object> states = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends GradientTransformation<?>> link : transformations.entrySet()) {
      Object old = state.states().get(link.getKey());
      Step<Object> step = Wrapped.step(link.getValue(), passed, old, params, extras);
      passed = step.updates();
      states.put(link.getKey(), step.state());
    }
    return Step.of(passed, new NamedChainState(states));
  }

  /** Returns what the links make of the parameters, one after another. */
  @Override
  public Tree evalParams(NamedChainState state, Tree params) {
    Tree at = params;
    for (Map.Entry<String, ? extends GradientTransformation<?>> link : transformations.entrySet()) {
      at = Wrapped.evalParams(link.getValue(), state.states().get(link.getKey()), at);
    }
    return at;
  }

  @Override
  public boolean perExample() {
    return transformations.values().stream().limit(1).anyMatch(GradientTransformation::perExample);
  }
}
