package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import java.util.ArrayList;
import java.util.List;

/** The forward passes since the last step, to be run again where an optimizer asks for that. */
final class Passes {
  private final List<Pass> passes = new ArrayList<>();

  /** The arguments of one pass, borrowed from the batch. */
  private record Pass(NDList data, NDList labels) {
    void requireOpen() {
      if (data.stream().anyMatch(NDArray::isReleased)
          || labels.stream().anyMatch(NDArray::isReleased)) {
        throw new IllegalStateException(
            "the batch must be closed after step: the optimizer needs its examples again");
      }
    }
  }

  /** Several devices are worked on by several threads. */
  synchronized void add(NDList data, NDList labels) {
    passes.add(new Pass(data, labels));
  }

  void clear() {
    passes.clear();
  }

  boolean isEmpty() {
    return passes.isEmpty();
  }

  /** The examples of all passes: what their first arrays have in front. */
  int examples() {
    return passes.stream().mapToInt(pass -> Math.toIntExact(pass.data().head().size(0))).sum();
  }

  /** Runs all again, with the model's parameters as they are, and adds to DJL's gradients. */
  void backward(Trainer trainer) {
    for (Pass pass : passes) {
      pass.requireOpen();
      try (NDManager scope = trainer.getManager().newSubManager()) {
        scope.tempAttachAll(pass.data(), pass.labels());
        backward(trainer, pass.data(), pass.labels());
      }
    }
  }

  /** Runs each example alone, and calls {@code then} after each. */
  void backwardEach(Trainer trainer, Runnable then) {
    for (Pass pass : passes) {
      pass.requireOpen();
      long examples = pass.data().head().size(0);
      for (long example = 0; example < examples; example++) {
        try (NDManager scope = trainer.getManager().newSubManager()) {
          backward(trainer, one(pass.data(), example, scope), one(pass.labels(), example, scope));
        }
        then.run();
      }
    }
  }

  private static NDList one(NDList batch, long example, NDManager scope) {
    NDList one = new NDList(batch.size());
    for (NDArray array : batch) {
      NDArray slice = array.get(new NDIndex("{}:{}", example, example + 1));
      slice.attach(scope);
      one.add(slice);
    }
    return one;
  }

  static void backward(Trainer trainer, NDList data, NDList labels) {
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDList predictions = trainer.forward(data, labels);
      collector.backward(trainer.getLoss().evaluate(labels, predictions));
    }
  }
}
