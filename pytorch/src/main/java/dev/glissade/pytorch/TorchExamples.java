package dev.glissade.pytorch;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Computes per-example gradients, with a leading batch axis, by one backward pass for each example.
 * Reuses its memory at the next step.
 */
final class TorchExamples {
  private final Map<String, ByteBuffer> memory = new HashMap<>();
  private double meanLoss;

  /** Returns the mean loss of the last examples. */
  double meanLoss() {
    return meanLoss;
  }

  /** Computes the gradients of a number of examples; leaves libtorch's gradients zero. */
  Tree of(
      List<TorchParameter> parameters,
      int examples,
      IntFunction<? extends org.bytedeco.pytorch.Tensor> loss) {
    List<ByteBuffer> rows = parameters.stream().map(each -> rows(each, examples)).toList();
    TorchGradients gradients = new TorchGradients(parameters);
    double sum = 0;
    try {
      for (int i = 0; i < examples; i++) {
        int example = i;
        gradients.clear();
        sum += TorchLoss.of(() -> loss.apply(example)).backward();
        gradients.read(); // refuses gradients whose memory can't be read
        for (int k = 0; k < parameters.size(); k++) {
          append(parameters.get(k), rows.get(k));
        }
      }
    } finally {
      gradients.clear();
    }
    meanLoss = sum / examples;
    return tree(parameters, rows, examples);
  }

  private static Tree tree(List<TorchParameter> parameters, List<ByteBuffer> rows, int examples) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int k = 0; k < parameters.size(); k++) {
      Tensor like = parameters.get(k).tensor();
      int[] shape = batched(examples, like.shape());
      tensors.put(parameters.get(k).path(), Tensor.wrap(like.dtype(), rows.get(k).flip(), shape));
    }
    return Tree.of(tensors);
  }

  private static void append(TorchParameter parameter, ByteBuffer rows) {
    org.bytedeco.pytorch.Tensor gradient = parameter.own().grad();
    int end = rows.position() + Math.toIntExact(parameter.bytes());
    if (gradient.defined()) {
      rows.put(TorchMemory.bytes(gradient));
    }
    while (rows.position() < end) {
      rows.put((byte) 0);
    }
  }

  private ByteBuffer rows(TorchParameter parameter, int examples) {
    long bytes = parameter.bytes() * examples;
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the gradients of %d examples for %s must have at most %d bytes, but had %d: use smaller"
                  .formatted(examples, parameter.what(), Integer.MAX_VALUE, bytes)
              + " batches, or PrivateTorchTrainer, which holds one example's at a time");
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
