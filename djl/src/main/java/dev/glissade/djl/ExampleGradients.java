package dev.glissade.djl;

import ai.djl.training.Trainer;
import dev.glissade.Tree;
import dev.glissade.host.ExampleRows;
import java.util.List;

/** Computes per-example gradients, with a leading batch axis, by one pass for each example. */
final class ExampleGradients {
  private final ExampleRows rows =
      new ExampleRows(
          "use smaller batches, or PrivateTrainer, which holds one example's at a time");

  /** Computes the gradients of all examples of the passes; leaves DJL's gradients zero. */
  Tree of(Trainer trainer, RecordedPasses passes, List<Trainable> trainables, Tree parameters) {
    rows.begin(parameters, passes.examples());
    clear(trainables, trainer);
    passes.backwardEach(
        trainer,
        () -> {
          try (Gradients gradients = new Gradients(trainables, trainer.getManager())) {
            rows.add(gradients.tree());
            gradients.clear();
          }
        });
    return rows.tree();
  }

  static void clear(List<Trainable> trainables, Trainer trainer) {
    try (Gradients gradients = new Gradients(trainables, trainer.getManager())) {
      gradients.clear();
    }
  }
}
