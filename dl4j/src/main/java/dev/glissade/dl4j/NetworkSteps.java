package dev.glissade.dl4j;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.host.MissingExtras;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.ReplayedLoss;
import dev.glissade.host.TrainerState;
import dev.glissade.transform.WeightLayout;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Takes the steps of a {@link GlissadeUpdater}, as the updater that DL4J's solver calls. */
final class NetworkSteps {
  private static final String AS_IN_FIT =
      "the network must have inputs and labels, as fit sets them";

  private static final String AT_ONE_POINT =
      "an optimizer of per-example gradients gets them at the network's parameters only";

  private final UpdatedNetwork network;
  private final ModelStepper<?> stepper;
  private final ExamplePasses examples = new ExamplePasses();
  private BaseMultiLayerUpdater<?> updater;
  private NetworkParameters parameters;
  private @Nullable FlatGradients gradients;
  private Supplier<Extras> extras = () -> Extras.NONE;

  /** Whether the network may have the parameters to evaluate. */
  private boolean shown;

  /** The thread of the last step, which DL4J's own fit has called. */
  private long stepping = -1;

  @SuppressWarnings("this-escape") // the updater calls this only when it updates
  NetworkSteps(UpdatedNetwork network, GradientTransformation<?> optimizer) {
    FlatArrays.requireCpu();
    this.network = network;
    this.stepper = ModelStepper.of(optimizer, WeightLayout.OUT_IN);
    String why = stepper.optimizer().perExample() ? AT_ONE_POINT : AS_IN_FIT;
    stepper.missing(
        new MissingExtras(
            "call extras(() -> Extras.NONE.withValue(...))",
            why,
            why,
            "call extras(() -> Extras.NONE.%s)"));
    network.initialize();
    FlatArrays.requireOpen(network.model().params());
    requireUnattached();
    requireGradientDescent();
    requireWholeExamples(optimizer);
    FlatArrays.dtype(network.model().params());
    this.updater = network.newUpdater(this);
    this.parameters = new NetworkParameters(network, updater);
    parameters.requireNoDecay();
    network.install(updater);
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

  ModelStepper<?> stepper() {
    return stepper;
  }

  void extras(Supplier<Extras> source) {
    extras = Objects.requireNonNull(source, "the source of extras must not be null");
  }

  /**
   * Updates the parameters; DL4J's solver calls this through the network's updater.
   *
   * @param pass the gradients
   */
  void update(Pass pass) {
    if (!parameters.hasLayersOf(network)) {
      follow();
      pass.passTo(updater);
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
    long thread = Thread.currentThread().getId();
    if (thread != stepping) {
      StateCallers.requireOwnFit();
      stepping = thread;
    }
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
    return pass.of(network.model().gradient());
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
    Extras given = given();
    Extras more = given.has("value") ? given : given.withValue(network.model().score());
    if (given.has("value_fn") || !network.hasMinibatch()) {
      return more;
    }
    ReplayedLoss replayed = new MinibatchAgain(network, parameters, pass, now).loss(tree);
    if (!given.has("grad_fn")) {
      more = more.withGradientFunction(replayed.gradientFunction());
    }
    return more.withLossFunction(replayed);
  }

  private Extras given() {
    return Objects.requireNonNull(
        extras.get(),
        "the source of extras must return arguments, but returned null: return Extras.NONE");
  }

  private void stepEachExample(Pass pass, List<FlatParameter> trained) {
    ParameterTree tree = stepper.parameters(trained);
    INDArray flat = pass.flat();
    double score = network.model().score();
    List<NetworkParameters.Copy> others = parameters.othersOf(flat);
    Extras given = given();
    stepper.step(
        tree,
        examples.of(network, pass, trained),
        given.has("value") ? given : given.withValue(score));
    flat.assign(0);
    NetworkParameters.setOthers(flat, others);
  }

  void showEvalParams() {
    requireAttached();
    if (!shown) {
      stepper.showEvalParams(parameters().describe());
    }
    shown = true;
  }

  void showStepped() {
    if (shown) {
      requireAttached();
    }
    shown = false;
    stepper.showStepped();
  }

  Checkpoint checkpoint() {
    requireAttached();
    return new TrainerState(stepper.skipped(), 1, 0)
        .addTo(stepper.checkpoint(parameters().describe()), () -> Tree.of(Map.of()));
  }

  void resume(Checkpoint checkpoint) throws CheckpointException {
    requireAttached();
    showStepped();
    long skipped = TrainerState.of(checkpoint).skipped();
    stepper.resume(parameters().describe(), checkpoint, skipped);
  }

  void detach() {
    requireAttached();
    FlatArrays.requireOpen(network.model().params());
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
