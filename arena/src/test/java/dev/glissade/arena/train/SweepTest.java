package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.report.SweepParameter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepTest {
  private static final Plan PLAN = new Plan(List.of(), 1, 32, RateSchedule.CONSTANT);

  @Test
  void valuesHaveEqualFactorsAndThreeDigits() {
    assertThat(SweepRange.of("learning_rate=1e-5..10").values(13))
        .containsExactly(
            1e-5, 3.16e-5, 1e-4, 3.16e-4, 1e-3, 3.16e-3, 0.01, 0.0316, 0.1, 0.316, 1.0, 3.16, 10.0);
    assertThat(SweepRange.of("target_epsilon = .5..8.").values(5))
        .containsExactly(.5, 1., 2., 4., 8.);
    assertThat(SweepRange.of("label-noise=0..0.6").values(4)).containsExactly(0., .2, .4, .6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "learning_rate | --over must be name=from..to, such as learning_rate=1e-5..10, but was",
        "lr=1..2 | --over must name one of learning_rate, target_epsilon, label_noise, but was lr;"
            + " did you mean learning_rate?",
        "learning_rate=x..2 | --over must go from one number to another, but had x",
        "learning_rate=2..1 | --over must go from a smaller to a larger number, but was 2.0..1.0",
        "learning_rate=0..1 | --over learning_rate must begin above 0, for equal factors, but was",
        "learning_rate=1..inf | --over must go from one number to another, but had inf",
        "label_noise=0..2 | --over label_noise must be from 0 to 1, but was 2.0",
      })
  void rangesThatAreNone(String range, String message) {
    assertThatThrownBy(() -> SweepRange.of(range))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sgd | \"learning_rate\":0.5",
        "adamw(weight_decay=0.1) | \"learning_rate\":0.5",
        "sam | {\"name\":\"sgd\",\"args\":{\"learning_rate\":0.5",
        "split_real_and_imaginary(adam) | \"learning_rate\":0.5",
        "chain(clip(max_delta=1),sgd) | \"learning_rate\":0.5",
      })
  void theLearningRateIsSetWhereverItIs(String optimizer, String json) {
    OptimizerSpec swept = SweptRate.set(OptimizerParser.one(optimizer), 0.5);
    String plain = OptimizerSpec.json(swept.optimizer(RateSchedule.CONSTANT, 10));
    assertThat(plain).containsOnlyOnce(json);
    assertThat(swept.label()).isEqualTo(optimizer);
  }

  /** The distance that the adversary of sam climbs is no learning rate. */
  @Test
  void distancesStay() {
    OptimizerSpec swept = SweptRate.set(OptimizerParser.one("sam"), 0.5);
    assertThat(OptimizerSpec.json(swept.optimizer(RateSchedule.CONSTANT, 10)))
        .contains("\"learning_rate\":0.05");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prodigy",
        "lbfgs",
        "cocob",
        "dadapt_adamw",
        "mechanize(sgd)",
        "sam(mechanize(sgd))",
        "chain(clip(max_delta=1),prodigy)"
      })
  void optimizersWithoutALearningRateAreTrainedOnce(String optimizer) {
    SweepPlan plan = plan("sgd," + optimizer, SweepParameter.LEARNING_RATE, 0.01, 0.1, 1.0);
    assertThat(plan.candidates(PLAN, PLAN, 0.1)).hasSize(4);
    assertThat(plan.lineOfCandidates()).containsExactly(0, 0, 0, 1);
    assertThat(plan.candidates(PLAN, PLAN, 0.1).get(3).spec().plain())
        .isEqualTo(OptimizerParser.one(optimizer).plain());
  }

  private static SweepPlan plan(String optimizers, SweepParameter parameter, Double... values) {
    return new SweepPlan(OptimizerParser.list(optimizers), parameter, List.of(values));
  }

  @Test
  void otherParameters() {
    SweepPlan epsilon = plan("dpsgd,sgd", SweepParameter.TARGET_EPSILON, 1.0, 2.0);
    assertThat(epsilon.candidates(PLAN, PLAN, 0.1))
        .extracting(Candidate::targetEpsilon)
        .containsExactly(1.0, 2.0, null);
    SweepPlan noise = plan("sgd,prodigy", SweepParameter.LABEL_NOISE, 0.0, 0.3);
    assertThat(noise.candidates(PLAN, PLAN, 0.1))
        .extracting(Candidate::labelNoise)
        .containsExactly(0., .3, 0., .3);
    assertThat(noise.labels()).startsWith("sgd, label_noise 0", "sgd, label_noise 0.3");
    assertThat(plan("sgd", SweepParameter.LEARNING_RATE, 3.16e-5, 1.0).labels())
        .containsExactly("sgd, learning_rate 3.16e-5", "sgd, learning_rate 1");
  }

  @Test
  void sweepsOfNothingAreRefused() {
    assertThatThrownBy(() -> plan("prodigy,cocob", SweepParameter.LEARNING_RATE, 1.0, 2.0))
        .hasMessageContaining("parameter learning_rate of --over, but had only prodigy, cocob");
    assertThatThrownBy(() -> plan("sgd", SweepParameter.TARGET_EPSILON, 1.0, 2.0))
        .hasMessageContaining(
            "parameter target_epsilon of --over, such as dpsgd, but had only sgd");
    assertThatThrownBy(() -> plan("scale(step_size=1)", SweepParameter.LEARNING_RATE, 1.0, 2.0))
        .hasMessageContaining("scale(step_size=1) must have one learning rate that is a number");
  }

  @Test
  void labelNoiseChangesAShareOfTheTrainLabels() {
    Split clean = Datasets.digits().split(0);
    Split noisy = LabelNoise.apply(clean, 0.3, 5);
    assertThat(noisy.test()).isSameAs(clean.test());
    assertThat(changed(clean.train(), noisy.train()))
        .isEqualTo(Math.round(0.3 * clean.train().size()));
    assertThat(LabelNoise.apply(clean, 0.3, 5).train().labels()).isEqualTo(noisy.train().labels());
    assertThat(LabelNoise.apply(clean, 0.3, 6).train().labels())
        .isNotEqualTo(noisy.train().labels());
    assertThat(LabelNoise.apply(clean, 0, 5)).isSameAs(clean);
    Dataset all = LabelNoise.apply(clean, 1, 5).train();
    assertThat(changed(clean.train(), all)).isEqualTo(clean.train().size());
    assertThat(Arrays.stream(all.labels())).allMatch(label -> label >= 0 && label < 10);
  }

  private static long changed(Dataset a, Dataset b) {
    long changed = 0;
    for (int i = 0; i < a.size(); i++) {
      changed += a.labels()[i] == b.labels()[i] ? 0 : 1;
    }
    return changed;
  }

  @Test
  void aStopKeepsWhatIsComplete() throws InterruptedException {
    StopSignal stop = new StopSignal();
    CountDownLatch never = new CountDownLatch(1);
    List<Supplier<Integer>> jobs =
        List.of(
            () -> 1,
            () -> {
              stop.request();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return 2;
            },
            () -> 3);
    assertThat(Jobs.run(jobs, 1, stop)).containsExactly(1, null, null);
  }

  @Test
  void theFirstFailureIsThrown() {
    List<Supplier<Integer>> jobs =
        List.of(
            () -> 1,
            () -> {
              throw new IllegalArgumentException("first");
            },
            () -> {
              throw new IllegalStateException("second");
            });
    assertThatThrownBy(() -> Jobs.run(jobs, 2, new StopSignal()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first");
  }
}
