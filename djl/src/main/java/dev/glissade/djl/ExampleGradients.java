package dev.glissade.djl;

import ai.djl.training.Trainer;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gradients of single examples, with a batch axis in front, by a pass for each. */
final class ExampleGradients {
  private ExampleGradients() {}

  /** Those of all passes; DJL's gradients are zeros then. */
  static Tree of(Trainer trainer, Passes passes, List<Trainable> trainables) {
    int examples = passes.examples();
    List<ByteBuffer> rows = new ArrayList<>();
    for (Trainable trainable : trainables) {
      int bytes = Math.multiplyExact(trainable.bytes(), examples);
      rows.add(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
    }
    clear(trainables, trainer);
    passes.backwardEach(
        trainer,
        () -> {
          try (Gradients gradients = new Gradients(trainables, trainer.getManager())) {
            for (int i = 0; i < rows.size(); i++) {
              rows.get(i).put(gradients.memory().get(i).duplicate());
            }
            gradients.clear();
          }
        });
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Trainable trainable = trainables.get(i);
      tensors.put(
          trainable.path(),
          Tensor.wrap(trainable.dtype(), rows.get(i).flip(), batched(examples, trainable.shape())));
    }
    return Tree.of(tensors);
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
