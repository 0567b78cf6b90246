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
import dev.glissade.privacy.PrivateTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Differentially private training of a DJL model. Each batch is drawn by Poisson sampling from a
 * data set; its examples go through the model one at a time, and their clipped gradients are added
 * up, so that a batch of any size takes the memory of one example; one noise is drawn for the
 * batch. The trainer gives the model's passes and the loss; its optimizer is not used.
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

  /** One example, as DJL's data sets are asked for it. */
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
   * Training of the trainer's model, whose parameters must be initialized.
   *
   * @param trainer on one device
   * @param examples all of them, a number that is taken as public
   * @param training makes the training of the parameters that it is given: its optimizer, sampling,
   *     clipping, noise and budget
   * @throws IllegalArgumentException if the model keeps running statistics of its data, as batch
   *     normalization does: no noise would be added to them
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

  /** Takes a step; false, and nothing is done, if that would exceed the budget. */
  public boolean step() {
    List<Trainable> now = trainables(trainer);
    if (!parameters.isOf(now)) {
      throw new IllegalStateException(
          "the trained parameters must stay %s, in the same memory, but were %s"
              .formatted(paths(trainables), paths(now)));
    }
    try {
      if (!training.step((at, example) -> gradient(example))) {
        return false;
      }
    } finally {
      if (gradients != null) {
        release();
        // The last example's, neither clipped nor with noise: nobody may step with them.
        ExampleGradients.clear(trainables, trainer);
      }
    }
    parameters.assign(training.params());
    return true;
  }

  private static List<String> paths(List<Trainable> trainables) {
    return trainables.stream().map(Trainable::path).toList();
  }

  /** DJL's gradients after one example's pass; they are there until the next one. */
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
      throw new IllegalStateException("example %d can't be read".formatted(example), e);
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

  /** The training itself: how many steps are left, what may be stated of those taken. */
  public PrivateTraining training() {
    return training;
  }
}
