package dev.glissade.dl4j;

import static dev.glissade.dl4j.SavingTest.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.GradientTransformation;
import dev.glissade.contrib.Contrib;
import dev.glissade.contrib.Sam;
import dev.glissade.dl4j.SmallNetwork.Kind;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** Optimizers that ask for more than the gradients run the minibatch again, within fit. */
class PassesAgainTest {
  private static SmallNetwork doubles(Kind kind) {
    return new SmallNetwork(kind, DataType.DOUBLE, 4, builder -> builder);
  }

  private static Sam sam(int period) {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.3).momentum(0.5));
    return Contrib.sam(Optimizers.adamw(0.02), adversary).syncPeriod(period);
  }

  @ParameterizedTest
  @EnumSource
  void anOpaqueStepOfSamIsATransparentCycle(Kind kind) {
    SmallNetwork opaque = doubles(kind);
    SmallNetwork transparent = doubles(kind);
    opaque.attach(sam(3).opaqueMode(true));
    transparent.attach(sam(3));
    for (int cycle = 0; cycle < 6; cycle++) {
      opaque.fit(cycle);
      for (int i = 0; i < 3; i++) {
        transparent.fit(cycle);
      }
      Map<String, double[]> want = transparent.params();
      opaque
          .params()
          .forEach((path, have) ->
              assertThat(have).as(path).containsExactly(want.get(path), within(1e-12)));
      assertThat(opaque.flatGradients()).containsOnly(0);
    }
  }

  /** The statistics move once a step, by the first pass. */
  @Test
  void statisticsMoveByTheFirstPassAlone() {
    DataSet batch = Digits.train().batchBy(16).get(0);
    MultiLayerNetwork plain = Digits.network(1);
    MultiLayerNetwork again = Digits.network(1);
    GlissadeUpdater.attach(plain, Optimizers.sgd(0.1));
    GlissadeUpdater.attach(again, sam(2).opaqueMode(true));
    plain.fit(batch);
    again.fit(batch);
    assertThat(again.getParam("1_mean")).isEqualTo(plain.getParam("1_mean"));
    assertThat(again.getParam("1_log10stdev")).isEqualTo(plain.getParam("1_log10stdev"));
    assertThat(again.getParam("0_W")).isNotEqualTo(plain.getParam("0_W"));
    assertThat(again.score()).isEqualTo(plain.score()); // not that of the climbed parameters
  }

  static List<GradientTransformation<?>> searches() {
    return List.of(
        Optimizers.lbfgs(),
        Transforms.chain(Optimizers.sgd(1), Transforms.scaleByBacktrackingLinesearch(20)),
        Transforms.chain(Optimizers.adam(0.3), Transforms.scaleByZoomLinesearch(10)));
  }

  @ParameterizedTest
  @EnumSource
  void lineSearchesNeverRaiseTheLoss(Kind kind) {
    for (GradientTransformation<?> search : searches()) {
      SmallNetwork small = doubles(kind);
      small.attach(search);
      List<Double> scores = new ArrayList<>();
      for (int step = 0; step < 12; step++) {
        small.fit(0);
        scores.add(small.model.score());
      }
      for (int step = 1; step < scores.size(); step++) {
        assertThat(scores.get(step)).isLessThanOrEqualTo(scores.get(step - 1) + 1e-12);
      }
      assertThat(scores.get(11)).isLessThan(0.1 * scores.get(0));
    }
  }

  @Test
  void lbfgsReachesTheOptimum() {
    SmallNetwork small = doubles(Kind.LAYERED);
    small.attach(Optimizers.lbfgs());
    int step = 0;
    do {
      small.fit(0);
    } while (small.model.score() > 1e-10 && ++step < 40);
    assertThat(small.model.score()).isLessThan(1e-10);
  }

  /** Without noise and with a huge bound, the mean of per-example gradients is the gradient. */
  @ParameterizedTest
  @EnumSource
  void perExampleGradientsAreThoseOfTheMinibatch(Kind kind) {
    SmallNetwork each = doubles(kind);
    SmallNetwork together = doubles(kind);
    each.attach(Contrib.dpsgd(0.1, 1e9, 1e-300, 7));
    together.attach(Optimizers.sgd(0.1));
    for (int step = 0; step < 5; step++) {
      each.fit(step);
      together.fit(step);
      Map<String, double[]> want = together.params();
      each.params()
          .forEach((path, have) ->
              assertThat(have).as(path).containsExactly(want.get(path), within(1e-9)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void optimizersGetTheScore(Kind kind) {
    SmallNetwork small = doubles(kind);
    small.attach(Optimizers.polyakSgd());
    for (int step = 0; step < 30; step++) {
      small.fit(0);
    }
    assertThat(small.model.score()).isLessThan(0.05);
  }

  @Test
  void gradientsOfOnesOwnHaveNoPasses() {
    SmallNetwork data = new SmallNetwork(Kind.LAYERED);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list(new DenseLayer.Builder().nIn(3).nOut(1).build())
                .build());
    network.init();
    GlissadeUpdater.attach(network, sam(2).opaqueMode(true));
    network.setInput(data.inputs(0));
    network.feedForward(true, false);
    var pair = network.backpropGradient(data.labels(0), LayerWorkspaceMgr.noWorkspaces());
    Map<String, double[]> before = SmallNetwork.params(network);
    assertThatThrownBy(() ->
            network
                .getUpdater()
                .update(network, pair.getFirst(), 0, 0, 4, LayerWorkspaceMgr.noWorkspaces()))
        .hasMessage(
            "the optimizer asks for gradients at other parameters: the network must have inputs"
                + " and labels, as fit sets them");
    assertSame(SmallNetwork.params(network), before);
  }

  /** Other optimizers take gradients that a loop of one's own has computed. */
  @Test
  void gradientsOfOnesOwnAreStepped() {
    SmallNetwork small = doubles(Kind.LAYERED);
    SmallNetwork fitted = doubles(Kind.LAYERED);
    small.attach(Optimizers.adam(0.1));
    fitted.attach(Optimizers.adam(0.1));
    MultiLayerNetwork network = small.layered();
    network.setInput(small.inputs(0));
    network.setLabels(small.labels(0));
    network.computeGradientAndScore();
    network
        .getUpdater()
        .update(network, network.gradient(), 0, 0, 4, LayerWorkspaceMgr.noWorkspaces());
    network.params().subi(network.gradient().gradient());
    fitted.fit(0);
    assertSame(small.params(), fitted.params());
  }

  @Test
  void listenersReadTheScoreOfTheStep() {
    SmallNetwork small = doubles(Kind.GRAPH);
    var listener = new CollectScoresListener(1);
    small.model.setListeners(listener);
    Model model = small.model;
    small.attach(Optimizers.lbfgs());
    small.fit(0);
    double first = model.score();
    small.fit(0);
    assertThat(listener.getListScore().get(0)).isEqualTo(first);
    assertThat(model.score()).isLessThan(first);
  }
}
