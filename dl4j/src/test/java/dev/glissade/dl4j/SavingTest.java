package dev.glissade.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Checkpoints;
import dev.glissade.contrib.Contrib;
import dev.glissade.dl4j.SmallNetwork.Kind;
import dev.glissade.optimizer.Optimizers;
import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Going on from files: DL4J's, and a checkpoint beside it. */
class SavingTest {
  @TempDir Path folder;

  static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    assertThat(have.keySet()).isEqualTo(want.keySet());
    have.forEach((path, numbers) -> assertThat(numbers).as(path).isEqualTo(want.get(path)));
  }

  private static GradientTransformation<?> optimizer(String name) {
    return switch (name) {
      case "lbfgs" -> Optimizers.lbfgs();
      case "noisySgd" -> Optimizers.noisySgd(0.05, 3);
      case "mechanize" -> Contrib.mechanize(Optimizers.adamw(1.0));
      default -> FitTest.all().get(name);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "mechanize", "sam", "scheduleFree", "noisySgd", "lbfgs"})
  void goesOnWithTheSameBits(String name) throws Exception {
    for (Kind kind : Kind.values()) {
      Path state = folder.resolve(kind + ".safetensors");
      File file = folder.resolve(kind + ".zip").toFile();
      SmallNetwork small = new SmallNetwork(kind);
      GlissadeUpdater updater = small.attach(optimizer(name));
      for (int step = 0; step < 12; step++) {
        if (step == 7) {
          updater.checkpoint().save(state);
          ModelSerializer.writeModel(small.model, file, true);
        }
        small.fit(step);
      }
      Model loaded =
          kind == Kind.LAYERED
              ? ModelSerializer.restoreMultiLayerNetwork(file)
              : ModelSerializer.restoreComputationGraph(file);
      GlissadeUpdater next = SmallNetwork.attach(loaded, optimizer(name));
      next.resume(Checkpoint.load(state));
      assertThat(next.steps()).isEqualTo(7);
      for (int step = 7; step < 12; step++) {
        SmallNetwork.fit(loaded, new DataSet(small.inputs(step), small.labels(step)));
      }
      assertSame(SmallNetwork.params(loaded), small.params());
      assertThat(next.checkpoint().step()).isEqualTo(12);
    }
  }

  @Test
  void theFileOfTheNetworkNeedsNothingOfOurs() throws Exception {
    SmallNetwork small = new SmallNetwork(Kind.LAYERED);
    small.attach(Contrib.prodigy());
    small.fit(0);
    File file = folder.resolve("network.zip").toFile();
    ModelSerializer.writeModel(small.model, file, true);
    MultiLayerNetwork loaded = ModelSerializer.restoreMultiLayerNetwork(file);
    assertSame(SmallNetwork.params(loaded), small.params());
    BaseLayer layer = (BaseLayer) loaded.getLayer(0).conf().getLayer();
    assertThat(layer.getIUpdater()).isEqualTo(new Adam(1e-3)); // as it was configured
    loaded.fit(new DataSet(small.inputs(1), small.labels(1)));
    assertThat(SmallNetwork.params(loaded)).isNotEqualTo(small.params());
  }

  @ParameterizedTest
  @EnumSource
  void anotherOptimizerOrNetworkIsRefusedAndChangesNothing(Kind kind) throws Exception {
    Path file = folder.resolve("state.safetensors");
    SmallNetwork small = new SmallNetwork(kind);
    GlissadeUpdater updater = small.attach(Contrib.prodigy());
    small.fit(0);
    updater.checkpoint().save(file);
    Checkpoint checkpoint = Checkpoint.load(file);
    SmallNetwork other = new SmallNetwork(kind);
    GlissadeUpdater adam = other.attach(Optimizers.adam(0.1));
    Map<String, double[]> before = other.params();
    assertThatThrownBy(() -> adam.resume(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("the optimizer differs");
    assertSame(other.params(), before);
    SmallNetwork wide =
        new SmallNetwork(kind, org.nd4j.linalg.api.buffer.DataType.FLOAT, 7, b -> b);
    GlissadeUpdater prodigy = wide.attach(Contrib.prodigy());
    assertThatThrownBy(() -> prodigy.resume(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("0_W");
  }

  @Test
  void skippedStepsGoOn() throws Exception {
    Path file = folder.resolve("state.safetensors");
    SmallNetwork small = new SmallNetwork(Kind.LAYERED);
    GlissadeUpdater updater = small.attach(Contrib.prodigy()).nonFinite(NonFinite.SKIP);
    small.fit(0);
    INDArray spoilt = small.inputs(1);
    spoilt.putScalar(0, 0, Double.NaN);
    small.fit(new DataSet(spoilt, small.labels(1)));
    updater.checkpoint().save(file);
    SmallNetwork other = new SmallNetwork(Kind.LAYERED);
    GlissadeUpdater next = other.attach(Contrib.prodigy()).nonFinite(NonFinite.SKIP);
    next.resume(Checkpoint.load(file));
    assertThat(next.estimates()).containsEntry("skipped", 1.0);
    assertThat(next.steps()).isEqualTo(2);
  }

  @Test
  void theListenerSavesEachEpoch() throws Exception {
    MultiLayerNetwork network = Digits.network(3);
    GlissadeUpdater updater = GlissadeUpdater.attach(network, Contrib.prodigy());
    network.setListeners(new SaveStateEachEpoch(updater, folder));
    var batches = Digits.train().batchBy(256);
    network.fit(new org.deeplearning4j.datasets.iterator.ExistingDataSetIterator(batches), 2);
    Checkpoint newest = Checkpoints.in(folder).newest();
    assertThat(newest.step()).isEqualTo(2L * batches.size());
    MultiLayerNetwork again = Digits.network(4);
    GlissadeUpdater next = GlissadeUpdater.attach(again, Contrib.prodigy());
    next.resume(newest);
    assertThat(again.getParam("0_W")).isEqualTo(network.getParam("0_W"));
    assertThat(next.estimates()).isEqualTo(updater.estimates());
  }
}
