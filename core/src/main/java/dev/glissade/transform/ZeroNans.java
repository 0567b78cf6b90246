package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/**
 * Replaces NaN by 0; infinities stay. The state shows which leaves had a NaN: {@code
 * stepper.tree("foundNan")}. To skip a step that has a NaN use {@code applyIfFinite} or {@code
 * Stepper.nonFinite}.
 */
public record ZeroNans() implements GradientTransformation<ZeroNans.ZeroNansState> {

  /**
   * The state of {@link ZeroNans}.
   *
   * @param foundNan a number for each leaf: 1 if the leaf had a NaN in the last step, else 0
   */
  public record ZeroNansState(Tree foundNan) {}

  @Override
  public ZeroNansState initialState(Tree params) {
    return new ZeroNansState(params.leafSizes().zeros());
  }

  @Override
  public Step<ZeroNansState> step(Tree g, ZeroNansState state, Tree params, Extras extras) {
    Tree u = g.nanToZero();
    // what is not finite before, but finite in its place, was NaN
    Tree nans = g.leafNonFinite().minus(u.leafNonFinite());
    return Step.of(u, new ZeroNansState(nans.greaterThan(0)));
  }
}
