package dev.glissade.dl4j;

import static dev.glissade.dl4j.SavingTest.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.dl4j.SmallNetwork.Kind;
import dev.glissade.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What is stepped when layers are frozen or thawed, and what stays DL4J's. */
class ChangingNetworkTest {
  private static final Predicate<String> LAST = path -> path.startsWith("1_");

  private static List<Tree> gradientsOf(SmallNetwork small) {
    List<Tree> seen = new ArrayList<>();
    small.model.setListeners(
        new BaseTrainingListener() {
          @Override
          public void onGradientCalculation(Model model) {
            seen.add(small.meanGradients(DType.FLOAT32).select(LAST));
          }
        });
    return seen;
  }

  private static void freeze(SmallNetwork small) {
    if (small.model instanceof MultiLayerNetwork layered) {
      layered.getLayers()[0] = new FrozenLayer(layered.getLayer(0));
    } else {
      small.graph().getVertex("0").setLayerAsFrozen();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLayerFrozenBetweenStepsStaysAndTheOtherKeepsItsState(Kind kind) {
    SmallNetwork small =
        new SmallNetwork(kind, DataType.FLOAT, 4, builder -> builder.l2(0.1).l2Bias(0));
    small.attach(Optimizers.sgd(0.1).momentum(0.9));
    List<Tree> seen = gradientsOf(small);
    Tree start = small.tree(DType.FLOAT32).select(LAST);
    Stepper<?> core = Stepper.of(Optimizers.sgd(0.1).momentum(0.9), start);
    Map<String, double[]> frozen = Map.of();
    for (int step = 0; step < 6; step++) {
      if (step == 3) {
        freeze(small);
        frozen = small.params();
      }
      small.fit(step);
      Tree weight = core.params().select(path -> path.equals("1_W"));
      Tree decay = Tree.of(Map.of("1_W", weight.get("1_W"), "1_b", bias(core)));
      core.step(seen.get(step).plus(decay.times(0.1)).evaluate());
    }
    Tree now = small.tree(DType.FLOAT32);
    core.params()
        .forEach((path, want) ->
            assertThat(now.get(path).toDoubles())
                .as(path)
                .containsExactly(want.toDoubles(), within(1e-6)));
    assertThat(small.params().get("0_W")).isEqualTo(frozen.get("0_W"));
    assertThat(small.params().get("0_b")).isEqualTo(frozen.get("0_b"));
  }

  private static dev.glissade.Tensor bias(Stepper<?> core) {
    return core.params().select(path -> path.equals("1_b")).zeros().evaluate().get("1_b");
  }

  @Test
  void aLayerThatIsThawedJoins() {
    SmallNetwork small = new SmallNetwork(Kind.LAYERED);
    GlissadeUpdater updater = small.attach(Contrib.prodigy());
    freeze(small);
    double[] before = small.params().get("0_W");
    small.fit(0);
    assertThat(updater.checkpoint().params().paths()).containsExactly("1_W", "1_b");
    assertThat(small.params().get("0_W")).isEqualTo(before);
    MultiLayerNetwork network = small.layered();
    network.getLayers()[0] = ((FrozenLayer) network.getLayer(0)).getInsideLayer();
    for (int step = 1; step < 30; step++) {
      small.fit(step);
    }
    assertThat(small.params().get("0_W")).isNotEqualTo(before);
    assertThat(updater.checkpoint().params().paths()).hasSize(4);
    assertThat(updater.steps()).isEqualTo(30);
  }

  @Test
  void layersThatTransferLearningFreezesTakeNoPart() {
    SmallNetwork small = new SmallNetwork(Kind.LAYERED);
    MultiLayerNetwork network =
        new TransferLearning.Builder(small.layered()).setFeatureExtractor(0).build();
    GlissadeUpdater updater = GlissadeUpdater.attach(network, Optimizers.adam(0.1));
    Map<String, double[]> before = SmallNetwork.params(network);
    network.fit(new DataSet(small.inputs(0), small.labels(0)));
    Map<String, double[]> after = SmallNetwork.params(network);
    assertThat(after.get("0_W")).isEqualTo(before.get("0_W"));
    assertThat(after.get("1_W")).isNotEqualTo(before.get("1_W"));
    assertThat(updater.checkpoint().params().paths()).containsExactly("1_W", "1_b");
  }

  /** A frozen layer that lets gradients pass; DL4J regularizes it all the same. */
  @Test
  void frozenLayersWithBackpropStay() {
    var frozen =
        new org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop(
            new DenseLayer.Builder().nIn(3).nOut(3).build());
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .l2(0.1)
                .list(new DenseLayer.Builder().nIn(3).nOut(3).build(), frozen, output(3))
                .build());
    network.init();
    GlissadeUpdater.attach(network, Optimizers.adam(0.1));
    Map<String, double[]> before = SmallNetwork.params(network);
    SmallNetwork data = new SmallNetwork(Kind.LAYERED);
    network.fit(new DataSet(data.inputs(0), data.labels(0)));
    Map<String, double[]> after = SmallNetwork.params(network);
    assertThat(after.get("1_W")).isEqualTo(before.get("1_W"));
    assertThat(after.get("0_W")).isNotEqualTo(before.get("0_W"));
    assertThat(after.get("2_W")).isNotEqualTo(before.get("2_W"));
  }

  private static OutputLayer output(int inputs) {
    return new OutputLayer.Builder(LossFunction.MSE)
        .activation(Activation.IDENTITY)
        .nIn(inputs)
        .nOut(1)
        .build();
  }

  private static MultiLayerNetwork normalized() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .list(new DenseLayer.Builder().nOut(4).build(), new BatchNormalization(), output(4))
                .setInputType(InputType.feedForward(3))
                .build());
    network.init();
    return network;
  }

  /** DL4J's own descent and ours are the same, with the statistics of batch normalization. */
  @Test
  void statisticsAreUpdatedAsByDl4j() {
    MultiLayerNetwork theirs = normalized();
    MultiLayerNetwork ours = normalized();
    GlissadeUpdater updater = GlissadeUpdater.attach(ours, Optimizers.sgd(0.1));
    SmallNetwork data = new SmallNetwork(Kind.LAYERED);
    for (int step = 0; step < 10; step++) {
      theirs.fit(new DataSet(data.inputs(step), data.labels(step)));
      ours.fit(new DataSet(data.inputs(step), data.labels(step)));
    }
    Map<String, double[]> want = SmallNetwork.params(theirs);
    SmallNetwork.params(ours)
        .forEach((path, have) ->
            assertThat(have).as(path).containsExactly(want.get(path), within(1e-6)));
    assertThat(updater.checkpoint().params().paths())
        .containsExactlyInAnyOrder("0_W", "0_b", "1_gamma", "1_beta", "2_W", "2_b");
  }

  @Test
  void centersOfCenterLossAreDl4js() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .updater(new NoOp()) // whatever is configured is ignored
                .list(
                    new DenseLayer.Builder().nIn(3).nOut(4).build(),
                    new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(2)
                        .build())
                .build());
    GlissadeUpdater updater = GlissadeUpdater.attach(network, Optimizers.adam(0.01));
    SmallNetwork data = new SmallNetwork(Kind.LAYERED);
    var classes = org.nd4j.linalg.factory.Nd4j.eye(2).repeat(0, 2);
    double[] before = SmallNetwork.params(network).get("1_cL");
    network.fit(new DataSet(data.inputs(0), classes));
    assertThat(updater.checkpoint().params().paths())
        .containsExactlyInAnyOrder("0_W", "0_b", "1_W", "1_b");
    assertThat(SmallNetwork.params(network).get("1_cL")).isNotEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void divisionClippingAndPenaltiesStayTheirs(Kind kind) {
    for (var normalization : org.deeplearning4j.nn.conf.GradientNormalization.values()) {
      SmallNetwork theirs = configured(kind, normalization);
      SmallNetwork ours = configured(kind, normalization);
      ours.attach(Optimizers.sgd(0.1));
      for (int step = 0; step < 5; step++) {
        theirs.fit(step);
        ours.fit(step);
      }
      Map<String, double[]> want = theirs.params();
      ours.params()
          .forEach((path, have) ->
              assertThat(have)
                  .as(normalization + " " + path)
                  .containsExactly(want.get(path), within(1e-6)));
    }
  }

  private static SmallNetwork configured(
      Kind kind, org.deeplearning4j.nn.conf.GradientNormalization normalization) {
    return new SmallNetwork(
        kind,
        DataType.FLOAT,
        4,
        builder ->
            builder
                .updater(new Sgd(0.1))
                .l1(0.01)
                .l2(0.02)
                .gradientNormalization(normalization)
                .gradientNormalizationThreshold(0.3));
  }

  @Test
  void aNetworkThatIsAllFrozenIsRefused() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list(new org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop(output(3)))
                .build());
    network.init();
    GlissadeUpdater.attach(network, Optimizers.adam(0.1));
    SmallNetwork data = new SmallNetwork(Kind.LAYERED);
    Map<String, double[]> before = SmallNetwork.params(network);
    assertThatThrownBy(() -> network.fit(new DataSet(data.inputs(0), data.labels(0))))
        .hasMessage("the network must have a parameter that is not frozen, but all 2 were");
    assertSame(SmallNetwork.params(network), before);
    assertThat(Arrays.stream(network.getLayers()).count()).isEqualTo(1);
  }
}
