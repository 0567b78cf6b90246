package dev.glissade.dl4j;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.ReplayedLoss;
import dev.glissade.host.TrainerState;
import dev.glissade.transform.WeightLayout;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains a network of Deeplearning4j with a Glissade optimizer: after {@code
 * GlissadeUpdater.attach(network, Contrib.prodigy())}, its {@code fit} steps the trained parameters
 * in their own memory, all at once, and ignores the updater of the configuration, which stays as it
 * is. Everything around it is DL4J's as before: division by the minibatch's size, gradient
 * normalization and clipping, L1 and L2, constraints, listeners, truncated backpropagation.
 *
 * <p>Parameters have the names of {@code network.paramTable()}, such as "0_W". Those of frozen
 * layers, the statistics of batch normalization, the centers of center loss and parameters for
 * pretraining take no part. If you freeze or thaw a layer between two steps, the other parameters
 * keep their state and those of this layer start with a new state. The network's data type may be
 * FLOAT or DOUBLE; HALF and BFLOAT16 need {@code masterWeights}. The optimizer gets weights of the
 * layout (out, in): DL4J's dense layers keep theirs by columns.
 *
 * <p>If the optimizer asks for more gradients (SAM in opaque mode), for losses along a line (L-BFGS
 * and other line searches) or for per-example gradients (DP-SGD), a step runs the minibatch's
 * passes again.
 *
 * <p>If a step throws, {@code fit} throws, and parameters, statistics and the optimizer's state are
 * as before the step. A step that is skipped changes no statistics either.
 *
 * <p>An updater is one network's and not in its file: {@code ModelSerializer} saves the network,
 * and a {@link #checkpoint} the optimizer's state. While it is attached, {@code clone()}, {@code
 * convertDataType}, {@code setLearningRate}, {@code toComputationGraph}, ParallelWrapper and Spark
 * throw, since DL4J would go on with the updater of the configuration.
 */
public final class GlissadeUpdater {
  private static final String AS_IN_FIT =
      "the network must have inputs and labels, as fit sets them";

  private final UpdatedNetwork network;
  private final ModelStepper<?> stepper;
  private final ExampleRows examples = new ExampleRows();
  private BaseMultiLayerUpdater<?> updater;
  private NetworkParameters parameters;
  private @Nullable FlatGradients gradients;
  private Supplier<Extras> extras = () -> Extras.NONE;

  /** Whether the network may have the parameters to evaluate. */
  private boolean shown;

  @SuppressWarnings("this-escape") // the updater calls this only when it updates
  private GlissadeUpdater(UpdatedNetwork network, GradientTransformation<?> optimizer) {
    FlatArrays.requireCpu();
    this.network = network;
    this.stepper = ModelStepper.of(optimizer, WeightLayout.OUT_IN);
    network.initialize();
    requireUnattached();
    requireGradientDescent();
    requireWholeExamples(optimizer);
    FlatArrays.dtype(network.model().params());
    this.updater = network.newUpdater(this);
    this.parameters = new NetworkParameters(network, updater);
    parameters.requireNoDecay();
    network.install(updater);
  }

  /**
   * Attaches an optimizer to a network.
   *
   * @param network the network, which this initializes if that has not been done
   * @param optimizer any optimizer
   * @return the updater
   * @throws IllegalArgumentException if the network has {@code WeightDecay}, another optimization
   *     algorithm than stochastic gradient descent, or another data type than the four of floating
   *     point; or if it has truncated backpropagation and the optimizer takes per-example gradients
   * @throws IllegalStateException if ND4J's backend is not on the CPU, or the network has such an
   *     updater already
   */
  public static GlissadeUpdater attach(
      MultiLayerNetwork network, GradientTransformation<?> optimizer) {
    return new GlissadeUpdater(new LayeredNetwork(network), optimizer);
  }

  /**
   * Attaches an optimizer to a network.
   *
   * @param network the network, which this initializes if that has not been done
   * @param optimizer any optimizer
   * @return the updater
   * @throws IllegalArgumentException if the network has {@code WeightDecay}, another optimization
   *     algorithm than stochastic gradient descent, or another data type than the four of floating
   *     point; or if it has truncated backpropagation and the optimizer takes per-example gradients
   * @throws IllegalStateException if ND4J's backend is not on the CPU, or the network has such an
   *     updater already
   */
  public static GlissadeUpdater attach(
      ComputationGraph network, GradientTransformation<?> optimizer) {
    return new GlissadeUpdater(new GraphNetwork(network), optimizer);
  }

  private void requireUnattached() {
    Object present = network.updater();
    if (present instanceof LayeredUpdater || present instanceof GraphUpdater) {
      throw new IllegalStateException(
          "the network must not have a GlissadeUpdater yet, but had one, whose state would be lost:"
              + " call its detach first");
    }
  }

  private void requireGradientDescent() {
    OptimizationAlgorithm algorithm = network.model().conf().getOptimizationAlgo();
    if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
      throw new IllegalArgumentException(
          "the network's optimizationAlgo must be STOCHASTIC_GRADIENT_DESCENT, but was %s: use an"
                  .formatted(algorithm)
              + " optimizer such as Optimizers.lbfgs");
    }
  }

  private void requireWholeExamples(GradientTransformation<?> optimizer) {
    if (optimizer.perExample() && network.backpropType() == BackpropType.TruncatedBPTT) {
      throw new IllegalArgumentException(
          "the network's backpropType must be Standard for an optimizer of per-example gradients,"
              + " but was TruncatedBPTT");
    }
  }

  /**
   * Sets how many threads work on large parameters; see {@link dev.glissade.Stepper#threads}.
   *
   * @param threads the number of threads, at least 1
   * @return this
   */
  public GlissadeUpdater threads(int threads) {
    stepper.threads(threads);
    return this;
  }

  /**
   * Sets what to do with gradients or a score that are not finite; see {@link
   * dev.glissade.Stepper#nonFinite}.
   *
   * @param policy the policy, by default {@link NonFinite#ALLOW}
   * @return this
   */
  public GlissadeUpdater nonFinite(NonFinite policy) {
    stepper.nonFinite(policy);
    return this;
  }

  /**
   * Sets where the extra arguments of steps come from. A step adds the network's score as the loss,
   * and functions that run the minibatch again, unless the arguments have their own.
   *
   * @param source is asked at each step; by default it gives {@link Extras#NONE}
   * @return this
   */
  public GlissadeUpdater extras(Supplier<Extras> source) {
    extras = source;
    return this;
  }

  /**
   * Updates the parameters; DL4J's solver calls this through the network's updater.
   *
   * @param pass the gradients
   * @param again calls the new updater with the same arguments if this makes one
   */
  void update(Pass pass, Consumer<BaseMultiLayerUpdater<?>> again) {
    if (!parameters.hasLayersOf(network)) {
      follow();
      again.accept(updater);
      return;
    }
    requireAlone();
    Pass present = ofStepped(pass);
    double score = network.model().score();
    long skipped = stepper.skipped();
    try {
      List<FlatParameter> trained = parameters.describe();
      if (stepper.optimizer().perExample()) {
        stepEachExample(present, trained);
      } else {
        stepTogether(present, trained);
      }
    } catch (NonFiniteException e) {
      present.flat().assign(0);
      throw e;
    } finally {
      network.setScore(score);
    }
    if (stepper.skipped() > skipped) {
      present.flat().assign(0); // no update of statistics
    } else {
      parameters.clearRegularized(present.flat());
    }
  }

  private void requireAlone() {
    if (network.optimizer().getGradientsAccumulator() != null) {
      throw new IllegalStateException(
          "a network with GlissadeUpdater must have no GradientsAccumulator, but had one: train it"
              + " by its own fit alone");
    }
  }

  /**
   * Returns a pass at the stepped parameters: another one of the same minibatch if the network had
   * the parameters to evaluate.
   */
  private Pass ofStepped(Pass pass) {
    if (!shown) {
      return pass;
    }
    if (!network.hasMinibatch()) {
      throw new IllegalStateException(
          "showStepped must be called before the passes of a step, but the network still had the"
              + " parameters to evaluate");
    }
    showStepped();
    network.model().computeGradientAndScore(pass.workspaces());
    return new Pass(network.model().gradient(), pass.size(), pass.workspaces(), pass.processing());
  }

  private void stepTogether(Pass pass, List<FlatParameter> trained) {
    ParameterTree tree = stepper.parameters(trained);
    pass.process();
    FlatGradients now = gradients;
    if (now == null || !now.isOf(pass.flat(), trained)) {
      now = FlatGradients.of(pass.flat(), trained);
      gradients = now;
    }
    stepper.step(tree, now, withFunctions(tree, pass, now));
  }

  private Extras withFunctions(ParameterTree tree, Pass pass, FlatGradients now) {
    Extras given = extras.get();
    Extras more = given.has("value") ? given : given.withValue(network.model().score());
    if (given.has("value_fn")) {
      return more;
    }
    boolean canRunAgain = network.hasMinibatch();
    ReplayedLoss replayed = new MinibatchAgain(network, parameters, pass, now).loss(tree);
    if (!given.has("grad_fn")) {
      more =
          more.withGradientFunction(
              canRunAgain ? replayed.gradientFunction() : ReplayedLoss.missingGradients(AS_IN_FIT));
    }
    return more.withLossFunction(canRunAgain ? replayed : ReplayedLoss.missing(AS_IN_FIT));
  }

  private void stepEachExample(Pass pass, List<FlatParameter> trained) {
    ParameterTree tree = stepper.parameters(trained);
    INDArray flat = pass.flat();
    double score = network.model().score();
    List<NetworkParameters.Copy> others = parameters.othersOf(flat);
    Extras given = extras.get();
    stepper.step(
        tree,
        examples.of(network, pass, trained),
        given.has("value") ? given : given.withValue(score));
    flat.assign(0);
    NetworkParameters.setOthers(flat, others);
  }

  /**
   * Returns how many steps were taken, including skipped ones and those before a checkpoint.
   *
   * @return the number of steps
   */
  public long steps() {
    return stepper.steps();
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

  /**
   * Puts the optimizer's parameters to evaluate into the network, to evaluate or save it; see
   * {@link GradientTransformation#evalParams}. For most optimizers, and before the first step, they
   * are the network's own. Training may go on at any time, but its first step then computes the
   * gradients twice, unless {@link #showStepped} was called before.
   */
  public void showEvalParams() {
    requireAttached();
    if (!shown) {
      stepper.showEvalParams(parameters().describe());
    }
    shown = true;
  }

  /** Puts the stepped parameters back into the network. */
  public void showStepped() {
    shown = false;
    stepper.showStepped();
  }

  /**
   * Returns a checkpoint of the trained parameters, the optimizer's state and the number of steps.
   *
   * @return the checkpoint, with a copy of the parameters and the live state: save it before the
   *     next step
   * @throws IllegalStateException if DL4J has replaced this updater
   */
  public Checkpoint checkpoint() {
    requireAttached();
    return new TrainerState(stepper.skipped(), 1, 0)
        .addTo(stepper.checkpoint(parameters().describe()), () -> Tree.of(Map.of()));
  }

  /**
   * Continues from a checkpoint of the same optimizer. Overwrites the trained parameters. Frozen
   * parameters and statistics, such as those of batch normalization, and the numbers of iterations
   * and epochs, are in the network's own file: load it first.
   *
   * @param checkpoint what {@link #checkpoint} returned
   * @throws CheckpointException if the checkpoint has another optimizer or other parameters; then
   *     nothing has changed
   * @throws IllegalStateException if DL4J has replaced this updater
   */
  public void resume(Checkpoint checkpoint) throws CheckpointException {
    requireAttached();
    showStepped();
    long skipped = TrainerState.of(checkpoint).skipped();
    stepper.resume(parameters().describe(), checkpoint, skipped);
  }

  /** Gives the network DL4J's own updater of its configuration again, with a new state. */
  public void detach() {
    requireAttached();
    showStepped();
    network.installOwn();
  }

  private NetworkParameters parameters() {
    if (!parameters.hasLayersOf(network)) {
      follow();
    }
    return parameters;
  }

  /** Makes an updater for the layers that the network has now. */
  private void follow() {
    BaseMultiLayerUpdater<?> next = network.newUpdater(this);
    parameters = new NetworkParameters(network, next);
    network.install(next);
    updater = next;
  }

  @SuppressWarnings("ReferenceEquality") // DL4J compares updaters by their state
  private void requireAttached() {
    if (network.updater() != updater) {
      throw new IllegalStateException(
          "the network must have the GlissadeUpdater that was attached to it, but had another"
              + " updater: call attach again");
    }
  }
}
