package dev.glissade.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;

/** Optimizers of each kind train through DL4J's own fit. */
class FitTest {
  static Map<String, GradientTransformation<?>> all() {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    GradientTransformation<?> adam = Optimizers.adam(0.01);
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("adamw", Optimizers.adamw(0.01));
    all.put("prodigy", Contrib.prodigy());
    all.put("sam", Contrib.sam(Optimizers.adam(0.02), adversary));
    all.put("sam opaque", Contrib.sam(adam, adversary).opaqueMode(true));
    all.put("scheduleFree", Contrib.scheduleFreeAdamw(0.02));
    all.put("muon", Contrib.muon(0.02));
    all.put("dpsgd", Contrib.dpsgd(0.3, 5, 0.01, 7));
    return all;
  }

  static Set<String> names() {
    return all().keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void learns(String name) {
    MultiLayerNetwork network = Digits.network(1);
    GlissadeUpdater updater = GlissadeUpdater.attach(network, all().get(name));
    boolean byExamples = name.equals("dpsgd"); // a pass for each
    DataSet train = Digits.train();
    for (int epoch = 0; epoch < (name.equals("prodigy") ? 4 : 2); epoch++) {
      train.shuffle(epoch);
      train.batchBy(64).stream().limit(byExamples ? 5 : 1000).forEach(network::fit);
    }
    updater.showEvalParams();
    assertThat(Digits.accuracy(network)).isGreaterThan(byExamples ? 0.4 : 0.75);
  }

  /** The same layers learn alike as a graph. */
  @Test
  void learnsAsAGraph() {
    ComputationGraph graph = Digits.network(1).toComputationGraph();
    GlissadeUpdater updater = GlissadeUpdater.attach(graph, Contrib.prodigy());
    updater.nonFinite(NonFinite.ERROR);
    DataSet train = Digits.train();
    for (int epoch = 0; epoch < 4; epoch++) {
      train.shuffle(epoch);
      train.batchBy(64).forEach(graph::fit);
    }
    int right = 0;
    int[] classes = graph.output(train.getFeatures())[0].argMax(1).toIntVector();
    int[] labels = train.getLabels().argMax(1).toIntVector();
    for (int i = 0; i < labels.length; i++) {
      right += classes[i] == labels[i] ? 1 : 0;
    }
    assertThat((double) right / labels.length).isGreaterThan(0.9);
    assertThat(updater.estimates().get("d")).isGreaterThan(1e-5);
    assertThat(updater.steps()).isEqualTo(4L * ((labels.length + 63) / 64));
  }

  @Test
  void theExampleRuns() {
    PrintStream before = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Digits.main(new String[] {"8"});
    } finally {
      System.setOut(before);
    }
    String[] lines = printed.toString(StandardCharsets.UTF_8).split("\n");
    assertThat(lines).hasSize(4);
    assertThat(lines[0]).startsWith("DL4J's");
    for (String line : lines) {
      assertThat(Double.parseDouble(line.substring(10))).isBetween(0.85, 1.0);
    }
  }

  @Test
  @Tag("slow")
  void oursAreAsGoodAsTheirAdam() {
    Map<String, Double> accuracies = Digits.accuracies(30, 3);
    double adam = accuracies.get("DL4J's");
    assertThat(adam).isGreaterThan(0.95);
    assertThat(accuracies).hasSize(4);
    assertThat(accuracies.values()).allSatisfy(a -> assertThat(a).isGreaterThan(adam - 0.01));
  }
}
