package dev.glissade.djl;

import ai.djl.training.Trainer;
import dev.glissade.GradientFunction;
import dev.glissade.Tree;
import java.util.List;

/**
 * The gradients of the same passes at other parameters. The model has these for the length of the
 * call; then its own parameters and gradients are there again.
 */
record PassesAgain(
    Trainer trainer,
    Passes passes,
    List<Trainable> trainables,
    ParameterTree parameters,
    Gradients gradients,
    int parts)
    implements GradientFunction {

  @Override
  public Tree gradients(Tree params, int i) {
    Tree before = parameters.tree().copy();
    Tree kept = gradients.tree().copy();
    try {
      parameters.assign(params);
      gradients.clear();
      passes.backward(trainer);
      try (Gradients made = new Gradients(trainables, trainer.getManager())) {
        return made.tree().times(1.0 / parts).as(kept.structure()).copy();
      }
    } finally {
      parameters.assign(before);
      ParameterTree.overwrite(gradients.tree(), kept);
    }
  }
}
