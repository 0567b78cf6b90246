package dev.glissade.dl4j;

import static dev.glissade.dl4j.SavingTest.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.contrib.Contrib;
import dev.glissade.dl4j.SmallNetwork.Kind;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.optimize.solvers.accumulation.BasicGradientsAccumulator;
import org.deeplearning4j.optimize.solvers.accumulation.LocalHandler;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What cannot be done says so in a sentence and changes nothing. */
class RefusalsTest {
  private static final String COPY =
      "%s must not be called while GlissadeUpdater is attached, since the copy would train with"
          + " DL4J's own updater: call detach first, and attach one to the copy";

  private static SmallNetwork attached(Kind kind) {
    SmallNetwork small = new SmallNetwork(kind);
    small.attach(Contrib.prodigy());
    small.fit(0);
    return small;
  }

  @ParameterizedTest
  @EnumSource
  void copiesAreRefused(Kind kind) {
    SmallNetwork small = attached(kind);
    if (kind == Kind.LAYERED) {
      MultiLayerNetwork network = small.layered();
      assertThatThrownBy(network::clone).hasMessage(COPY.formatted("clone"));
      assertThatThrownBy(network::toComputationGraph)
          .hasMessage(COPY.formatted("toComputationGraph"));
      assertThatThrownBy(() -> network.convertDataType(DataType.DOUBLE))
          .hasMessage(COPY.formatted("convertDataType"));
      assertThatThrownBy(((MultiLayerUpdater) network.getUpdater())::clone)
          .hasMessage(COPY.formatted("clone"));
    } else {
      assertThatThrownBy(small.graph()::clone).hasMessage(COPY.formatted("clone"));
      assertThatThrownBy(() -> small.graph().convertDataType(DataType.DOUBLE))
          .hasMessage(COPY.formatted("convertDataType"));
    }
    Map<String, double[]> before = small.params();
    small.fit(1); // still attached
    assertThat(small.params()).isNotEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void theLearningRateIsTheOptimizers(Kind kind) {
    SmallNetwork small = attached(kind);
    String want =
        "setLearningRate must not be called while GlissadeUpdater is attached, which does not read"
            + " it: give the optimizer a schedule";
    if (kind == Kind.LAYERED) {
      assertThatThrownBy(() -> small.layered().setLearningRate(0.1)).hasMessage(want);
    } else {
      assertThatThrownBy(() -> small.graph().setLearningRate(0.1)).hasMessage(want);
    }
  }

  @Test
  @Timeout(60)
  @SuppressWarnings("try") // close may be interrupted
  void parallelTrainingIsRefused() throws Exception {
    SmallNetwork small = attached(Kind.LAYERED);
    List<DataSet> batches =
        List.of(
            new DataSet(small.inputs(0), small.labels(0)),
            new DataSet(small.inputs(1), small.labels(1)));
    try (ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(small.layered()).workers(2).prefetchBuffer(0).build()) {
      Map<String, double[]> before = small.params();
      assertThatThrownBy(() ->
              wrapper.fit(
                  new org.deeplearning4j.datasets.iterator.ExistingDataSetIterator(batches)))
          .hasStackTraceContaining(
              "a network with GlissadeUpdater must be trained by its own fit, since copies of it"
                  + " would train with DL4J's own updater, but was trained by DefaultTrainer");
      assertSame(small.params(), before);
    }
  }

  @Test
  void sharedGradientsAreRefused() {
    SmallNetwork small = attached(Kind.LAYERED);
    small.layered().setGradientsAccumulator(new BasicGradientsAccumulator(1, new LocalHandler()));
    assertThatThrownBy(() -> small.fit(1))
        .hasMessage(
            "a network with GlissadeUpdater must have no GradientsAccumulator, but had one: train"
                + " it by its own fit alone");
  }

  @ParameterizedTest
  @EnumSource
  void weightDecayIsRefused(Kind kind) {
    SmallNetwork small =
        new SmallNetwork(kind, DataType.FLOAT, 4, builder -> builder.weightDecay(0.01));
    assertThatThrownBy(() -> small.attach(Contrib.prodigy()))
        .hasMessage(
            "parameter \"0_W\" must have no WeightDecay, which needs a learning rate of DL4J's: use"
                + " the optimizer's, such as Optimizers.adamw or Transforms.addDecayedWeights");
    small.fit(0); // with DL4J's own updater as before
  }

  @Test
  void otherAlgorithmsAreRefused() {
    SmallNetwork small =
        new SmallNetwork(
            Kind.LAYERED,
            DataType.FLOAT,
            4,
            builder -> builder.optimizationAlgo(OptimizationAlgorithm.LBFGS));
    assertThatThrownBy(() -> small.attach(Contrib.prodigy()))
        .hasMessage(
            "the network's optimizationAlgo must be STOCHASTIC_GRADIENT_DESCENT, but was LBFGS: use"
                + " an optimizer such as Optimizers.lbfgs");
  }

  private static MultiLayerNetwork recurrent(BackpropType type) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .updater(new Adam(1e-3))
                .list(
                    new LSTM.Builder().nIn(2).nOut(3).build(),
                    new RnnOutputLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nIn(3)
                        .nOut(1)
                        .build())
                .backpropType(type)
                .tBPTTLength(3)
                .build());
    network.init();
    return network;
  }

  private static DataSet sequences() {
    return new DataSet(Nd4j.rand(4, 2, 6), Nd4j.rand(4, 1, 6));
  }

  @Test
  void perExampleGradientsNeedWholeExamples() {
    MultiLayerNetwork truncated = recurrent(BackpropType.TruncatedBPTT);
    assertThatThrownBy(() -> GlissadeUpdater.attach(truncated, Contrib.dpsgd(0.1, 1, 1, 7)))
        .hasMessage(
            "the network's backpropType must be Standard for an optimizer of per-example gradients,"
                + " but was TruncatedBPTT");
    MultiLayerNetwork network = recurrent(BackpropType.Standard);
    GlissadeUpdater.attach(network, Contrib.dpsgd(0.1, 1, 1, 7));
    network.fit(sequences());
    DataSet masked = sequences();
    masked.setLabelsMaskArray(Nd4j.ones(4, 6));
    assertThatThrownBy(() -> network.fit(masked))
        .hasMessage(
            "an optimizer of per-example gradients must have a minibatch without masks, but it had"
                + " some");
  }

  /** Each part of a sequence is a step; also one that runs its passes again. */
  @Test
  void truncatedBackpropagationWorks() {
    for (var optimizer : List.of(Contrib.prodigy(), FitTest.all().get("sam opaque"))) {
      MultiLayerNetwork network = recurrent(BackpropType.TruncatedBPTT);
      GlissadeUpdater updater = GlissadeUpdater.attach(network, optimizer);
      DataSet data = sequences();
      for (int i = 0; i < 20; i++) {
        network.fit(data);
      }
      assertThat(updater.steps()).isEqualTo(40);
      assertThat(network.score()).isFinite();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUpdaterThatIsReplacedSaysSo(Kind kind) {
    SmallNetwork small = new SmallNetwork(kind);
    GlissadeUpdater first = small.attach(Optimizers.adam(0.1));
    small.fit(0);
    assertThatThrownBy(() -> small.attach(Contrib.prodigy()))
        .hasMessage(
            "the network must not have a GlissadeUpdater yet, but had one, whose state would be"
                + " lost: call its detach first");
    small.replaceUpdater();
    String want =
        "the network must have the GlissadeUpdater that was attached to it, but had another"
            + " updater: call attach again";
    assertThatThrownBy(first::checkpoint).hasMessage(want);
    assertThatThrownBy(first::showEvalParams).hasMessage(want);
    assertThatThrownBy(first::detach).hasMessage(want);
  }

  /** It would put its old numbers over those that another updater has trained. */
  @ParameterizedTest
  @EnumSource
  void aReplacedUpdaterDoesNotPutItsParametersBack(Kind kind) {
    SmallNetwork small = new SmallNetwork(kind);
    GlissadeUpdater first = small.attach(Contrib.scheduleFreeSgd());
    small.fit(0);
    small.fit(1);
    first.showEvalParams();
    small.replaceUpdater();
    small.fit(2);
    Map<String, double[]> trained = small.params();
    assertThatThrownBy(first::showStepped).hasMessageContaining("but had another updater");
    assertSame(small.params(), trained);
  }

  @ParameterizedTest
  @EnumSource
  void afterDetachDl4jTrainsAgain(Kind kind) {
    SmallNetwork plain = new SmallNetwork(kind);
    SmallNetwork small = new SmallNetwork(kind);
    small.attach(Contrib.prodigy()).detach();
    plain.fit(0);
    small.fit(0);
    assertSame(small.params(), plain.params());
    if (kind == Kind.LAYERED) {
      small.layered().clone();
    } else {
      small.graph().clone();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClosedNetworkSaysSo(Kind kind) {
    SmallNetwork small = new SmallNetwork(kind);
    GlissadeUpdater updater = small.attach(Contrib.scheduleFreeAdamw(0.1));
    small.fit(0);
    small.fit(1);
    updater.showEvalParams();
    if (kind == Kind.LAYERED) {
      small.layered().close();
    } else {
      small.graph().close();
    }
    String want = "the network must be open, but was closed";
    assertThatThrownBy(updater::checkpoint).hasMessage(want);
    updater.showStepped(); // there is nothing to show them in
    assertThatThrownBy(updater::checkpoint).hasMessage(want);
    assertThatThrownBy(updater::showEvalParams).hasMessage(want);
    assertThatThrownBy(updater::detach).hasMessage(want);
    assertThatThrownBy(() -> small.attach(Contrib.prodigy())).hasMessage(want);
  }

  @Test
  @SuppressWarnings("NullAway") // for callers without it
  void argumentsMustBeGiven() {
    SmallNetwork small = new SmallNetwork(Kind.LAYERED);
    assertThatThrownBy(() -> GlissadeUpdater.attach(small.layered(), null))
        .hasMessage("optimizer must not be null");
    assertThatThrownBy(() -> GlissadeUpdater.attach((MultiLayerNetwork) null, Contrib.prodigy()))
        .hasMessage("network must not be null");
    GlissadeUpdater updater = small.attach(Optimizers.sgd(0.1));
    assertThatThrownBy(() -> updater.extras(null))
        .hasMessage("the source of extras must not be null");
    assertThatThrownBy(() -> updater.nonFinite(null)).hasMessage("policy must not be null");
    assertThatThrownBy(() -> updater.resume(null)).hasMessage("checkpoint must not be null");
    updater.extras(() -> null);
    Map<String, double[]> before = small.params();
    assertThatThrownBy(() -> small.fit(0))
        .hasMessage(
            "the source of extras must return arguments, but returned null: return Extras.NONE");
    assertSame(small.params(), before);
    GradientTransformation<?> own =
        Transforms.conditionallyMask(
            Optimizers.sgd(0.1), (step, extras) -> extras.scalar("rho").lessThan(1));
    SmallNetwork other = new SmallNetwork(Kind.LAYERED);
    GlissadeUpdater asking = other.attach(own);
    assertThatThrownBy(() -> other.fit(0))
        .hasMessage(
            "extra argument \"rho\" must be given: call extras(() -> Extras.NONE.with(\"rho\","
                + " ...))");
    asking.extras(() -> Extras.NONE.with("rho", 0.5));
    other.fit(0);
  }

  @Test
  void optionsAreChecked() {
    GlissadeUpdater updater = new SmallNetwork(Kind.LAYERED).attach(Contrib.prodigy());
    assertThatThrownBy(() -> updater.threads(0))
        .hasMessage("threads must be at least 1, but was 0");
  }
}
