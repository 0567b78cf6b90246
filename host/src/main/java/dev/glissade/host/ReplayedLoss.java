package dev.glissade.host;

import dev.glissade.GradientFunction;
import dev.glissade.LossFunction;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Computes the loss of the same passes, and its gradients, at other parameters. The model has these
 * parameters during the call, which then restores its own parameters and gradients.
 *
 * @param parameters the model's parameters, which a call changes and restores
 * @param gradients the framework's gradients, which a call clears and restores
 * @param replay runs the passes again and returns their mean loss and gradients
 * @param forward runs the forward passes again and returns their mean loss
 */
public record ReplayedLoss(
    ParameterTree parameters,
    HostGradients gradients,
    Supplier<ValueAndGradients> replay,
    DoubleSupplier forward)
    implements LossFunction {

  /** {@return the gradients alone, for an optimizer that asks for no losses} */
  public GradientFunction gradientFunction() {
    return (params, i) -> valueAndGradients(params, i).gradients();
  }

  @Override
  public ValueAndGradients valueAndGradients(Tree params, int i) {
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

  @Override
  public double value(Tree params, int i) {
    Tree ownParameters = parameters.tree().copy();
    try {
      parameters.assign(params);
      return forward.getAsDouble();
    } finally {
      parameters.assign(ownParameters);
    }
  }
}
