package dev.glissade.dl4j;

import static dev.glissade.dl4j.SavingTest.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.dl4j.SmallNetwork.Kind;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Minibatches that are not finite, and steps that throw. */
class FailedStepsTest {
  private static DataSet batch(int number) {
    return Digits.train().batchBy(16).get(number);
  }

  private static DataSet spoilt() {
    DataSet data = batch(1);
    INDArray inputs = data.getFeatures().dup();
    inputs.putScalar(0, 20, Double.NaN);
    return new DataSet(inputs, data.getLabels());
  }

  private static Map<String, double[]> withoutFailure(String name) {
    MultiLayerNetwork network = Digits.network(1);
    GlissadeUpdater.attach(network, FitTest.all().get(name));
    network.fit(batch(0));
    network.fit(batch(2));
    return SmallNetwork.params(network);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "sam opaque", "dpsgd"})
  void aMinibatchThatIsSkippedIsAsIfItHadNotBeen(String name) {
    MultiLayerNetwork network = Digits.network(1);
    GlissadeUpdater updater =
        GlissadeUpdater.attach(network, FitTest.all().get(name)).nonFinite(NonFinite.SKIP);
    network.fit(batch(0));
    Map<String, double[]> before = SmallNetwork.params(network);
    network.fit(spoilt());
    assertSame(SmallNetwork.params(network), before); // the statistics, too
    network.fit(batch(2));
    assertThat(updater.estimates()).containsEntry("skipped", 1.0);
    assertThat(updater.steps()).isEqualTo(3);
    assertSame(SmallNetwork.params(network), withoutFailure(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "sam opaque", "dpsgd"})
  void aMinibatchThatIsRefusedIsAsIfItHadNotBeen(String name) {
    MultiLayerNetwork network = Digits.network(1);
    GlissadeUpdater.attach(network, FitTest.all().get(name)).nonFinite(NonFinite.ERROR);
    network.fit(batch(0));
    Map<String, double[]> before = SmallNetwork.params(network);
    assertThatThrownBy(() -> network.fit(spoilt())).isInstanceOf(NonFiniteException.class);
    assertSame(SmallNetwork.params(network), before);
    network.fit(batch(2));
    assertSame(SmallNetwork.params(network), withoutFailure(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy"})
  void isAllowedByDefault(String name) {
    MultiLayerNetwork network = Digits.network(1);
    GlissadeUpdater.attach(network, FitTest.all().get(name));
    network.fit(spoilt());
    assertThat(network.getParam("3_W").isNaN().any()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sam opaque"})
  void aStepThatThrowsChangesNothing(String name) {
    SmallNetwork small = new SmallNetwork(Kind.GRAPH);
    GlissadeUpdater updater = small.attach(FitTest.all().get(name));
    small.fit(0);
    Map<String, double[]> before = small.params();
    updater.extras(() ->
        Extras.NONE.withGradientFunction((params, i) -> {
          throw new IllegalStateException("no gradients today");
        }));
    assertThatThrownBy(() -> small.fit(1)).hasMessage("no gradients today");
    assertSame(small.params(), before);
    assertThat(updater.steps()).isEqualTo(1);
    updater.extras(() -> Extras.NONE);
    small.fit(1);
    SmallNetwork other = new SmallNetwork(Kind.GRAPH);
    other.attach(FitTest.all().get(name));
    other.fit(0);
    other.fit(1);
    assertSame(small.params(), other.params());
  }
}
