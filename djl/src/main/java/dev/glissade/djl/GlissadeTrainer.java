package dev.glissade.djl;

import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.records.Check;
import java.util.List;
import java.util.function.Supplier;

/**
 * DJL's trainer with an optimizer of ours in place of the configuration's, which is not used:
 * {@code new GlissadeTrainer(model, config, Contrib.prodigy())} where {@code
 * model.newTrainer(config)} was. {@code EasyTrain.fit} and loops of one's own go on as they are.
 *
 * <p>{@link #step} takes one step on all parameters that are not frozen, in their own memory on the
 * CPU and on copies elsewhere, and sets the gradients to zero. Gradients of several devices are
 * averaged, and the first device's parameters are copied to the others. A parameter that is frozen,
 * thawed or added between two steps changes nothing for the others: they keep their state, and it
 * begins with a new one. A parameter whose gradient was never computed has a gradient of zeros.
 *
 * <p>Where the optimizer asks for more gradients (SAM in opaque mode) or for those of single
 * examples (DP-SGD), the passes since the last step are run again.
 *
 * <p>If a step throws, parameters and state are as before it, and so are gradients, so that it may
 * be tried again; the next {@link #newGradientCollector} sets them to zero. Gradients that are
 * refused because they are not finite are zeros at once; those of an optimizer of per-example
 * gradients, which does not use DJL's, may be.
 */
public class GlissadeTrainer extends Trainer {
  private static final String NO_PASSES =
      "call forward(data, labels) before step, within a collector of the trainer's"
          + " newGradientCollector";

  private final ModelStepper<?> stepper;
  private final DeviceParameters deviceParameters;
  private final RecordedPasses passes = new RecordedPasses();
  private final ExampleGradients examples = new ExampleGradients();
  private int accumulated = 1;
  private int callsSinceStep;

  /** Whether the last step threw: its passes and gradients are there to try again. */
  private boolean failed;

  /** A trainer of a model; the configuration is used but for its optimizer. */
  @SuppressWarnings("this-escape") // as DJL's own constructor does
  public GlissadeTrainer(Model model, TrainingConfig config, GradientTransformation<?> optimizer) {
    super(initialized(model, config), config);
    this.stepper = new ModelStepper<>(optimizer);
    this.deviceParameters = new DeviceParameters(getManager(), config.getDevices());
    stepper.parts(config.getDevices().length);
  }

  private static Model initialized(Model model, TrainingConfig config) {
    Block block = model.getBlock();
    if (block == null) {
      throw new IllegalArgumentException("the model must have a block: call setBlock first");
    }
    config.getInitializers().forEach(pair -> block.setInitializer(pair.getKey(), pair.getValue()));
    return model;
  }

  /**
   * Adds up the gradients of so many calls of {@link #step} and takes a step on their mean with the
   * last; by default 1.
   *
   * @return this
   */
  public GlissadeTrainer accumulate(int steps) {
    if (callsSinceStep > 0) {
      throw new IllegalStateException(
          "accumulate must be set right after a step, but was set after call %d of %d"
              .formatted(callsSinceStep, accumulated));
    }
    if (steps > 1 && stepper.optimizer().perExample()) {
      throw new IllegalArgumentException(
          "accumulate must be 1 for an optimizer of per-example gradients, but was " + steps);
    }
    accumulated = Check.atLeast("accumulate", 1, steps);
    stepper.parts(accumulated * getDevices().length);
    return this;
  }

  /**
   * Lets so many threads work on large parameters; see {@link dev.glissade.Stepper#threads}.
   *
   * @return this
   */
  public GlissadeTrainer threads(int threads) {
    stepper.threads(threads);
    return this;
  }

  /**
   * Says what to do with gradients that are not finite; see {@link dev.glissade.Stepper#nonFinite}.
   * Gradients that are refused are set to zero.
   *
   * @return this
   */
  public GlissadeTrainer nonFinite(NonFinite policy) {
    stepper.nonFinite(policy);
    return this;
  }

  /**
   * The trained parameters, the optimizer's state and how many steps were taken; with {@link
   * #accumulate}, the gradients added up since the last step too. To be saved before the next step.
   * {@link SaveStateTrainingListener} does so after each epoch.
   */
  public Checkpoint checkpoint() {
    List<Trainable> trainables = trainables();
    return new TrainerState(stepper.skipped(), accumulated, callsSinceStep)
        .addTo(stepper.checkpoint(trainables), () -> Gradients.copied(trainables, getManager()));
  }

  /**
   * Goes on from a checkpoint of the same optimizer. The trained parameters, which must be
   * initialized, are overwritten; those that are frozen, and statistics as of batch normalization,
   * are the model's: load that before. Gradients of passes before are dropped.
   *
   * @throws CheckpointException if it is of another optimizer or of other parameters; nothing has
   *     changed then
   * @throws IllegalArgumentException if it has gradients added up for another {@link #accumulate};
   *     nothing has changed then
   */
  public void resume(Checkpoint checkpoint) throws CheckpointException {
    List<Trainable> trainables = trainables();
    TrainerState saved = TrainerState.of(checkpoint);
    Tree sums;
    try (Gradients gradients = new Gradients(trainables, getManager())) {
      sums = saved.gradients(checkpoint, accumulated, gradients.tree());
      stepper.resume(trainables, checkpoint, saved.skipped());
      gradients.clear();
    }
    forget();
    if (sums != null) {
      Gradients.begin(trainables, sums, this);
      callsSinceStep = saved.waiting();
    }
  }

  @Override
  public void initialize(Shape... shapes) {
    Block block = getModel().getBlock();
    block.initialize(getModel().getNDManager(), getModel().getDataType(), shapes);
    deviceParameters.begin(block);
  }

  /** {@inheritDoc} After a step that threw, gradients are set to zero first. */
  @Override
  public GradientCollector newGradientCollector() {
    if (failed) {
      zeroGradients();
    }
    return passes.recording(plainCollector(), this::forget);
  }

  /** One whose passes are not kept. */
  GradientCollector plainCollector() {
    return super.newGradientCollector();
  }

  /** Drops the passes since the last step: their gradients are set to zero. */
  public void zeroGradients() {
    ExampleGradients.clear(trainables(), this);
    forget();
  }

  private void forget() {
    passes.clear();
    callsSinceStep = 0;
    failed = false;
  }

  @Override
  public NDList forward(NDList input) {
    return timed(() -> getModel().getBlock().forward(deviceParameters.store(), input, true));
  }

  @Override
  public NDList forward(NDList data, NDList labels) {
    passes.add(data, labels);
    return timed(() -> getModel().getBlock().forward(deviceParameters.store(), data, labels, null));
  }

  private NDList timed(Supplier<NDList> forward) {
    long begin = System.nanoTime();
    try {
      return forward.get();
    } finally {
      addMetric("forward", begin);
    }
  }

  @Override
  public NDList evaluate(NDList input) {
    return getModel().getBlock().forward(deviceParameters.store(), input, false, null);
  }

  /** Takes a step, or with {@link #accumulate} the last of its calls does. */
  @Override
  public void step() {
    step(Extras.NONE);
  }

  /**
   * Takes a step with extra arguments.
   *
   * @param extras if they hold no gradient function, one that runs the passes since the last step
   *     again is given, provided that these were made by {@code forward(data, labels)} of this
   *     trainer in a collector of its {@link #newGradientCollector}; with {@link #accumulate} those
   *     of the last call are used
   */
  public void step(Extras extras) {
    long begin = System.nanoTime();
    if (callsSinceStep + 1 < accumulated) {
      callsSinceStep++;
      passes.clear();
      return;
    }
    List<Trainable> trainables = trainables();
    ParameterTree parameters = stepper.parameters(trainables);
    failed = true;
    try {
      if (stepper.optimizer().perExample()) {
        stepEachExample(trainables, parameters, extras);
      } else {
        stepTogether(trainables, parameters, extras);
      }
    } catch (NonFiniteException e) {
      forget(); // the gradients are zeros
      throw e;
    }
    forget();
    addMetric("step", begin);
    addMetrics();
  }

  private List<Trainable> trainables() {
    return deviceParameters.trainables(getModel().getBlock());
  }

  private void stepTogether(List<Trainable> trainables, ParameterTree parameters, Extras extras) {
    try (Gradients gradients = new Gradients(trainables, getManager())) {
      Extras more =
          extras.has("grad_fn")
              ? extras
              : extras.withGradientFunction(replayed(trainables, parameters, gradients));
      stepper.step(parameters, gradients, more);
    }
  }

  private GradientFunction replayed(
      List<Trainable> trainables, ParameterTree parameters, Gradients gradients) {
    if (accumulated > 1) {
      return ReplayedGradients.missing("accumulate must be 1 for that, but was " + accumulated);
    }
    return passes.isEmpty()
        ? ReplayedGradients.missing(NO_PASSES)
        : new ReplayedGradients(
            parameters, gradients, () -> stepper.mean(passes.replay(this, trainables)));
  }

  private void stepEachExample(
      List<Trainable> trainables, ParameterTree parameters, Extras extras) {
    if (passes.isEmpty()) {
      throw new IllegalStateException(
          "an optimizer of per-example gradients must have passes to run again: " + NO_PASSES);
    }
    stepper.step(parameters, examples.of(this, passes, trainables), extras);
  }

  private void addMetrics() {
    Metrics metrics = getMetrics();
    if (metrics != null) {
      stepper.estimates().forEach(metrics::addMetric);
    }
  }

  /** Brings the model's own parameters up to date and ends the training. */
  @Override
  public void close() {
    deviceParameters.store().sync();
    super.close();
  }
}
