package dev.glissade.arena.train;

import dev.glissade.DType;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Task;
import dev.glissade.models.Activation;
import dev.glissade.models.Mlp;
import dev.glissade.records.Check;
import java.util.List;

/**
 * The settings of training, shared by all optimizers.
 *
 * @param hidden sizes of the hidden layers; empty for softmax regression
 * @param epochs the number of passes over the train part
 * @param batch the largest number of examples in a minibatch; the minibatches of an epoch differ by
 *     at most one example, so that no small last one adds noise; {@link #ALL} for a single
 *     minibatch of all examples, whatever their number
 * @param schedule the schedule of all learning rates
 * @param nonFinite what to do if a loss or gradients are not finite
 * @param fit what else a model's training has
 */
public record Plan(
    List<Integer> hidden,
    int epochs,
    int batch,
    RateSchedule schedule,
    NonFiniteHandling nonFinite,
    Fit fit) {
  /** The batch size of all examples. */
  public static final int ALL = Integer.MAX_VALUE;

  public Plan {
    hidden = List.copyOf(hidden);
    hidden.forEach(size -> Check.atLeast("--hidden", 1, size));
    Check.atLeast("--epochs", 1, epochs);
    Check.atLeast("--batch", 1, batch);
  }

  /**
   * What is seldom changed.
   *
   * @param activation the function after each hidden layer
   * @param loss the loss of regression
   * @param patience ends a run after this many epochs without a better one on the validation part;
   *     0 for never
   * @param linearIfSmall whether regression uses a linear model where one with hidden layers would
   *     have more parameters than there are train examples
   * @param l2 the factor of the sum of the squares of all weights, which the loss includes
   */
  public record Fit(
      Activation activation, RegressionLoss loss, int patience, boolean linearIfSmall, double l2) {
    /** ReLU, squared loss, all epochs and no penalty. */
    public static final Fit USUAL = new Fit(Activation.RELU, RegressionLoss.SQUARED, 0, false, 0);

    /** Checks the patience and the factor. */
    public Fit {
      Check.atLeast("--patience", 0, patience);
      Check.notNegative("--l2", l2);
    }
  }

  /** Makes a plan with ReLU, squared loss and all epochs. */
  public Plan(
      List<Integer> hidden,
      int epochs,
      int batch,
      RateSchedule schedule,
      NonFiniteHandling nonFinite) {
    this(hidden, epochs, batch, schedule, nonFinite, Fit.USUAL);
  }

  /** Makes a plan whose runs end at the first loss that is not finite. */
  public Plan(List<Integer> hidden, int epochs, int batch, RateSchedule schedule) {
    this(hidden, epochs, batch, schedule, NonFiniteHandling.STOP);
  }

  /** Returns the same plan with this many epochs. */
  Plan epochs(int epochs) {
    return new Plan(hidden, epochs, batch, schedule, nonFinite, fit);
  }

  /** Returns a new model for a train part. */
  public Mlp model(Dataset data) {
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
    Mlp model = new Mlp(data.features(), hidden, data.outputs(), fit.activation(), DType.FLOAT32);
    boolean linear =
        fit.linearIfSmall()
            && data.task() == Task.REGRESSION
            && model.structure().size() > data.size();
    return linear ? model.hidden(List.of()) : model;
  }

  /** Returns the size of a minibatch: that of the data for {@link #ALL}. */
  public int batch(Dataset train) {
    return batch == ALL ? train.size() : batch;
  }

  /**
   * Refuses minibatches that fit into no array, and a penalty where it would be clipped.
   *
   * @param perExample whether each example has gradients of its own
   */
  void check(Dataset train, boolean perExample) {
    if (fit.l2() != 0 && perExample) {
      throw new IllegalArgumentException(
          "--l2 must be 0 where the gradient of each example is clipped, but was " + fit.l2());
    }
    Mlp model = model(train);
    long widest = Math.max(model.inputs(), model.outputs());
    for (int size : model.hidden()) {
      widest = Math.max(widest, size);
    }
    if (perExample) {
      widest = Math.max(widest, model.structure().size());
    }
    long examples = Math.min(batch, train.size());
    if (examples * widest > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "--batch must be at most %d for %s%s, but was %s"
              .formatted(
                  Integer.MAX_VALUE / widest,
                  model,
                  perExample ? " with gradients of each example" : "",
                  batch == ALL ? "all of " + train.size() : batch));
    }
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
