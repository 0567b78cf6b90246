package dev.glissade.dl4j;

import dev.glissade.Tree;
import dev.glissade.host.ExampleRows;
import java.util.List;
import org.deeplearning4j.nn.api.Model;

/** Computes per-example gradients, with a leading batch axis, by one pass for each example. */
final class ExamplePasses {
  private final ExampleRows rows = new ExampleRows("use smaller batches");

  /** Computes the gradients of all examples; leaves those of the last in the network's array. */
  Tree of(UpdatedNetwork network, Pass pass, List<FlatParameter> parameters) {
    requireMinibatch(network);
    FlatGradients gradients = FlatGradients.of(pass.flat(), parameters);
    rows.begin(gradients.tree(), network.examples());
    Model model = network.model();
    network.eachExample(
        pass.workspaces(),
        () -> {
          model.computeGradientAndScore(pass.workspaces());
          pass.process(model.gradient(), 1);
          rows.add(gradients.tree());
        });
    return rows.tree();
  }

  private static void requireMinibatch(UpdatedNetwork network) {
    if (!network.hasMinibatch()) {
      throw new IllegalStateException(
          "an optimizer of per-example gradients must have inputs and labels, as fit sets them, but"
              + " the network had none");
    }
    if (network.hasMasks()) {
      throw new IllegalStateException(
          "an optimizer of per-example gradients must have a minibatch without masks, but it had"
              + " some");
    }
  }
}
