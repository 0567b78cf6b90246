package dev.glissade.dl4j;

import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.ReplayedLoss;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs the passes of the minibatch that is being fitted again, for optimizers that ask for losses
 * or gradients at other parameters. Leaves the updates of statistics as they were.
 */
final class MinibatchAgain {
  private final UpdatedNetwork network;
  private final NetworkParameters parameters;
  private final Pass pass;
  private final FlatGradients gradients;

  MinibatchAgain(
      UpdatedNetwork network, NetworkParameters parameters, Pass pass, FlatGradients gradients) {
    this.network = network;
    this.parameters = parameters;
    this.pass = pass;
    this.gradients = gradients;
  }

  /** Returns the minibatch's loss as a function of the trained parameters. */
  ReplayedLoss loss(ParameterTree tree) {
    return new ReplayedLoss(tree, gradients, this::valueAndGradients, this::value);
  }

  private ValueAndGradients valueAndGradients() {
    INDArray flat = gradients.flat();
    List<NetworkParameters.Copy> others = parameters.othersOf(flat);
    try {
      Model model = network.model();
      model.computeGradientAndScore(pass.workspaces());
      pass.process(model.gradient(), pass.size());
      return new ValueAndGradients(model.score(), gradients.tree().copy());
    } finally {
      NetworkParameters.setOthers(flat, others);
    }
  }

  /** Returns the loss alone. DL4J computes it with the gradients, which this restores. */
  private double value() {
    Tree own = gradients.tree().copy();
    try {
      return valueAndGradients().value();
    } finally {
      gradients.restore(own);
    }
  }
}
