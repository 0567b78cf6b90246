package dev.glissade.arena.train;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.model.Model;
import dev.glissade.records.Check;
import java.util.List;

/**
 * The settings of training, shared by all optimizers.
 *
 * @param hidden sizes of the hidden layers; empty for softmax regression
 * @param epochs the number of passes over the train part
 * @param batch the largest number of examples in a minibatch; the minibatches of an epoch differ by
 *     at most one example, so that no small last one adds noise
 * @param schedule the schedule of all learning rates
 * @param nonFinite what to do if a loss or gradients are not finite
 */
public record Plan(
    List<Integer> hidden,
    int epochs,
    int batch,
    RateSchedule schedule,
    NonFiniteHandling nonFinite) {
  public Plan {
    hidden = List.copyOf(hidden);
    hidden.forEach(size -> Check.atLeast("--hidden", 1, size));
    Check.atLeast("--epochs", 1, epochs);
    Check.atLeast("--batch", 1, batch);
  }

  /** Makes a plan whose runs end at the first loss that is not finite. */
  public Plan(List<Integer> hidden, int epochs, int batch, RateSchedule schedule) {
    this(hidden, epochs, batch, schedule, NonFiniteHandling.STOP);
  }

  /** Returns a new model for the data. */
  public Model model(Dataset data) {
    Check.that(
        data.task() == Task.CLASSES, "--task must be classes for the models so far", data.task());
    long inputs = data.features();
    for (int size : hidden) {
      Check.that(
          inputs * size <= Integer.MAX_VALUE,
          "--hidden must give layers of fewer than 2^31 weights",
          hidden);
      inputs = size;
    }
    Check.that(
        inputs * data.outputs() <= Integer.MAX_VALUE,
        "--hidden must give layers of fewer than 2^31 weights",
        hidden);
    return Model.mlp(data.features(), hidden, data.outputs());
  }

  /** Returns the number of minibatches of an epoch. */
  int batches(Dataset train) {
    return (int) ((train.size() + (long) batch - 1) / batch);
  }

  /** Returns where minibatch i of an epoch begins and minibatch i - 1 ends. */
  int edge(int i, Dataset train) {
    return (int) ((long) i * train.size() / batches(train));
  }

  /** Returns the number of minibatches of a run, which are the optimizer's steps. */
  int steps(Dataset train) {
    long steps = (long) batches(train) * epochs;
    if (steps > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "--epochs times minibatches must be at most 2^31 - 1, but was %d x %d"
              .formatted(epochs, batches(train)));
    }
    return (int) steps;
  }
}
