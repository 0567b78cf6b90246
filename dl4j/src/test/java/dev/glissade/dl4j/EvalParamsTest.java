package dev.glissade.dl4j;

import static dev.glissade.dl4j.SavingTest.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.contrib.Contrib;
import dev.glissade.dl4j.SmallNetwork.Kind;
import dev.glissade.optimizer.Optimizers;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The network with the parameters to evaluate, and training after that. */
class EvalParamsTest {
  @ParameterizedTest
  @EnumSource
  void trainingGoesOnAsIfNothingHadBeenShown(Kind kind) {
    SmallNetwork shown = new SmallNetwork(kind);
    SmallNetwork plain = new SmallNetwork(kind);
    GlissadeUpdater updater = shown.attach(Contrib.scheduleFreeAdamw(0.05));
    plain.attach(Contrib.scheduleFreeAdamw(0.05));
    for (int step = 0; step < 8; step++) {
      shown.fit(step);
      plain.fit(step);
      Map<String, double[]> stepped = plain.params();
      updater.showEvalParams();
      updater.showEvalParams();
      if (step > 1) {
        assertThat(shown.params().get("0_W")).isNotEqualTo(stepped.get("0_W"));
      }
      if (step % 2 == 0) {
        updater.showStepped(); // else the next step notices
        assertSame(shown.params(), stepped);
      }
    }
    shown.fit(8);
    plain.fit(8);
    assertSame(shown.params(), plain.params());
  }

  @Test
  void forMostOptimizersTheyAreTheSame() {
    SmallNetwork small = new SmallNetwork(Kind.LAYERED);
    GlissadeUpdater updater = small.attach(Optimizers.adam(0.1));
    updater.showEvalParams(); // before the first step
    small.fit(0);
    Map<String, double[]> before = small.params();
    updater.showEvalParams();
    assertSame(small.params(), before);
  }

  @Test
  void aCheckpointHasTheSteppedOnes(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("state.safetensors");
    SmallNetwork small = new SmallNetwork(Kind.LAYERED);
    GlissadeUpdater updater = small.attach(Contrib.scheduleFreeAdamw(0.05));
    for (int step = 0; step < 5; step++) {
      small.fit(step);
    }
    Map<String, double[]> stepped = small.params();
    updater.showEvalParams();
    assertThat(small.params().get("0_W")).isNotEqualTo(stepped.get("0_W"));
    updater.checkpoint().save(file);
    SmallNetwork other = new SmallNetwork(Kind.LAYERED);
    GlissadeUpdater next = other.attach(Contrib.scheduleFreeAdamw(0.05));
    next.resume(Checkpoint.load(file));
    assertSame(other.params(), stepped);
    updater.resume(Checkpoint.load(file));
    assertSame(small.params(), stepped);
  }

  @Test
  void detachLeavesTheSteppedOnes() {
    SmallNetwork small = new SmallNetwork(Kind.LAYERED);
    GlissadeUpdater updater = small.attach(Contrib.scheduleFreeAdamw(0.05));
    small.fit(0);
    small.fit(1);
    Map<String, double[]> stepped = small.params();
    updater.showEvalParams();
    updater.detach();
    assertSame(small.params(), stepped);
  }

  @Test
  void gradientsOfOnesOwnMustBeAtTheSteppedOnes() {
    SmallNetwork data = new SmallNetwork(Kind.LAYERED);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list(new DenseLayer.Builder().nIn(3).nOut(1).build())
                .build());
    network.init();
    GlissadeUpdater updater = GlissadeUpdater.attach(network, Contrib.scheduleFreeAdamw(0.05));
    updater.showEvalParams();
    network.setInput(data.inputs(0));
    network.feedForward(true, false);
    var pair = network.backpropGradient(data.labels(0), LayerWorkspaceMgr.noWorkspaces());
    assertThatThrownBy(() ->
            network
                .getUpdater()
                .update(network, pair.getFirst(), 0, 0, 4, LayerWorkspaceMgr.noWorkspaces()))
        .hasMessage(
            "showStepped must be called before the passes of a step, but the network still had the"
                + " parameters to evaluate");
  }
}
