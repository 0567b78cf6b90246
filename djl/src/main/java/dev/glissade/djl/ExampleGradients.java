package dev.glissade.djl;

import ai.djl.training.Trainer;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes per-example gradients, with a leading batch axis, by one pass for each example. Reuses
 * its memory at the next step.
 */
final class ExampleGradients {
  private final Map<String, ByteBuffer> memory = new HashMap<>();

  /** Computes the gradients of all examples of the passes; leaves DJL's gradients zero. */
  Tree of(Trainer trainer, RecordedPasses passes, List<Trainable> trainables) {
    int examples = passes.examples();
    List<ByteBuffer> rows = trainables.stream().map(each -> rows(each, examples)).toList();
    clear(trainables, trainer);
    passes.backwardEach(
        trainer,
        () -> {
          try (Gradients gradients = new Gradients(trainables, trainer.getManager())) {
            for (int i = 0; i < trainables.size(); i++) {
              rows.get(i).put(gradients.memory().get(i).duplicate());
            }
            gradients.clear();
          }
        });
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < trainables.size(); i++) {
      Trainable each = trainables.get(i);
      int[] shape = batched(examples, each.shape());
      tensors.put(each.path(), Tensor.wrap(each.dtype(), rows.get(i).flip(), shape));
    }
    return Tree.of(tensors);
  }

  private ByteBuffer rows(Trainable parameter, int examples) {
    long bytes = (long) parameter.bytes() * examples;
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the gradients of %d examples for parameter \"%s\" must have at most %d bytes, but had %d:"
                  .formatted(examples, parameter.path(), Integer.MAX_VALUE, bytes)
              + " use smaller batches, or PrivateTrainer, which holds one example's at a time");
    }
    ByteBuffer all = memory.get(parameter.path());
    if (all == null || all.capacity() < bytes) {
      all = ByteBuffer.allocateDirect((int) bytes);
      memory.put(parameter.path(), all);
    }
    return all.slice(0, (int) bytes).order(ByteOrder.nativeOrder());
  }

  static void clear(List<Trainable> trainables, Trainer trainer) {
    try (Gradients gradients = new Gradients(trainables, trainer.getManager())) {
      gradients.clear();
    }
  }

  private static int[] batched(int examples, int[] shape) {
    int[] batched = new int[shape.length + 1];
    batched[0] = examples;
    System.arraycopy(shape, 0, batched, 1, shape.length);
    return batched;
  }
}
