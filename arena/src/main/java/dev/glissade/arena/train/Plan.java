package dev.glissade.arena.train;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.model.Model;
import dev.glissade.records.Check;
import java.util.List;

/**
 * How each optimizer trains.
 *
 * @param hidden sizes of the hidden layers; without any it is softmax regression
 * @param epochs how often each example is seen
 * @param batch examples of a minibatch at most; those of an epoch differ by one example at most, so
 *     that no last small one adds its noise
 * @param schedule of all learning rates
 * @param nonFinite what a loss or gradients that are not finite do
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

  /** A plan of which a run ends at the first loss that is not finite. */
  public Plan(List<Integer> hidden, int epochs, int batch, RateSchedule schedule) {
    this(hidden, epochs, batch, schedule, NonFiniteHandling.STOP);
  }

  /** A model for such data, with workspaces of its own. */
  public Model model(Dataset data) {
    long inputs = data.features();
    for (int size : hidden) {
      Check.that(
          inputs * size <= Integer.MAX_VALUE,
          "--hidden must make layers of less than 2^31 weights",
          hidden);
      inputs = size;
    }
    Check.that(
        inputs * data.classes() <= Integer.MAX_VALUE,
        "--hidden must make layers of less than 2^31 weights",
        hidden);
    return Model.mlp(data.features(), hidden, data.classes());
  }

  /** The minibatches of an epoch. */
  int batches(Dataset train) {
    return (int) ((train.size() + (long) batch - 1) / batch);
  }

  /** Where minibatch i of an epoch begins, and the one before ends. */
  int edge(int i, Dataset train) {
    return (int) ((long) i * train.size() / batches(train));
  }

  /** The minibatches of a whole run, which are the optimizer's steps. */
  int steps(Dataset train) {
    long steps = (long) batches(train) * epochs;
    if (steps > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "epochs times minibatches must be at most 2^31 - 1, but was %d x %d"
              .formatted(epochs, batches(train)));
    }
    return (int) steps;
  }
}
