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
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.host.Accumulation;
import dev.glissade.host.MissingExtras;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.ReplayedLoss;
import dev.glissade.host.TrainerState;
import dev.glissade.transform.WeightLayout;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * DJL's trainer with a Glissade optimizer: {@code new GlissadeTrainer(model, config,
 * Contrib.prodigy())} replaces {@code model.newTrainer(config)} and ignores the configuration's
 * optimizer. {@code EasyTrain.fit} and your own loops work unchanged.
 *
 * <p>{@link #step} steps all parameters that are not frozen, in their own memory on the CPU and on
 * copies elsewhere, and sets the gradients to zero. It averages the gradients of several devices,
 * and copies the first device's parameters to the others. If you freeze, thaw or add a parameter
 * between two steps, the other parameters keep their state and this one starts with a new state. A
 * parameter whose gradient was never computed has a zero gradient.
 *
 * <p>Some optimizers step other parameters than those to evaluate and to save ({@link
 * GradientTransformation#evalParams}): Schedule-Free, lookahead, averages, and SAM while it climbs.
 * The model then has those to evaluate from {@link #evaluate}, the end of an epoch, {@link
 * #showEvalParams} or {@link #close} on, until training goes on; other changes of the model's
 * parameters in that time are lost. While a gradient collector is open, the model keeps the stepped
 * ones.
 *
 * <p>If the optimizer asks for more gradients (SAM in opaque mode), for losses along a line (L-BFGS
 * and other line searches) or for per-example gradients (DP-SGD), the trainer runs the passes since
 * the last step again, and works on a copy of the gradients, whose memory it keeps.
 *
 * <p>If a step throws, parameters, state and gradients stay as they were, so you can try again; the
 * next {@link #newGradientCollector} sets the gradients to zero. Gradients refused as not finite
 * are set to zero at once. An optimizer of per-example gradients does not use DJL's gradients, so
 * these may be zero after a step that throws.
 */
public class GlissadeTrainer extends Trainer {
  private static final String NO_PASSES =
      "call forward(data, labels) before step, within a collector of the trainer's"
          + " newGradientCollector";

  private static final MissingExtras MISSING =
      new MissingExtras(
          "run the backward pass in a collector of the trainer's newGradientCollector, or call"
              + " step(Extras.NONE.withValue(...))",
          "an optimizer of per-example gradients gets those at the model's parameters only",
          "an optimizer of per-example gradients gets gradients at the model's parameters only",
          "call step(Extras.NONE.%s)");

  private final ModelStepper<?> stepper;
  private final DeviceParameters deviceParameters;
  private final RecordedPasses passes = new RecordedPasses();
  private final Accumulation accumulation = new Accumulation();
  private final RecordedLosses losses = new RecordedLosses(accumulation);
  private final ExampleGradients examples = new ExampleGradients();

  /** Whether the last step threw, so that its passes and gradients remain for another try. */
  private boolean failed;

  /**
   * Creates a trainer.
   *
   * @param model the model, which must have a block
   * @param config the configuration; its optimizer is ignored
   * @param optimizer any optimizer
   * @throws IllegalArgumentException if the model has no block
   */
  @SuppressWarnings("this-escape") // as DJL's own constructor does
  public GlissadeTrainer(Model model, TrainingConfig config, GradientTransformation<?> optimizer) {
    super(initialized(model, config), EvalParamsListener.before(config));
    this.stepper = ModelStepper.of(optimizer, WeightLayout.OUT_IN);
    this.deviceParameters = new DeviceParameters(getManager(), config.getDevices());
    stepper.parts(config.getDevices().length);
  }

  private static Model initialized(Model model, TrainingConfig config) {
    Objects.requireNonNull(model, "model must not be null");
    Objects.requireNonNull(config, "config must not be null");
    Block block = model.getBlock();
    if (block == null) {
      throw new IllegalArgumentException("the model must have a block: call setBlock first");
    }
    config.getInitializers().forEach(pair -> block.setInitializer(pair.getKey(), pair.getValue()));
    return model;
  }

  /**
   * Accumulates gradients over several calls of {@link #step}, of which the last takes a step on
   * their mean.
   *
   * @param steps the number of calls, at least 1; by default 1; only 1 for an optimizer of
   *     per-example gradients
   * @return this
   * @throws IllegalStateException if gradients have been accumulated since the last step
   */
  public GlissadeTrainer accumulate(int steps) {
    accumulation.calls(steps, stepper.optimizer());
    stepper.parts(steps * getDevices().length);
    return this;
  }

  /**
   * Sets how many threads work on large parameters; see {@link dev.glissade.Stepper#threads}.
   *
   * @param threads the number of threads, at least 1
   * @return this
   */
  public GlissadeTrainer threads(int threads) {
    stepper.threads(threads);
    return this;
  }

  /**
   * Sets what to do with gradients that are not finite; see {@link dev.glissade.Stepper#nonFinite}.
   * The trainer sets refused gradients to zero.
   *
   * @param policy the policy, by default {@link NonFinite#ALLOW}
   * @return this
   */
  public GlissadeTrainer nonFinite(NonFinite policy) {
    stepper.nonFinite(policy);
    return this;
  }

  /**
   * Returns a checkpoint of the trained parameters, the optimizer's state and the number of steps;
   * with {@link #accumulate}, also of the gradients accumulated since the last step. {@link
   * SaveStateTrainingListener} saves one after each epoch.
   *
   * @return the checkpoint, with a copy of the parameters and the live state: save it before the
   *     next step
   */
  public Checkpoint checkpoint() {
    List<Trainable> trainables = trainables();
    losses.read();
    return accumulation
        .state(stepper.skipped())
        .addTo(stepper.checkpoint(trainables), () -> Gradients.copied(trainables, getManager()));
  }

  /**
   * Continues from a checkpoint of the same optimizer. Overwrites the trained parameters, which
   * must be initialized, and drops the gradients of earlier passes. Frozen parameters and
   * statistics, such as those of batch normalization, are in the model's own file: load it first.
   *
   * @param checkpoint what {@link #checkpoint} returned
   * @throws CheckpointException if the checkpoint has another optimizer or other parameters; then
   *     nothing has changed
   * @throws IllegalArgumentException if the checkpoint has gradients accumulated with another
   *     {@link #accumulate}; then nothing has changed
   */
  public void resume(Checkpoint checkpoint) throws CheckpointException {
    Objects.requireNonNull(checkpoint, "checkpoint must not be null");
    stepper.showStepped();
    List<Trainable> trainables = trainables();
    TrainerState saved = TrainerState.of(checkpoint);
    Tree sums;
    try (Gradients gradients = new Gradients(trainables, getManager())) {
      sums = saved.gradients(checkpoint, accumulation.calls(), gradients.tree());
      stepper.resume(trainables, checkpoint, saved.skipped());
      gradients.clear();
    }
    forget();
    if (sums != null) {
      Gradients.begin(trainables, sums, this);
      accumulation.resume(saved);
    }
  }

  @Override
  public void initialize(Shape... shapes) {
    stepper.showStepped();
    Block block = getModel().getBlock();
    block.initialize(getModel().getNDManager(), getModel().getDataType(), shapes);
    deviceParameters.begin(block);
  }

  /** {@inheritDoc} After a step that threw, this first sets the gradients to zero. */
  @Override
  public GradientCollector newGradientCollector() {
    if (failed) {
      zeroGradients();
    }
    return passes.recording(plainCollector(), losses, this::forget);
  }

  /** Returns a collector whose passes are not recorded. */
  GradientCollector plainCollector() {
    stepper.showStepped();
    return super.newGradientCollector();
  }

  /** Drops the passes since the last step and sets the gradients to zero. */
  public void zeroGradients() {
    ExampleGradients.clear(trainables(), this);
    forget();
  }

  private void forget() {
    passes.clear();
    losses.clear();
    accumulation.clear();
    failed = false;
  }

  @Override
  public NDList forward(NDList input) {
    stepper.showStepped();
    return timed(() -> getModel().getBlock().forward(deviceParameters.store(), input, true));
  }

  @Override
  public NDList forward(NDList data, NDList labels) {
    stepper.showStepped();
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

  /**
   * Puts the optimizer's parameters to evaluate into the model, until training goes on; see {@link
   * GradientTransformation#evalParams}. For most optimizers, and before the first step, they are
   * the model's own.
   *
   * @throws IllegalStateException if a gradient collector is open, whose passes need the model's
   *     own parameters
   */
  public void showEvalParams() {
    if (passes.isRecording()) {
      throw new IllegalStateException(
          "the gradient collector must be closed before showEvalParams, but was open");
    }
    stepper.showEvalParams();
  }

  void showEvalParamsUnlessRecording() {
    if (!passes.isRecording()) {
      stepper.showEvalParams();
    }
  }

  /** {@inheritDoc} See {@link #showEvalParams}. */
  @Override
  public NDList evaluate(NDList input) {
    showEvalParamsUnlessRecording();
    return getModel().getBlock().forward(deviceParameters.store(), input, false, null);
  }

  /**
   * Takes a step; with {@link #accumulate}, only the last of its calls does.
   *
   * @throws IllegalArgumentException if the optimizer needs an extra argument that is missing
   * @throws dev.glissade.NonFiniteException if a number is not finite and {@link #nonFinite} does
   *     not allow it
   */
  @Override
  public void step() {
    step(Extras.NONE);
  }

  /**
   * Takes a step with extra arguments.
   *
   * @param extras the arguments; if they hold no loss, the trainer adds the mean of those whose
   *     backward passes its collectors ran since the last step; if they hold no gradient function
   *     or no loss function, it adds one that runs these passes again. For that, the passes must
   *     have called this trainer's {@code forward(data, labels)} within a collector of its {@link
   *     #newGradientCollector}, and {@link #accumulate} must be 1. With accumulation, the call that
   *     steps uses its own extras
   * @throws IllegalArgumentException if the optimizer needs an extra argument that is missing
   * @throws dev.glissade.NonFiniteException if a number is not finite and {@link #nonFinite} does
   *     not allow it
   */
  public void step(Extras extras) {
    Objects.requireNonNull(extras, "extras must not be null");
    long begin = System.nanoTime();
    losses.read();
    if (!accumulation.isLast()) {
      accumulation.await();
      passes.clear();
      return;
    }
    stepper.showStepped();
    List<Trainable> trainables = trainables();
    ParameterTree parameters = stepper.parameters(trainables);
    failed = true;
    Extras more = accumulation.withLoss(extras);
    try {
      if (stepper.optimizer().perExample()) {
        stepEachExample(trainables, parameters, more);
      } else {
        stepTogether(trainables, parameters, more);
      }
    } catch (NonFiniteException e) {
      forget(); // the gradients are already zero
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
      stepper.step(parameters, gradients, withFunctions(extras, trainables, parameters, gradients));
    }
  }

  /** Adds functions that run the passes again, unless the caller has given either. */
  private Extras withFunctions(
      Extras extras, List<Trainable> trainables, ParameterTree parameters, Gradients gradients) {
    String why = whyNotAgain();
    String whyNoLoss = why == null ? whyNoLoss() : why;
    stepper.missing(
        new MissingExtras(
            MISSING.value(), String.valueOf(why), String.valueOf(whyNoLoss), MISSING.others()));
    if (extras.has("value_fn") || why != null) {
      return extras;
    }
    ReplayedLoss replayed =
        new ReplayedLoss(
            parameters,
            gradients,
            () -> stepper.mean(passes.replay(this, trainables)),
            () -> passes.loss(this));
    Extras more =
        extras.has("grad_fn") ? extras : extras.withGradientFunction(replayed.gradientFunction());
    return whyNoLoss == null ? more.withLossFunction(replayed) : more;
  }

  /** Returns why the passes can't run again; null if they can. */
  private @Nullable String whyNotAgain() {
    String why = accumulation.whyNotAgain();
    return why == null && passes.isEmpty() ? NO_PASSES : why;
  }

  private @Nullable String whyNoLoss() {
    int count = passes.count();
    return count == getDevices().length
        ? null
        : "a step must have one pass for each device, but had " + count;
  }

  private void stepEachExample(
      List<Trainable> trainables, ParameterTree parameters, Extras extras) {
    if (passes.isEmpty()) {
      throw new IllegalStateException(
          "an optimizer of per-example gradients must have passes to run again: " + NO_PASSES);
    }
    stepper.missing(MISSING);
    stepper.step(parameters, examples.of(this, passes, trainables, parameters.tree()), extras);
  }

  private void addMetrics() {
    Metrics metrics = getMetrics();
    if (metrics != null) {
      stepper.estimates().forEach(metrics::addMetric);
    }
  }

  /**
   * Updates the model's own parameters, to those to evaluate, and closes the trainer. To train on,
   * resume from a {@link #checkpoint}.
   */
  @Override
  public void close() {
    try {
      stepper.showEvalParams();
    } finally {
      deviceParameters.store().sync();
      super.close();
    }
  }
}
