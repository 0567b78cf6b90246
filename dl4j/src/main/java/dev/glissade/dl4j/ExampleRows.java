package dev.glissade.dl4j;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Computes per-example gradients, with a leading batch axis, by one pass for each example. Reuses
 * its memory at the next step.
 */
final class ExampleRows {
  private final Map<String, ByteBuffer> memory = new HashMap<>();

  /** Computes the gradients of all examples; leaves those of the last in the network's array. */
  Tree of(UpdatedNetwork network, Pass pass, List<FlatParameter> parameters) {
    requireMinibatch(network);
    int examples = network.examples();
    List<ByteBuffer> rows = parameters.stream().map(each -> rows(each, examples)).toList();
    INDArray flat = pass.flat();
    Model model = network.model();
    network.eachExample(
        pass.workspaces(),
        () -> {
          model.computeGradientAndScore(pass.workspaces());
          pass.processing().run(model.gradient(), 1);
          for (int i = 0; i < parameters.size(); i++) {
            rows.get(i).put(parameters.get(i).memory(flat));
          }
        });
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      FlatParameter each = parameters.get(i);
      int[] shape = batched(examples, each.shape());
      tensors.put(each.path(), Tensor.wrap(each.dtype(), rows.get(i).flip(), shape));
    }
    return Tree.of(tensors);
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

  private ByteBuffer rows(FlatParameter parameter, int examples) {
    long bytes = (long) parameter.size() * parameter.numbers().dataType().width() * examples;
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the gradients of %d examples for parameter \"%s\" must have at most %d bytes, but had %d:"
                  .formatted(examples, parameter.path(), Integer.MAX_VALUE, bytes)
              + " use smaller batches");
    }
    ByteBuffer all = memory.get(parameter.path());
    if (all == null || all.capacity() < bytes) {
      all = ByteBuffer.allocateDirect((int) bytes);
      memory.put(parameter.path(), all);
    }
    return all.slice(0, (int) bytes).order(ByteOrder.nativeOrder());
  }

  private static int[] batched(int examples, int[] shape) {
    int[] batched = new int[shape.length + 1];
    batched[0] = examples;
    System.arraycopy(shape, 0, batched, 1, shape.length);
    return batched;
  }
}
