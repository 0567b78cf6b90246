package dev.glissade.privacy;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;

/**
 * Propagates the carry of an exact sum of two words: moves the large part of each element of the
 * low word, which takes the place of the parameters, to the high word. One float holds 2^24 steps
 * exactly, two hold 2^40.
 */
record CarryPropagation() implements GradientTransformation<CarryPropagation.High> {
  /** Grid steps per unit of the high word. */
  static final double UNIT = 0x1p16;

  /** The high word: integer multiples of {@link #UNIT} steps. */
  record High(Tree high, Scalar step) {}

  @Override
  public High initialState(Tree low) {
    return new High(low.zeros(), Scalar.of(0));
  }

  @Override
  public Step<High> step(Tree unused, High state, Tree low, Extras extras) {
    Tree large = ClippedAddition.rounded(low, state.step().times(UNIT));
    return Step.of(large.negate(), new High(state.high().plus(large), state.step()));
  }
}
