package dev.glissade.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import org.junit.jupiter.api.Test;

class PrivateTrainingTest {
  private static final double DELTA = 1e-5;
  private static final int EXAMPLES = 2000;

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
        0.05,
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
    assertThat(training.guarantee(DELTA).epsilon()).isLessThanOrEqualTo(3);
    assertThat(training.tightestGuarantee(DELTA).epsilon())
        .isLessThan(training.guarantee(DELTA).epsilon());
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
        .hasMessage("noiseMultiplier must be positive, without noise there is no epsilon: 0.0");
    assertThatThrownBy(() ->
            PrivateTraining.of(
                Contrib.dpsgd(0.1, 1, 1, 1), Tree.empty(), 10, 0.1, new Clipping.Flat(1), 1))
        .hasMessage("optimizer must take mean gradients: clipping and noise are done before it");
  }
}
