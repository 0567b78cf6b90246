package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.Dataset;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.crf.CRFTrainer;
import org.tribuo.classification.sgd.fm.FMClassificationTrainer;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.common.sgd.FMParameters;
import org.tribuo.dataset.DatasetView;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.math.optimisers.ParameterAveraging;
import org.tribuo.sequence.SequenceModel;

/** What happens from initialise to reset, and to copies. */
class TrainingsTest {
  private static final MutableDataset<Label> DATA = Models.labels(true);

  private static LinearSGDTrainer trainer(StochasticGradientOptimiser optimiser, long seed) {
    return new LinearSGDTrainer(new LogMulticlass(), optimiser, 3, -1, 1, seed);
  }

  private static DenseMatrix trained(LinearSGDTrainer trainer) {
    return trainer.train(DATA).getWeightsCopy();
  }

  @Test
  void oneObjectServesSeveralTrainings() {
    GlissadeOptimiser one = GlissadeOptimiser.of(Contrib.prodigy());
    DenseMatrix first = trained(trainer(one, 1));
    assertThat(trained(trainer(one, 1))).isEqualTo(first);
    assertThat(trained(trainer(GlissadeOptimiser.of(Contrib.prodigy()), 1))).isEqualTo(first);
    assertThat(trained(trainer(one, 2))).isNotEqualTo(first);
  }

  @Test
  void alsoInSeveralThreads() throws Exception {
    GlissadeOptimiser one = GlissadeOptimiser.of(Contrib.prodigy());
    List<DenseMatrix> want = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      want.add(trained(trainer(one, seed)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<DenseMatrix>> have = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        LinearSGDTrainer trainer = trainer(one, i % 4);
        have.add(threads.submit(() -> trained(trainer)));
      }
      for (int i = 0; i < have.size(); i++) {
        assertThat(have.get(i).get()).isEqualTo(want.get(i % 4));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void tellsWhatTheLastTrainingLearned() {
    GlissadeOptimiser one = GlissadeOptimiser.of(Contrib.prodigy());
    assertThat(one.estimates()).isEmpty();
    new LinearSGDTrainer(new LogMulticlass(), one, 60, -1, 1, 1).train(DATA);
    assertThat(one.estimates().get("d")).isGreaterThan(1e-4); // began at 1e-6
    LinearParameters model = Models.linear();
    one.initialise(model);
    one.step(Models.gradients(model, 1), 1);
    assertThat(one.estimates().get("d")).isEqualTo(1e-6, within(1e-7));
  }

  /** Others than those that are stepped: of averages, Schedule-Free and SAM while it climbs. */
  static List<GradientTransformation<?>> withEvalParams() {
    return List.of(
        Transforms.paramsEma(Optimizers.sgd(0.1), 0.9),
        Contrib.scheduleFreeSgd(0.1),
        Contrib.sam(Optimizers.sgd(0.1), Optimizers.sgd(0.05)));
  }

  @ParameterizedTest
  @MethodSource("withEvalParams")
  void leavesTheParametersToEvaluate(GradientTransformation<?> optimizer) {
    LinearParameters model = Models.linear();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(optimizer);
    Tree x = Tree.of("weights", Tensor.of(Models.numbers(model)[0], 3, 4));
    Stepper<?> core = Stepper.of(optimizer, x);
    optimiser.initialise(model);
    for (int step = 0; step < 5; step++) {
      org.tribuo.math.la.Tensor[] gradients = Models.gradients(model, step);
      double[] descent = Models.numbers(gradients)[0];
      for (int i = 0; i < descent.length; i++) {
        descent[i] = -descent[i];
      }
      core.step(Tree.of("weights", Tensor.of(descent, 3, 4)));
      optimiser.step(gradients, 1);
      if (step == 2) {
        optimiser.finalise(); // and training goes on
        assertThat(Models.numbers(model)[0])
            .isEqualTo(core.evalParams().get("weights").toDoubles());
      }
    }
    assertThat(Models.numbers(model)[0]).isEqualTo(core.params().get("weights").toDoubles());
    optimiser.finalise();
    assertThat(Models.numbers(model)[0])
        .isEqualTo(core.evalParams().get("weights").toDoubles())
        .isNotEqualTo(core.params().get("weights").toDoubles());
    optimiser.reset();
  }

  @Test
  void needsToBegin() {
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Contrib.prodigy());
    String want = "a training must have begun: call initialise first, as Tribuo's trainers do";
    assertThatThrownBy(() -> optimiser.step(new org.tribuo.math.la.Tensor[0], 1)).hasMessage(want);
    assertThatThrownBy(optimiser::finalise).hasMessage(want);
    assertThatThrownBy(optimiser::checkpoint).hasMessage(want);
    optimiser.initialise(Models.linear());
    optimiser.copy().reset();
    assertThatThrownBy(() -> optimiser.copy().finalise()).hasMessage(want);
    optimiser.reset();
    assertThatThrownBy(optimiser::finalise).hasMessage(want);
  }

  @Test
  void isNotAveragedByTribuo() {
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Contrib.prodigy());
    assertThatThrownBy(() -> trained(trainer(new ParameterAveraging(optimiser), 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "GlissadeOptimiser must not be inside ParameterAveraging, which would see no updates"
                + " to average: use GlissadeOptimiser.of(Transforms.swa(...)) or paramsEma");
  }

  /** As the trainer's minibatches, but with the weight of each example. */
  @ParameterizedTest
  @ValueSource(ints = {4, 11, 100})
  void accumulatesInPlaceOfMinibatches(int size) {
    LinearSGDTrainer minibatches =
        new LinearSGDTrainer(
            new LogMulticlass(),
            GlissadeOptimiser.of(Optimizers.adam(0.1)).minibatchSize(size),
            1,
            -1,
            size,
            1);
    LinearSGDTrainer accumulated =
        new LinearSGDTrainer(
            new LogMulticlass(),
            GlissadeOptimiser.of(Optimizers.adam(0.1)).accumulate(size),
            1,
            -1,
            1,
            1);
    double[][] want = trained(minibatches).toArray();
    double[][] have = trained(accumulated).toArray();
    for (int i = 0; i < want.length; i++) {
      assertThat(have[i]).containsExactly(want[i], within(1e-12));
    }
  }

  @Test
  void weightsAccumulatedExamples() {
    LinearParameters model = Models.linear();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.sgd(0.1)).accumulate(2);
    double[] before = Models.numbers(model)[0];
    org.tribuo.math.la.Tensor[] first = Models.gradients(model, 2); // dense
    org.tribuo.math.la.Tensor[] second = Models.gradients(model, 3); // sparse
    assertThat(second[0]).isInstanceOf(org.tribuo.math.la.DenseSparseMatrix.class);
    optimiser.initialise(model);
    optimiser.step(first, 3);
    assertThat(Models.numbers(model)[0]).isEqualTo(before);
    optimiser.step(second, 0.5);
    double[] g = Models.numbers(first)[0];
    double[] h = Models.numbers(second)[0];
    double[] after = Models.numbers(model)[0];
    for (int i = 0; i < g.length; i++) {
      assertThat(after[i]).isEqualTo(before[i] + 0.1 * (3 * g[i] + 0.5 * h[i]) / 2, within(1e-12));
    }
    optimiser.step(first, 1);
    optimiser.finalise(); // the one that is left
    for (int i = 0; i < g.length; i++) {
      assertThat(Models.numbers(model)[0][i]).isEqualTo(after[i] + 0.1 * g[i], within(1e-12));
    }
  }

  /** These minibatches crash in Tribuo 4.3.2, also with its own optimizers. */
  @Test
  void accumulatesSparseExamplesOfFactorizationMachines() {
    MutableDataset<Label> sparse = Models.labels(false);
    assertThatThrownBy(() -> machine(new AdaGrad(0.1), 4).train(sparse))
        .isInstanceOf(ClassCastException.class);
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.adam(0.1)).accumulate(4);
    assertThat(machine(optimiser, 1).train(sparse)).isNotNull();
  }

  /** The same for linear models if the first example is sparse and another is dense. */
  @Test
  void accumulatesSparseAndDenseExamplesOfLinearModels() {
    MutableDataset<Label> mixed = Models.labels(false);
    Dataset<Label> sparseFirst =
        new DatasetView<>(mixed, new int[] {1, Models.DENSE, 2}, "sparse first");
    LinearSGDTrainer theirs =
        new LinearSGDTrainer(new LogMulticlass(), new AdaGrad(0.1), 1, -1, 3, 1);
    theirs.setShuffle(false);
    assertThatThrownBy(() -> theirs.train(sparseFirst)).isInstanceOf(ClassCastException.class);
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.adam(0.1)).accumulate(3);
    LinearSGDTrainer ours = trainer(optimiser, 1);
    ours.setShuffle(false);
    assertThat(ours.train(sparseFirst)).isNotNull();
  }

  private static FMClassificationTrainer machine(StochasticGradientOptimiser optimiser, int batch) {
    return new FMClassificationTrainer(new LogMulticlass(), optimiser, 3, -1, batch, 1, 3, 0.1);
  }

  @Test
  void trainsSequences() {
    var data = MeanGradientTest.sequences();
    SequenceModel<Label> model =
        new CRFTrainer(GlissadeOptimiser.of(Contrib.prodigy()).accumulate(7), 60, 1000, 1, 1)
            .train(data);
    var found = model.predict(data.getExample(2));
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).getOutput().getLabel())
          .isEqualTo(data.getExample(2).get(i).getOutput().getLabel());
    }
  }

  @Test
  void namesAndFreezesParameters() {
    FMParameters model = Models.machine();
    GlissadeOptimiser optimiser =
        GlissadeOptimiser.of(
            Transforms.chain(Optimizers.adam(0.1), Transforms.freeze("bias", "factors/1")));
    optimiser.initialise(model);
    double[][] before = Models.numbers(model);
    for (int step = 0; step < 3; step++) {
      optimiser.step(Models.gradients(model, step), 1);
    }
    double[][] after = Models.numbers(model);
    assertThat(after[0]).isEqualTo(before[0]);
    assertThat(after[1]).isNotEqualTo(before[1]);
    assertThat(after[2]).isNotEqualTo(before[2]);
    assertThat(after[3]).isEqualTo(before[3]);
    assertThat(optimiser.checkpoint().params().paths())
        .containsExactlyInAnyOrder("bias", "weights", "factors/0", "factors/1");
  }

  /** A model whose tensors are replaced by others of the same shapes keeps the state. */
  @Test
  void followsReplacedParameters() {
    LinearParameters model = Models.linear();
    LinearParameters other = Models.linear();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.adam(0.1)).accumulate(2);
    GlissadeOptimiser undisturbed = GlissadeOptimiser.of(Optimizers.adam(0.1)).accumulate(2);
    optimiser.initialise(model);
    undisturbed.initialise(other);
    for (int step = 0; step < 6; step++) {
      if (step == 3) {
        DenseMatrix before = model.getWeightMatrix();
        model.set(new org.tribuo.math.la.Tensor[] {before.copy()});
        assertThat(model.getWeightMatrix()).isNotSameAs(before);
      }
      optimiser.step(Models.gradients(model, step), 1);
      undisturbed.step(Models.gradients(other, step), 1);
    }
    assertThat(model.getWeightMatrix()).isEqualTo(other.getWeightMatrix());
  }
}
