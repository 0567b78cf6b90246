package dev.glissade.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.host.MissingExtras;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.ParameterTree;
import dev.glissade.transform.WeightLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Glissade optimizer for DJL's training configuration: {@code
 * config.optOptimizer(GlissadeOptimizer.of(model.getBlock(), Contrib.prodigy()))}.
 *
 * <p>DJL passes parameters one by one, in any order, but the estimates of an optimizer such as
 * Prodigy need the whole model. So the first call of a step steps all parameters of the block that
 * are not frozen, with the gradients that DJL keeps for them, and sets these to zero; the other
 * calls of that step do nothing. Several devices, SAM in opaque mode and per-example gradients need
 * {@link GlissadeTrainer} instead.
 */
public final class GlissadeOptimizer extends Optimizer {
  private static final String INSTEAD = "use GlissadeTrainer in place of GlissadeOptimizer";

  private static final MissingExtras MISSING =
      new MissingExtras(INSTEAD, INSTEAD, INSTEAD, INSTEAD);

  private final Block block;
  private final ModelStepper<?> stepper;

  /** The ids of this step's parameters that DJL has yet to pass. */
  private final Set<String> waiting = new HashSet<>();

  private @Nullable Device device;

  /** DJL requires a builder; we do not use its options. */
  private static final class Options extends OptimizerBuilder<Options> {
    @Override
    protected Options self() {
      return this;
    }
  }

  private GlissadeOptimizer(Block block, GradientTransformation<?> optimizer) {
    super(new Options());
    this.block = block;
    this.stepper = ModelStepper.of(optimizer, WeightLayout.OUT_IN);
    stepper.missing(MISSING);
  }

  /**
   * Returns an optimizer for one model.
   *
   * @param block the model's block, initialized or not
   * @param optimizer an optimizer of mean gradients
   * @return the optimizer for {@code TrainingConfig.optOptimizer}
   * @throws IllegalArgumentException if the optimizer takes per-example gradients
   */
  public static GlissadeOptimizer of(Block block, GradientTransformation<?> optimizer) {
    Objects.requireNonNull(block, "block must not be null");
    Objects.requireNonNull(optimizer, "optimizer must not be null");
    if (optimizer.perExample()) {
      throw new IllegalArgumentException(
          "optimizer must take mean gradients, but takes per-example ones: use GlissadeTrainer");
    }
    return new GlissadeOptimizer(block, optimizer);
  }

  /**
   * Sets how many threads work on large parameters; see {@link dev.glissade.Stepper#threads}.
   *
   * @param threads the number of threads, at least 1
   * @return this
   */
  public GlissadeOptimizer threads(int threads) {
    stepper.threads(threads);
    return this;
  }

  /**
   * Sets what to do with gradients that are not finite; see {@link dev.glissade.Stepper#nonFinite}.
   *
   * @param policy the policy, by default {@link NonFinite#ALLOW}
   * @return this
   */
  public GlissadeOptimizer nonFinite(NonFinite policy) {
    stepper.nonFinite(policy);
    return this;
  }

  /**
   * Returns what the optimizer has learned so far.
   *
   * @return by name: "d" of Prodigy and D-Adaptation, "s" of Mechanic, and "skipped", the number of
   *     skipped steps, as far as the optimizer has them
   */
  public Map<String, Double> estimates() {
    return stepper.estimates();
  }

  @Override
  public void update(String parameterId, NDArray weight, NDArray grad) {
    requireOneDevice(weight.getDevice());
    if (waiting.remove(parameterId)) {
      return;
    }
    requireBlockOf(parameterId);
    Set<String> ids = new HashSet<>();
    List<Trainable> trainables =
        Trainable.of(
            block,
            (path, parameter) -> {
              ids.add(parameter.getId());
              if (parameter.getId().equals(parameterId)) {
                requireOwn(path, parameter, weight);
              }
              return parameter.isInitialized() ? List.of(parameter.getArray()) : null;
            });
    ids.remove(parameterId);
    ParameterTree parameters = stepper.parameters(trainables);
    try (Gradients gradients = new Gradients(trainables, weight.getManager())) {
      stepper.step(parameters, gradients, Extras.NONE);
    }
    waiting.clear();
    waiting.addAll(ids);
  }

  private void requireBlockOf(String parameterId) {
    if (block.getParameters().values().stream().noneMatch(p -> p.getId().equals(parameterId))) {
      throw new IllegalArgumentException(
          "GlissadeOptimizer must have the block that is trained, but had one without the"
              + " parameter of id "
              + parameterId
              + ": pass the model's block to GlissadeOptimizer.of");
    }
  }

  @SuppressWarnings("ReferenceEquality") // arrays of equal numbers are not the same array
  private static void requireOwn(String path, Parameter parameter, NDArray weight) {
    if (!parameter.isInitialized() || parameter.getArray() != weight) {
      throw new IllegalStateException(
          "parameter \"%s\" must have the array that the passes used, but had another one: call"
                  .formatted(path)
              + " Model.load before newTrainer");
    }
  }

  private void requireOneDevice(Device of) {
    if (device == null) {
      device = of;
    } else if (!device.equals(of)) {
      throw new IllegalStateException(
          "GlissadeOptimizer must have one device, but had %s and %s: use GlissadeTrainer"
              .formatted(device, of));
    }
  }
}
