package dev.glissade.djl;

import dev.glissade.GradientFunction;
import dev.glissade.Tree;
import java.util.function.Supplier;

/**
 * Computes the gradients of the same passes at other parameters. The model has these parameters
 * during the call, which then restores its own parameters and gradients.
 *
 * @param parameters the model's parameters, which the call changes and restores
 * @param gradients DJL's gradients, which the call clears and restores
 * @param replay runs the passes again and returns their mean gradients
 */
record ReplayedGradients(ParameterTree parameters, Gradients gradients, Supplier<Tree> replay)
    implements GradientFunction {

  /** Returns a gradient function that throws, saying why gradients are not available. */
  static GradientFunction missing(String why) {
    return (params, i) -> {
      throw new IllegalStateException(
          "the optimizer asks for gradients at other parameters: " + why);
    };
  }

  @Override
  public Tree gradients(Tree params, int i) {
    Tree ownParameters = parameters.tree().copy();
    Tree ownGradients = gradients.tree().copy();
    try {
      parameters.assign(params);
      gradients.clear();
      return replay.get();
    } finally {
      parameters.assign(ownParameters);
      gradients.restore(ownGradients);
    }
  }
}
