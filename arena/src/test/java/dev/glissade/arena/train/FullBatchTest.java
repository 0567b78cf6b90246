package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.LossFunction;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.report.Run;
import dev.glissade.models.Activation;
import dev.glissade.models.Batch;
import dev.glissade.models.Losses;
import dev.glissade.models.Mlp;
import dev.glissade.models.Objective;
import dev.glissade.models.Targets;
import dev.glissade.optimizer.Optimizers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on all examples at each step, with and without a line search. */
class FullBatchTest {
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT32", "FLOAT64"})
  void lbfgsFitsLogisticRegression(String type) throws Exception {
    requireFit("OpenBLAS", LogisticRegression.fit(type));
  }

  /** The same in Java, where the jars of the native library are not there. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT32", "FLOAT64"})
  void lbfgsFitsLogisticRegressionWithoutTheNativeLibrary(String type) throws Exception {
    requireFit("Java", WithoutOpenblas.call(LogisticRegression.class, "fit", type));
  }

  private static Plan plan(int epochs, int batch, double l2) {
    return plan(epochs, batch, l2, RateSchedule.COSINE);
  }

  private static Plan plan(int epochs, int batch, double l2, RateSchedule schedule) {
    Plan.Fit fit = new Plan.Fit(Activation.RELU, RegressionLoss.SQUARED, 0, false, l2);
    return new Plan(List.of(), epochs, batch, schedule, NonFiniteHandling.STOP, fit);
  }

  private static Run run(String optimizer, Plan plan) {
    List<Candidate> candidates = Candidate.all(OptimizerParser.list(optimizer), plan);
    return new Experiment(candidates, 0, 1, 1)
        .run(Datasets.digits(), ProgressListener.SILENT)
        .get(0)
        .mean();
  }

  /** Returns what the program minimizes on the digits, computed in double precision. */
  private static LossFunction loss(double l2) {
    Dataset train = Datasets.digits().split(0).train();
    double[] inputs = new double[train.size() * train.features()];
    float[] floats = train.inputs();
    Arrays.setAll(inputs, i -> floats[i]);
    Mlp model = Mlp.linear(train.features(), 10).dtype(DType.FLOAT64);
    Tensor matrix = Tensor.wrap(inputs, train.size(), train.features());
    return Objective.of(model, Losses.softmaxCrossEntropy())
        .l2(l2)
        .lossFunction(new Batch(matrix, Targets.labels(train.labels())));
  }

  private static Tree initialParams() {
    return Mlp.linear(64, 10).dtype(DType.FLOAT64).initialParams(0);
  }

  /** Steps on minibatches as large as the train part are the same. */
  @ParameterizedTest
  @ValueSource(ints = {Plan.ALL, 1_000_000})
  void aStepTakesAllExamplesAndThePenalty(int batch) {
    Run run = run("sgd(learning_rate=0.5)", plan(8, batch, 0.01, RateSchedule.CONSTANT));
    LossFunction loss = loss(0.01);
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(0.5), initialParams());
    assertThat(run.steps()).hasSize(8);
    assertThat(run.evaluations()).isEqualTo(8);
    for (double have : run.losses()) {
      assertThat(have).isCloseTo(stepper.step(loss), within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lbfgs",
        "chain(scale_by_lbfgs,sgd(learning_rate=1),"
            + "scale_by_backtracking_linesearch(max_backtracking_steps=20,store_grad=true))",
        "chain(scale_by_lbfgs,sgd(learning_rate=1),"
            + "scale_by_zoom_linesearch(max_linesearch_steps=20))",
      })
  void lineSearchesReachTheOptimum(String optimizer) {
    LossFunction loss = loss(0.01);
    Stepper<?> stepper = Stepper.of(Optimizers.lbfgs(), initialParams());
    for (int step = 0; step < 100; step++) {
      stepper.stepAgain(loss);
    }
    double optimum = loss.value(stepper.params(), 0);
    Run run = run(optimizer, plan(80, Plan.ALL, 0.01));
    assertThat(run.losses()[run.losses().length - 1]).isCloseTo(optimum, within(2e-5));
    assertThat(run.evaluations()).isLessThan(120);
    // the losses of results are without the penalty
    assertThat(run.trainLoss()).isLessThan(optimum - 0.05);
    assertThat(run.testScore()).isGreaterThan(0.9);
  }

  /** What a line search can't lower ends a run long before all epochs. */
  @Test
  void aRunEndsAtTheOptimum() {
    Run run = run("lbfgs", plan(2000, Plan.ALL, 0.1));
    assertThat(run.validationScores().length).isBetween(10, 200);
    assertThat(run.evaluations()).isLessThan(400);
    assertThat(run.notes())
        .anyMatch(note -> note.contains("since its line search found no lower loss"));
  }

  /** Each search stays on its minibatch; the next one begins with another. */
  @Test
  void minibatchesCanBeSearchedToo() {
    String search =
        "chain(sgd(learning_rate=0.5),scale_by_backtracking_linesearch(max_backtracking_steps=20))";
    Run run = run(search, plan(5, 200, 0));
    assertThat(run.steps()).hasSize(5 * 6);
    assertThat(run.evaluations()).isBetween(2L * 30, 4L * 30);
    assertThat(run.testScore()).isGreaterThan(0.85);
    assertThat(run.notes()).anyMatch(note -> note.contains("pass --batch all"));
  }

  /** Gradients at other points, for SAM and Sophia, are of all examples as well. */
  @Test
  void othersStepOnAllExamples() {
    for (String optimizer : List.of("sam(opaque_mode=true)", "sophia(learning_rate=0.01)", "sam")) {
      Run run = run(optimizer, plan(20, Plan.ALL, 0));
      assertThat(run.steps()).hasSize(20);
      assertThat(run.evaluations()).as(optimizer).isBetween(21L, 40L);
      assertThat(run.losses()[19]).isLessThan(0.6 * run.losses()[0]);
    }
  }

  @Test
  void schedulesLeaveLineSearchesAlone() {
    String search = "scale_by_zoom_linesearch(max_linesearch_steps=5)";
    assertThat(scheduled("lbfgs")).doesNotContain("schedule");
    assertThat(scheduled("chain(sgd(learning_rate=1)," + search + ")")).doesNotContain("schedule");
    assertThat(scheduled("chain(sgd(learning_rate=1),chain(" + search + "))"))
        .doesNotContain("schedule");
    assertThat(scheduled("lbfgs(linesearch=identity)")).containsOnlyOnce("cosine_decay_schedule");
    assertThat(scheduled("sam(adam(learning_rate=1),chain(sgd(learning_rate=1)," + search + "))"))
        .containsOnlyOnce("cosine_decay_schedule");
  }

  private static String scheduled(String optimizer) {
    return OptimizerSpec.json(OptimizerParser.one(optimizer).optimizer(RateSchedule.COSINE, 60));
  }

  private static void requireFit(String library, String found) {
    String[] words = found.split(" ");
    assertThat(words[0]).isEqualTo(library);
    assertThat(Double.parseDouble(words[1]))
        .isBetween(LogisticRegression.OPTIMUM - 1e-7, LogisticRegression.OPTIMUM + 5e-7);
    assertThat(Integer.parseInt(words[2])).as(found).isBetween(1, 39);
  }
}
