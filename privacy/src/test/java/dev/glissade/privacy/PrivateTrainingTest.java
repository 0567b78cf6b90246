package dev.glissade.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.Chain;
import dev.glissade.combine.MultiSteps;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.accounting.Adjacency;
import dev.glissade.privacy.accounting.GaussianSteps;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.LossDistributionAccountant;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.PrivacyLedger;
import dev.glissade.privacy.accounting.SampledGaussian;
import dev.glissade.transform.Transforms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PrivateTrainingTest {
  private static final double DELTA = 1e-5;
  private static final int EXAMPLES = 2000;
  private static final double RATE = 0.05;

  /** Examples scatter around (1, -2); the gradient of half the squared distance. */
  private static Tree gradient(Tree at, int example) {
    double angle = example;
    return at.minus(
            Tree.of(
                "w",
                Tensor.of(
                    new float[] {
                      (float) (1 + 0.3 * Math.cos(angle)), (float) (-2 + 0.3 * Math.sin(angle))
                    })))
        .evaluate();
  }

  private static PrivateTraining training(double noise) {
    return PrivateTraining.of(
        Optimizers.sgd(0.1),
        Tree.of("w", Tensor.of(new float[2])),
        EXAMPLES,
        RATE,
        new Clipping.Flat(1),
        noise);
  }

  @Test
  void learnsAndStopsWithinItsBudget() {
    PrivateTraining training = training(2).budget(3, DELTA);
    long allowed = training.stepsLeft();
    assertThat(allowed).isGreaterThan(50);
    while (training.step(PrivateTrainingTest::gradient)) {
      assertThat(training.steps()).isLessThanOrEqualTo(allowed);
    }
    assertThat(training.steps()).isEqualTo(allowed);
    assertThat(training.stepsLeft()).isZero();
    assertThat(training.guarantee(DELTA).epsilon()).isLessThanOrEqualTo(3).isGreaterThan(2.99);
    assertThat(training.params().get("w").get(0)).isCloseTo(1, offset(0.15));
    assertThat(training.params().get("w").get(1)).isCloseTo(-2, offset(0.15));
  }

  @Test
  void aStepThatFailsCountsForNothing() {
    PrivateTraining training = training(1);
    training.step(PrivateTrainingTest::gradient);
    double before = training.params().get("w").get(0);
    assertThatThrownBy(() ->
            training.step((at, example) -> {
              throw new IllegalStateException("no data");
            }))
        .hasMessage("no data");
    assertThat(training.steps()).isEqualTo(1);
    assertThat(training.params().get("w").get(0)).isEqualTo(before);
    assertThat(training.step(PrivateTrainingTest::gradient)).isTrue();
  }

  @Test
  void wrongUsesAreRefused() {
    assertThatThrownBy(() -> training(0))
        .hasMessage(
            "noiseMultiplier must be positive, since there is no epsilon without noise, but was 0.0");
    assertThatThrownBy(() ->
            PrivateTraining.of(
                Contrib.dpsgd(0.1, 1, 1, 1), Tree.empty(), 10, 0.1, new Clipping.Flat(1), 1))
        .hasMessage(
            "optimizer must take mean gradients, but takes per-example ones: PrivateTraining clips"
                + " and adds noise itself");
  }

  private static PrivateTraining shuffled() {
    return PrivateTraining.shuffled(
        Optimizers.sgd(0.1),
        Tree.of("w", Tensor.of(new float[2])),
        EXAMPLES,
        200,
        new Clipping.Flat(1),
        8);
  }

  @Test
  void shuffledBatchesHaveTheirOwnFigure() {
    PrivateTraining training = shuffled().budget(2, DELTA);
    while (training.step(PrivateTrainingTest::gradient)) {}
    assertThat(training.params().get("w").get(0)).isCloseTo(1, offset(0.15));
    assertThat(training.steps() % 10).isZero();
    assertThatThrownBy(() -> training.guarantee(DELTA))
        .hasMessage(
            "the ledger must have only Poisson sampling, but had shuffled batches: call"
                + " guaranteeWithoutAmplification, for neighbors by \"zero out one example\"");
    Guarantee stated = training.guaranteeWithoutAmplification(DELTA);
    assertThat(stated.epsilon()).isLessThanOrEqualTo(2).isGreaterThan(1.3);
    assertThat(stated.adjacency()).isEqualTo(Adjacency.ZERO_OUT_ONE);
  }

  /** One example, two sums: whoever shares a ledger or drops a batch has it counted twice. */
  @Test
  void epochsThatWereBegunCount() {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    for (int run = 0; run < 2; run++) {
      PrivateTraining training = ofTwo().ledger(ledger);
      training.step(PrivateTrainingTest::gradient);
    }
    LossDistributionAccountant tight = new LossDistributionAccountant();
    tight.add(new SampledGaussian(1, 1, 2));
    double stated = ofTwo().ledger(ledger).guaranteeWithoutAmplification(DELTA).epsilon();
    assertThat(stated).isEqualTo(tight.epsilon(DELTA).epsilon());
    PrivateTraining dropping = ofTwo();
    dropping.draw();
    for (int i = 0; i < 2; i++) {
      dropping.draw();
      dropping.add(gradient(dropping.params(), 0));
      dropping.finish();
    }
    assertThat(dropping.guaranteeWithoutAmplification(DELTA).epsilon()).isEqualTo(stated);
  }

  private static PrivateTraining ofTwo() {
    return PrivateTraining.shuffled(
        Optimizers.sgd(0.1), Tree.of("w", Tensor.of(new float[2])), 2, 1, new Clipping.Flat(1), 1);
  }

  @Test
  void twoTrainingsOnOneLedgerShareItsBudget() {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    PrivateTraining one = training(2).ledger(ledger).budget(3, DELTA);
    PrivateTraining other = training(2).ledger(ledger).budget(3, DELTA);
    while (one.step(PrivateTrainingTest::gradient) | other.step(PrivateTrainingTest::gradient)) {}
    assertThat(one.steps()).isPositive();
    assertThat(Math.abs(one.steps() - other.steps())).isLessThanOrEqualTo(1);
    assertThat(other.guarantee(DELTA).epsilon()).isLessThanOrEqualTo(3);
  }

  @Test
  void aClipThatFindsNothingStaysWhereItCanBeUsed() {
    PrivateTraining training = momentum(new Clipping.Adaptive(1e-10, 0.5, 2, 30));
    for (int i = 0; i < 50; i++) {
      training.step((at, example) -> at.zeros().evaluate());
    }
    assertThat(training.l2NormClip()).isBetween(1e-12, 1e-11);
  }

  @Test
  void aBatchGetsTheGradientsThatWereSampled() {
    PrivateTraining training = training(1);
    assertThatThrownBy(training::finish).hasMessage("a batch must be drawn first: call draw");
    int[] batch = training.draw();
    assertThatThrownBy(training::finish)
        .hasMessage(
            "the batch must have %d gradients, one for each example drawn, but had 0"
                .formatted(batch.length));
    for (int example : batch) {
      training.add(gradient(training.params(), example));
    }
    assertThatThrownBy(() -> training.add(gradient(training.params(), 1)))
        .hasMessage(
            "the batch must have %d gradients, one for each example drawn, but had %d"
                .formatted(batch.length, batch.length + 1));
    training.finish();
    assertThat(training.steps()).isEqualTo(1);
    assertThatThrownBy(() -> training.add(gradient(training.params(), 1)))
        .hasMessage("a batch must be drawn first: call draw");
  }

  @Test
  void goingBackToAnOlderStateDoesNotGiveTheBudgetBack() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    PrivateTraining training = training(2).ledger(ledger).budget(3, DELTA);
    long allowed = training.stepsLeft();
    for (int i = 0; i < 10; i++) {
      training.step(PrivateTrainingTest::gradient);
    }
    PrivateTraining.State older = training.state();
    for (int i = 0; i < 30; i++) {
      training.step(PrivateTrainingTest::gradient);
    }
    PrivateTraining resumed = training(2).ledger(ledger).budget(3, DELTA).resume(older);
    assertThat(resumed.steps()).isEqualTo(10);
    assertThat(resumed.stepsLeft()).isEqualTo(allowed - 40);
    assertThat(resumed.guarantee(DELTA)).isEqualTo(training.guarantee(DELTA));
    assertThatThrownBy(() -> training(2).resume(older))
        .hasMessage(
            "this ledger must have every step that it had at the checkpoint, but lacked"
                + " [SampledGaussian[samplingRate=0.05, noiseMultiplier=2.0, steps=10]]: use the"
                + " checkpoint's own ledger; if it is lost, restoreLedger (--ledger-lost in the"
                + " program) adds the steps that the checkpoint knows");
    assertThatThrownBy(() -> training(2.5).ledger(ledger).resume(older))
        .hasMessage(
            "noise and batches must be those of the checkpoint: it counts 10 steps or epochs, but"
                + " this ledger had 0 of SampledGaussian[samplingRate=0.05, noiseMultiplier=2.5,"
                + " steps=1]");
    PrivateTraining other = training(4).ledger(ledger).budget(3, DELTA);
    long alone = training(4).budget(3, DELTA).stepsLeft();
    assertThat(other.stepsLeft()).isPositive().isLessThan(alone);
    while (resumed.step(PrivateTrainingTest::gradient)) {}
    assertThat(resumed.guarantee(DELTA).epsilon()).isLessThanOrEqualTo(3);
    assertThat(training(2).ledger(ledger).budget(3, DELTA).stepsLeft()).isZero();
  }

  /** A ledger that was lost counts again what a checkpoint knows, of other trainings as well. */
  @Test
  void aLostLedgerIsRestored() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    training(3).ledger(ledger).step(PrivateTrainingTest::gradient);
    PrivateTraining training = training(2).ledger(ledger).budget(3, DELTA);
    for (int i = 0; i < 10; i++) {
      training.step(PrivateTrainingTest::gradient);
    }
    PrivateTraining.State state = training.state();
    PrivacyLedger found = PrivacyLedger.inMemory();
    PrivateTraining resumed = training(2).ledger(found).budget(3, DELTA);
    assertThatThrownBy(() -> resumed.resume(state)).hasMessageContaining("restoreLedger");
    assertThatThrownBy(() -> resumed.restoreLedger(state, -1)).hasMessageContaining("since");
    assertThatThrownBy(() -> training(4).ledger(found).restoreLedger(state, 1))
        .hasMessageContaining("noise and batches must be those of the checkpoint");
    assertThat(found.spent()).isEmpty();
    resumed.restoreLedger(state, 5).resume(state);
    assertThat(found.spent())
        .containsExactlyInAnyOrder(
            new SampledGaussian(RATE, 3, 1), new SampledGaussian(RATE, 2, 15));
    assertThat(resumed.steps()).isEqualTo(10);
    assertThat(resumed.spent()).isEqualTo(15);
  }

  /** What is spent is what was recorded, and no more than the budget, whoever spends when. */
  @Test
  void trainingsInThreadsShareABudget() throws Exception {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    double[] noises = {2, 2, 4};
    List<Callable<Long>> runs = new ArrayList<>();
    for (double noise : noises) {
      PrivateTraining training = training(noise).ledger(ledger).budget(1, DELTA);
      runs.add(() -> {
        while (training.step(PrivateTrainingTest::gradient)) {}
        return training.steps();
      });
    }
    ExecutorService pool = Executors.newFixedThreadPool(noises.length);
    long sum = 0;
    for (Future<Long> run : pool.invokeAll(runs)) {
      sum += run.get();
    }
    pool.shutdown();
    assertThat(ledger.spent().stream().mapToLong(GaussianSteps::count).sum()).isEqualTo(sum);
    PrivacyBudget budget = PrivacyBudget.of(1, DELTA).after(ledger.spent());
    for (double noise : noises) {
      SampledGaussian one = new SampledGaussian(RATE, noise, 1);
      assertThat(budget.allows(one.withCount(0))).isTrue();
      assertThat(budget.allows(one)).isFalse();
    }
  }

  /** The rest of a budget can go while a batch is computed: then its noise is not drawn. */
  @Test
  void aStepThatComesTooLateIsNotTaken() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    PrivateTraining late = training(2).ledger(ledger).budget(3, DELTA);
    long allowed = late.stepsLeft();
    int[] batch = late.draw();
    for (int example : batch) {
      late.add(gradient(late.params(), example));
    }
    ledger.add(new SampledGaussian(RATE, 2, allowed));
    Tree before = late.params().copy();
    assertThatThrownBy(late::finish)
        .hasMessage(
            "the budget must allow the step, but another training spent the rest: the step was not"
                + " taken");
    assertThat(late.step((at, example) -> gradient(at, example))).isFalse();
    assertThatThrownBy(late::tryFinish)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a batch must be drawn first: call draw");
    assertThat(late.params().get("w").toFloats()).containsExactly(before.get("w").toFloats());
    assertThat(late.steps()).isZero();
    assertThat(late.spent()).isEqualTo(allowed);
  }

  @Test
  void tryFinishReturnsFalseWhenTheRestIsSpent() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    PrivateTraining late = training(2).ledger(ledger).budget(3, DELTA);
    long allowed = late.stepsLeft();
    for (boolean spent : new boolean[] {false, true}) {
      for (int example : late.draw()) {
        late.add(gradient(late.params(), example));
      }
      if (spent) {
        ledger.add(new SampledGaussian(RATE, 2, allowed - 1));
      }
      assertThat(late.tryFinish()).isEqualTo(!spent);
      assertThat(late.steps()).isEqualTo(1);
    }
    assertThat(late.spent()).isEqualTo(allowed);
  }

  @Test
  void resumingRestoresTheOptimizerAndTheClip() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    Clipping adaptive = Clipping.Adaptive.of(1, 100);
    PrivateTraining first = momentum(adaptive).ledger(ledger);
    for (int i = 0; i < 5; i++) {
      first.step(PrivateTrainingTest::gradient);
    }
    assertThat(first.l2NormClip()).isNotEqualTo(1);
    PrivateTraining second = momentum(adaptive).ledger(ledger).resume(first.state());
    assertThat(second.state().l2NormClip()).isEqualTo(first.l2NormClip());
    assertThat(second.state().optimizer()).hasToString(first.state().optimizer().toString());
    assertThatThrownBy(() ->
            training(2).ledger(ledger).resume(new PrivateTraining.State(new int[0], 0, 0, 1, "")))
        .hasMessageContaining("the optimizer's state must be");
  }

  private static PrivateTraining momentum(Clipping clipping) {
    return PrivateTraining.of(
        Optimizers.sgd(0.1).momentum(0.9),
        Tree.of("w", Tensor.of(new float[2])),
        EXAMPLES,
        RATE,
        clipping,
        1);
  }

  @Test
  void gatheringAfterTheNoiseIsRefused() {
    String sentence = "multiSteps must not accumulate gradients after the noise";
    MultiSteps gathering = Transforms.multiSteps(Optimizers.sgd(0.1), 4);
    assertThatThrownBy(() ->
            PrivateTraining.of(Chain.of(gathering), Tree.empty(), 10, 0.1, new Clipping.Flat(1), 1))
        .hasMessageContaining(sentence);
    assertThatThrownBy(() -> Chain.of(Contrib.differentiallyPrivateAggregate(1, 1, 1), gathering))
        .hasMessageContaining("the chain must not accumulate noisy gradients, but had multiSteps");
  }
}
