package dev.glissade.djl;

import ai.djl.training.Trainer;
import dev.glissade.GradientFunction;
import dev.glissade.Tree;
import java.util.List;

/**
 * The gradients of the same passes at other parameters. The model has these for the length of the
 * call; then its own parameters and gradients are there again.
 *
 * @param parts over how many parts the gradients are sums of means
 */
record PassesAgain(
    Trainer trainer,
    Passes passes,
    List<Trainable> trainables,
    ParameterTree parameters,
    Gradients gradients,
    int parts)
    implements GradientFunction {

  /** A gradient function that says why there is none, if it is called. */
  static GradientFunction missing(String why) {
    return (params, i) -> {
      throw new IllegalStateException(
          "the optimizer asks for gradients at other parameters: " + why);
    };
  }

  @Override
  public Tree gradients(Tree params, int i) {
    Tree before = parameters.tree().copy();
    Tree kept = gradients.tree().copy();
    try {
      parameters.assign(params);
      gradients.clear();
      passes.backward(trainer);
      try (Gradients made = new Gradients(trainables, trainer.getManager())) {
        return parts == 1 ? made.tree().copy() : made.tree().times(1.0 / parts).evaluate();
      }
    } finally {
      parameters.assign(before);
      gradients.restore(kept);
    }
  }
}
