package dev.glissade.host;

import dev.glissade.GradientTransformation;
import dev.glissade.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parameters to evaluate into the model, and the stepped ones back before the next step.
 * With several devices, several threads ask for either.
 */
final class ShownParams {
  private @Nullable Stepped stepped;

  /**
   * The stepped parameters while others are in the model.
   *
   * @param parameters the parameters' tree, which has the others now
   */
  private record Stepped(ParameterTree parameters, Tree numbers) {}

  /** Puts the parameters to evaluate into the model, unless they are the stepped ones. */
  @SuppressWarnings("ReferenceEquality") // the same tree needs no copy
  synchronized <S> void showEvalParams(
      ParameterTree parameters, GradientTransformation<S> optimizer, S state) {
    if (stepped != null || !parameters.isOpen()) {
      return;
    }
    Tree x = parameters.tree();
    Tree at = optimizer.evalParams(state, x);
    if (at != x) {
      parameters.load();
      Tree numbers = x.copy();
      parameters.assign(at);
      stepped = new Stepped(parameters, numbers);
    }
  }

  /** Returns whether the model has others than the stepped parameters. */
  synchronized boolean isShown() {
    return stepped != null;
  }

  /** Puts the stepped parameters back. */
  synchronized void showStepped() {
    if (stepped != null) {
      stepped.parameters().restore(stepped.numbers());
      stepped = null;
    }
  }

  /**
   * Returns the stepped parameters of the model while it has others; null if it has them, which it
   * has after this call if the trained parameters have changed.
   */
  synchronized @Nullable Tree stepped(List<? extends HostParameter> described) {
    if (stepped != null && !stepped.parameters().isOf(described)) {
      showStepped();
    }
    return stepped == null ? null : stepped.numbers();
  }
}
