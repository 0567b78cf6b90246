package dev.glissade.djl;

import dev.glissade.GradientFunction;
import dev.glissade.Tree;
import java.util.function.Supplier;

/**
 * The gradients of the same passes at other parameters. The model has these for the length of the
 * call; then its own parameters and gradients are there again.
 *
 * @param parameters the model's, which the call moves and puts back
 * @param gradients DJL's, which the call clears and puts back
 * @param replay runs the passes again and returns their mean gradients
 */
record ReplayedGradients(ParameterTree parameters, Gradients gradients, Supplier<Tree> replay)
    implements GradientFunction {

  /** Returns a gradient function that says why there is none, if it is called. */
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
