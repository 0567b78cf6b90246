package dev.glissade.combine;

import dev.glissade.Scalar;
import dev.glissade.Stateless.EmptyState;
import dev.glissade.Tree;

/**
 * Measures the updates of a step by one number: {@code Tree::norm}, or any other function that
 * describes arithmetic. {@link Measures} has those with a name in the catalog.
 */
@FunctionalInterface
public interface Measure extends StatefulMeasure<EmptyState> {

  /**
   * Returns the number, deferred.
   *
   * @param updates the updates of the step
   * @return the number
   */
  Scalar of(Tree updates);

  @Override
  default EmptyState initialState() {
    return new EmptyState();
  }

  @Override
  default Measured<EmptyState> measured(Tree updates, EmptyState state) {
    return new Measured<>(of(updates), state);
  }
}
