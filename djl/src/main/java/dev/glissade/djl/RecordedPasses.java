package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import dev.glissade.ValueAndGradients;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Records the passes that DJL's gradients come from, to run them again if an optimizer asks for
 * that. It records a forward pass if a backward pass follows while the same collector is open.
 */
final class RecordedPasses {
  private final List<Pass> passes = new ArrayList<>();

  /** Forward passes without a backward pass so far. */
  private final List<Pass> forward = new ArrayList<>();

  private int collectors;

  /** The arguments of one pass, borrowed from the batch. */
  private record Pass(NDList data, NDList labels) {
    void requireOpen() {
      if (data.stream().anyMatch(NDArray::isReleased)
          || labels.stream().anyMatch(NDArray::isReleased)) {
        throw new IllegalStateException(
            "the batch must be closed after step, but was closed before: the optimizer needs its"
                + " examples again");
      }
    }
  }

  /** A collector whose passes are recorded. */
  private final class RecordingCollector implements GradientCollector {
    private final GradientCollector collector;
    private final RecordedLosses losses;
    private final Runnable zeroed;

    RecordingCollector(GradientCollector collector, RecordedLosses losses, Runnable zeroed) {
      this.collector = collector;
      this.losses = losses;
      this.zeroed = zeroed;
    }

    @Override
    public void backward(NDArray target) {
      collector.backward(target);
      losses.add(target);
      keepForwardPasses();
    }

    @Override
    public void zeroGradients() {
      collector.zeroGradients();
      zeroed.run();
    }

    @Override
    public void close() {
      collectorCloses();
      collector.close();
    }
  }

  /**
   * Returns a collector that records its passes.
   *
   * @param losses takes note of what is differentiated
   * @param zeroed runs after the collector has set gradients to zero
   */
  synchronized GradientCollector recording(
      GradientCollector collector, RecordedLosses losses, Runnable zeroed) {
    collectors++;
    return new RecordingCollector(collector, losses, zeroed);
  }

  /** Returns whether a collector is open. */
  synchronized boolean isRecording() {
    return collectors > 0;
  }

  /** Records a forward pass; with several devices, several threads call this. */
  synchronized void add(NDList data, NDList labels) {
    if (collectors > 0) {
      forward.add(new Pass(data, labels));
    }
  }

  private synchronized void keepForwardPasses() {
    passes.addAll(forward);
    forward.clear();
  }

  private synchronized void collectorCloses() {
    collectors--;
    forward.clear();
  }

  synchronized void clear() {
    passes.clear();
    forward.clear();
  }

  boolean isEmpty() {
    return passes.isEmpty();
  }

  int count() {
    return passes.size();
  }

  /** Returns the number of examples of all passes: the first axes of their first arrays. */
  int examples() {
    return passes.stream().mapToInt(pass -> Math.toIntExact(pass.data().head().size(0))).sum();
  }

  /** Requires that no collector is open, since an engine has only one at a time. */
  private synchronized void requireEnded() {
    if (collectors > 0) {
      throw new IllegalStateException(
          "the gradient collector must be closed before step, but was open: the optimizer runs"
              + " passes again");
    }
  }

  /**
   * Runs all passes again at the model's current parameters.
   *
   * @return the mean loss, and a copy of DJL's gradients, which must have been zero
   */
  ValueAndGradients replay(Trainer trainer, List<Trainable> parameters) {
    double loss =
        again(
            pass -> RecordedLosses.number(backward(trainer, pass.data(), pass.labels())), trainer);
    return new ValueAndGradients(loss, Gradients.copied(parameters, trainer.getManager()));
  }

  /** Runs all forward passes again at the model's current parameters; returns the mean loss. */
  double loss(Trainer trainer) {
    return again(pass -> forward(trainer, pass.data(), pass.labels()), trainer);
  }

  /** Returns the mean of what each pass returns. */
  private double again(ToDoubleFunction<Pass> run, Trainer trainer) {
    requireEnded();
    double sum = 0;
    for (Pass pass : passes) {
      pass.requireOpen();
      try (NDManager scope = trainer.getManager().newSubManager()) {
        scope.tempAttachAll(pass.data(), pass.labels());
        sum += run.applyAsDouble(pass);
      }
    }
    return sum / passes.size();
  }

  /** Runs each example by itself, and calls {@code then} after each. */
  void backwardEach(Trainer trainer, Runnable then) {
    requireEnded();
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

  /** Runs a pass; returns the loss, which belongs to the manager of the predictions. */
  static NDArray backward(Trainer trainer, NDList data, NDList labels) {
    try (GradientCollector collector = collector(trainer)) {
      NDArray loss = trainer.getLoss().evaluate(labels, trainer.forward(data, labels));
      collector.backward(loss);
      return loss;
    }
  }

  private static double forward(Trainer trainer, NDList data, NDList labels) {
    return RecordedLosses.number(trainer.getLoss().evaluate(labels, trainer.forward(data, labels)));
  }

  /** Returns a collector whose passes are not recorded. */
  static GradientCollector collector(Trainer trainer) {
    return trainer instanceof GlissadeTrainer ours
        ? ours.plainCollector()
        : trainer.newGradientCollector();
  }
}
