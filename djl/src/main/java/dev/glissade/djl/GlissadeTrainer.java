package dev.glissade.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterServer;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.tree.Check;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * <p>If a step throws, parameters, state and gradients are as before it, but for gradients that are
 * refused because they are not finite.
 */
public class GlissadeTrainer extends Trainer {
  private final ModelStepper<?> stepper;
  private final ParameterStore store;
  private final Mirrors mirrors = new Mirrors();
  private final Passes passes = new Passes();
  private boolean recording = true;
  private int accumulated = 1;
  private int waiting;

  /** Is told the arrays of all parameters by their ids when the store is to update them. */
  private static final class Mirrors implements ParameterServer {
    final Map<String, List<NDArray>> arrays = new HashMap<>();

    @Override
    public void init(String parameterId, NDArray[] value) {}

    @Override
    public void update(String parameterId, NDArray[] params) {
      arrays.put(parameterId, List.of(params));
    }

    @Override
    public void update(String parameterId, NDArray[] grads, NDArray[] params) {
      update(parameterId, params);
    }

    @Override
    public void close() {}
  }

  /** A trainer of a model; the configuration is used but for its optimizer. */
  @SuppressWarnings("this-escape") // as DJL's own constructor does
  public GlissadeTrainer(Model model, TrainingConfig config, GradientTransformation<?> optimizer) {
    super(initialized(model, config), config);
    this.stepper = new ModelStepper<>(optimizer);
    this.store = new ParameterStore(getManager(), false);
    store.setParameterServer(mirrors, config.getDevices());
    stepper.parts(config.getDevices().length);
  }

  private static Model initialized(Model model, TrainingConfig config) {
    Block block = model.getBlock();
    if (block == null) {
      throw new IllegalArgumentException("the model must have a block: setBlock comes before");
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
    if (waiting > 0) {
      throw new IllegalStateException(
          "accumulate must not change while gradients are added up: %d of %d"
              .formatted(waiting, accumulated));
    }
    if (steps > 1 && stepper.optimizer().perExample()) {
      throw new IllegalArgumentException(
          "accumulate must be 1 for an optimizer of per-example gradients: " + steps);
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
   * The trained parameters, the optimizer's state and how many steps were taken; to be saved before
   * the next step. {@link SaveStateTrainingListener} does so after each epoch.
   */
  public Checkpoint checkpoint() {
    return stepper.checkpoint(trainables());
  }

  /**
   * Goes on from a checkpoint of the same optimizer. The trained parameters, which must be
   * initialized, are overwritten; those that are frozen, and statistics as of batch normalization,
   * are the model's: load that before.
   *
   * @throws CheckpointException if it is of another optimizer or of other parameters; nothing has
   *     changed then
   */
  public void resume(Checkpoint checkpoint) throws CheckpointException {
    stepper.resume(trainables(), checkpoint);
    waiting = 0;
  }

  @Override
  public void initialize(Shape... shapes) {
    Block block = getModel().getBlock();
    block.initialize(getModel().getNDManager(), getModel().getDataType(), shapes);
    block
        .getParameters()
        .values()
        .forEach(parameter -> {
          for (Device device : getDevices()) {
            store.getValue(parameter, device, true);
          }
        });
  }

  @Override
  public NDList forward(NDList input) {
    return timed(() -> getModel().getBlock().forward(store, input, true));
  }

  @Override
  public NDList forward(NDList data, NDList labels) {
    if (recording) {
      passes.add(data, labels);
    }
    return timed(() -> getModel().getBlock().forward(store, data, labels, null));
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
    return getModel().getBlock().forward(store, input, false, null);
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
   *     again is given, provided that these were made by {@code forward(data, labels)}
   */
  public void step(Extras extras) {
    long begin = System.nanoTime();
    if (waiting + 1 < accumulated) {
      waiting++;
      passes.clear();
      return;
    }
    List<Trainable> trainables = trainables();
    if (stepper.optimizer().perExample()) {
      stepEachExample(trainables, extras);
    } else {
      stepTogether(trainables, extras);
    }
    waiting = 0;
    passes.clear();
    addMetric("step", begin);
    addEstimates();
  }

  private List<Trainable> trainables() {
    mirrors.arrays.clear();
    store.updateAllParameters();
    return Trainable.of(getModel().getBlock(), parameter -> mirrors.arrays.get(parameter.getId()));
  }

  private void stepTogether(List<Trainable> trainables, Extras extras) {
    ParameterTree parameters = stepper.parameters(trainables);
    try (Gradients gradients = new Gradients(trainables, getManager())) {
      Extras more =
          extras.has("grad_fn")
              ? extras
              : extras.withGradientFunction(again(trainables, parameters, gradients));
      recording = false;
      stepper.step(parameters, gradients, more);
    } finally {
      recording = true;
    }
  }

  private GradientFunction again(
      List<Trainable> trainables, ParameterTree parameters, Gradients gradients) {
    if (accumulated > 1) {
      return PassesAgain.missing("there are none with accumulate: " + accumulated);
    }
    return passes.isEmpty()
        ? PassesAgain.missing("forward(data, labels) must come before step")
        : new PassesAgain(this, passes, trainables, parameters, gradients, stepper.parts());
  }

  private void stepEachExample(List<Trainable> trainables, Extras extras) {
    if (passes.isEmpty()) {
      throw new IllegalStateException(
          "an optimizer of per-example gradients needs forward(data, labels) before step");
    }
    ParameterTree parameters = stepper.parameters(trainables);
    recording = false;
    try {
      stepper.step(parameters, ExampleGradients.of(this, passes, trainables), extras);
    } finally {
      recording = true;
    }
  }

  private void addEstimates() {
    Metrics metrics = getMetrics();
    if (metrics != null) {
      stepper.estimates().forEach(metrics::addMetric);
    }
  }

  /** Brings the model's own parameters up to date and ends the training. */
  @Override
  public void close() {
    store.sync();
    super.close();
  }
}
