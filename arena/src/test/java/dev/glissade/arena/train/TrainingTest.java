package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.GradientTransformation;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.report.Run;
import dev.glissade.arena.report.Trials;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingTest {
  private static Experiment experiment(String optimizers, int epochs, RateSchedule schedule) {
    Plan plan = new Plan(List.of(32), epochs, 32, schedule);
    return new Experiment(Candidate.all(OptimizerParser.list(optimizers), plan), 1, 1, 2);
  }

  private static List<Run> runs(String optimizers, int epochs) {
    return experiment(optimizers, epochs, RateSchedule.COSINE)
        .run(Datasets.digits(), ProgressListener.SILENT)
        .stream()
        .map(Trials::mean)
        .toList();
  }

  @Test
  void digitsAreLearnedInAFewEpochs() {
    for (Run run : runs("prodigy,sam,adamw(learning_rate=0.003)", 6)) {
      assertThat(run.testScore()).as(run.label()).isGreaterThan(0.9);
      assertThat(run.diverged()).isFalse();
      assertThat(run.validationScores()).hasSize(6);
      assertThat(run.validationScore())
          .isEqualTo(Arrays.stream(run.validationScores()).max().orElse(0));
      assertThat(run.validationLoss()).isBetween(0.01, 0.5);
      assertThat(run.steps()).hasSize(6 * 34);
    }
  }

  @Test
  void learnedStepSizesAreFoundWhereverTheyAre() {
    List<Run> runs =
        runs(
            "prodigy,chain(clip_by_global_norm(max_norm=1),dadapt_adamw),sam(mechanize(sgd)),sgd",
            2);
    assertThat(runs.subList(0, 3)).allMatch(run -> run.learnedStepSize().orElse(0) > 1e-6);
    assertThat(runs.get(3).stepSizes()).isNull();
  }

  /** A climb and a descent within a step are those of two steps on the same minibatch. */
  @Test
  void samInOneStepIsSamInTwo() {
    List<Run> runs = runs("sam,sam(opaque_mode=true)", 1);
    assertThat(runs.get(0).losses()).isEqualTo(runs.get(1).losses());
  }

  /** A sam whose adversary goes nowhere is its outer optimizer. */
  @Test
  void samStepsAsOftenAsOthers() {
    List<Run> runs = runs("sam(sgd,scale(step_size=0)),sgd", 1);
    assertThat(runs.get(0).testLoss()).isEqualTo(runs.get(1).testLoss());
  }

  /** The epochs and the model are those of the averages, which beat the noisy points between. */
  @Test
  void theParametersToEvaluateAreScoredAndKept() {
    // slow weights that are never synchronized stay where training began
    String slow = "lookahead(sgd,sync_period=1000000,slow_step_size=0.5)";
    List<Run> runs = runs(slow + ",sgd,schedule_free_sgd", 3);
    assertThat(runs.get(0).testScore()).isLessThan(0.4);
    assertThat(runs.get(0).validationScores()[2]).isLessThan(0.4);
    assertThat(runs.get(1).testScore()).isGreaterThan(0.75);
    assertThat(runs.get(2).testScore()).isGreaterThan(0.75);
    assertThat(runs.get(2).validationScore())
        .isEqualTo(Arrays.stream(runs.get(2).validationScores()).max().orElse(0));
  }

  /** The program gives the loss, and gradients at other points of the same minibatch. */
  @Test
  void lossesAndCurvatureReachTheOptimizersThatNeedThem() {
    String list =
        "momo_adam,chain(adam(learning_rate=0.01),reduce_on_plateau(patience=40)),polyak_sgd,"
            + "sophia(learning_rate=0.01),asam";
    for (Run run : runs(list, 3)) {
      assertThat(run.testScore()).as(run.label()).isGreaterThan(0.75);
    }
  }

  /** A lookahead has a sync_period, too, but takes each minibatch once. */
  @Test
  void onlySamTakesAMinibatchTwice() {
    assertThat(SamMode.of(spec("lookahead(adam,sync_period=5,slow_step_size=0.5)")))
        .isEqualTo(new SamMode(1, false));
    assertThat(SamMode.of(spec("sam"))).isEqualTo(new SamMode(2, false));
    assertThat(SamMode.of(spec("asam(adam)"))).isEqualTo(new SamMode(2, false));
    assertThat(SamMode.of(spec("asam(adam,opaque_mode=true)"))).isEqualTo(new SamMode(1, true));
    assertThat(SamMode.of(spec("chain(sophia)"))).isEqualTo(new SamMode(1, true));
  }

  private static GradientTransformation<?> spec(String optimizer) {
    return OptimizerParser.one(optimizer).optimizer(RateSchedule.CONSTANT, 60);
  }

  @Test
  void schedulesReplaceLearningRatesButNotDistances() {
    assertThat(json("sam"))
        .containsOnlyOnce("cosine_decay_schedule")
        .contains("learning_rate\":0.05");
    assertThat(json("mechanize(sgd)")).containsOnlyOnce("cosine_decay_schedule");
    assertThat(json("split_real_and_imaginary(adam)")).containsOnlyOnce("cosine_decay_schedule");
    assertThat(json("chain(clip(max_delta=1),sgd)")).containsOnlyOnce("cosine_decay_schedule");
    assertThat(json("cocob")).doesNotContain("schedule");
    assertThat(json("prodigy")).contains("\"init_value\":1.0", "\"decay_steps\":60");
    assertThat(json("multi_steps(sgd,every_k_schedule=4)")).contains("\"decay_steps\":15");
    String given =
        "{\"name\":\"sgd\",\"args\":{\"learning_rate\":{\"name\":\"linear_schedule\",\"args\":"
            + "{\"init_value\":1,\"end_value\":0,\"transition_steps\":3}}}}";
    assertThat(json(given)).contains("linear_schedule").doesNotContain("cosine");
  }

  private static String json(String optimizer) {
    OptimizerSpec spec = OptimizerParser.one(optimizer);
    return OptimizerSpec.json(spec.optimizer(RateSchedule.COSINE, 60));
  }

  @Test
  void schedulesGoFromTheirPeakToNothing() {
    for (RateSchedule schedule : RateSchedule.values()) {
      Experiment experiment = experiment("sgd", 3, schedule);
      List<Trials> trials = experiment.run(Datasets.digits(), ProgressListener.SILENT);
      assertThat(trials.get(0).mean().testScore()).as(schedule.toString()).isGreaterThan(0.8);
    }
  }

  @Test
  void labelsTellOptimizersApart() {
    assertThat(OptimizerParser.list("sgd,{\"name\":\"sgd\",\"args\":{\"learning_rate\":1}}, sgd"))
        .extracting(OptimizerSpec::label)
        .containsExactly("sgd", "sgd #2", "sgd #3");
  }

  @Test
  void argumentsMayBeWrittenAsPeopleAndPythonWriteThem() {
    String plain = json("sgd(learning_rate=0.1,momentum=0.5,nesterov=true)");
    assertThat(json("sgd(learning_rate=.1, momentum=+.5, nesterov=True)")).isEqualTo(plain);
    assertThat(json("sgd(learning_rate = 1e-1,momentum=5.e-1,nesterov=true)")).isEqualTo(plain);
    assertThat(json("mechanize(base_optimizer=sgd)")).isEqualTo(json("mechanize(sgd)"));
  }
}
