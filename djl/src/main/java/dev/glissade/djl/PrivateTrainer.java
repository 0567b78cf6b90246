package dev.glissade.djl;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.TranslateException;
import dev.glissade.Tree;
import dev.glissade.host.ParameterTree;
import dev.glissade.privacy.PrivateTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Differentially private training of a DJL model. It draws each batch from a data set by Poisson
 * sampling, runs its examples through the model one at a time, adds up their clipped gradients, and
 * adds noise once per batch, so that a batch of any size takes the memory of one example. The
 * trainer provides the model's passes and the loss; its optimizer is ignored. Between two steps the
 * model has the parameters to evaluate ({@link PrivateTraining#evalParams}).
 *
 * <pre>
 * PrivateTrainer training =
 *     PrivateTrainer.of(
 *         trainer,
 *         examples,
 *         params -&gt;
 *             PrivateTraining.of(
 *                     Optimizers.sgd(0.5), params, n, 64.0 / n, new Clipping.Flat(0.5), 1.98)
 *                 .budget(3, 1e-5));
 * while (training.step()) {}
 * </pre>
 */
public final class PrivateTrainer {
  private final Trainer trainer;
  private final RandomAccessDataset examples;
  private final List<Trainable> trainables;
  private final ParameterTree parameters;
  private final PrivateTraining training;
  private @Nullable Gradients gradients;

  /** Asks a DJL data set for one example. */
  private record SingleExample(long example) implements Sampler {
    @Override
    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
      return List.of(List.of(example)).iterator();
    }

    @Override
    public int getBatchSize() {
      return 1;
    }
  }

  private PrivateTrainer(
      Trainer trainer,
      RandomAccessDataset examples,
      List<Trainable> trainables,
      Function<Tree, PrivateTraining> training) {
    this.trainer = trainer;
    this.examples = examples;
    this.trainables = trainables;
    this.parameters = ParameterTree.of(trainables);
    this.training = training.apply(parameters.tree());
    if (!this.training.params().structure().equals(parameters.tree().structure())) {
      throw new IllegalArgumentException(
          "the training must have the parameters that the function was given, but had "
              + this.training.params().structure());
    }
  }

  /**
   * Returns a private trainer of the trainer's model, whose parameters must be initialized.
   *
   * @param trainer a trainer with one device
   * @param examples the data set; its size is taken as public
   * @param training creates the training for the parameters it is given, with an optimizer,
   *     sampling, clipping, noise and budget
   * @return the private training
   * @throws IllegalArgumentException if the model keeps running statistics of its data, as batch
   *     normalization does, since these would get no noise
   */
  public static PrivateTrainer of(
      Trainer trainer, RandomAccessDataset examples, Function<Tree, PrivateTraining> training) {
    if (trainer.getDevices().length != 1) {
      throw new IllegalArgumentException(
          "private training must have one device, but had " + trainer.getDevices().length);
    }
    Block block = trainer.getModel().getBlock();
    block.getParameters().forEach(named -> requireNoStatistic(named.getKey(), named.getValue()));
    return new PrivateTrainer(trainer, examples, trainables(trainer), training);
  }

  private static List<Trainable> trainables(Trainer trainer) {
    return Trainable.of(
        trainer.getModel().getBlock(),
        (path, p) -> p.isInitialized() ? List.of(p.getArray()) : null);
  }

  private static void requireNoStatistic(String path, Parameter parameter) {
    if (parameter.getType() == Parameter.Type.RUNNING_MEAN
        || parameter.getType() == Parameter.Type.RUNNING_VAR) {
      throw new IllegalArgumentException(
          "the model must not keep statistics of its data, since they get no noise, but parameter"
              + " \"%s\" was a %s".formatted(path, parameter.getType()));
    }
  }

  /**
   * Takes a step, unless that would exceed the budget.
   *
   * @return false if the step would exceed the budget; then nothing has changed
   * @throws IllegalStateException if the trained parameters or their arrays have changed
   */
  public boolean step() {
    List<Trainable> now = trainables(trainer);
    if (!parameters.isOf(now)) {
      throw new IllegalStateException(
          "the trained parameters must stay %s, in the same memory, but were %s"
              .formatted(paths(trainables), paths(now)));
    }
    parameters.assign(training.params());
    try {
      return training.step((at, example) -> gradient(example));
    } finally {
      if (gradients != null) {
        release();
        // These are the last example's gradients, without clipping and noise: clear them, so that
        // nobody steps with them.
        ExampleGradients.clear(trainables, trainer);
      }
      parameters.assign(training.evalParams());
    }
  }

  private static List<String> paths(List<Trainable> trainables) {
    return trainables.stream().map(Trainable::path).toList();
  }

  /** Returns DJL's gradients of one example, which are valid until the next call. */
  private Tree gradient(int example) {
    if (example >= examples.size()) {
      throw new IllegalArgumentException(
          "the training must draw from the %d examples of the data set, but drew number %d"
              .formatted(examples.size(), example));
    }
    release();
    ExampleGradients.clear(trainables, trainer);
    try (NDManager scope = trainer.getManager().newSubManager()) {
      for (Batch batch : examples.getData(scope, new SingleExample(example))) {
        RecordedPasses.backward(trainer, batch.getData(), batch.getLabels());
        batch.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslateException e) {
      throw new IllegalStateException("can't read example " + example, e);
    }
    Gradients made = new Gradients(trainables, trainer.getManager());
    gradients = made;
    return made.tree();
  }

  private void release() {
    if (gradients != null) {
      gradients.close();
      gradients = null;
    }
  }

  /** {@return the training, which knows the steps left and the guarantee of those taken} */
  public PrivateTraining training() {
    return training;
  }
}
