package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Allocation;
import dev.glissade.testing.Asking;
import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.NonFiniteContract;
import dev.glissade.testing.Numbers;
import dev.glissade.testing.Problem;
import dev.glissade.transform.Transforms;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients and losses that are not finite are skipped or refused, and change nothing. */
class NonFiniteTest extends NonFiniteContract {
  NonFiniteTest() {
    super(CoreOptimizers.plain());
  }

  @Test
  void theLossIsLookedAtWhereItIsGiven() {
    Tree x = Problem.params(DType.FLOAT32);
    Stepper<?> erring = Stepper.of(Optimizers.adam(0.1), x).nonFinite(NonFinite.ERROR);
    erring.step(x, Extras.NONE.withValue(3));
    assertThatThrownBy(() -> erring.step(x, Extras.NONE.withValue(Double.NaN)))
        .hasMessage("loss is NaN at step 2");
    assertThatThrownBy(() -> erring.step(x, Extras.NONE.withValue(1.0 / 0)))
        .hasMessage("loss is Infinity at step 2");
    Stepper<?> skipping = Stepper.of(Optimizers.adam(0.1), x).nonFinite(NonFinite.SKIP);
    skipping.step(x, Extras.NONE.withValue(Double.NaN));
    assertThat(skipping.skippedSteps()).isEqualTo(1);
    assertThat(Numbers.of(skipping.params())).isEqualTo(Numbers.of(x));
  }

  @Test
  @SuppressWarnings("NullAway") // for callers without it
  void aMissingPolicyIsRefusedAndChangesNothing() {
    Tree x = Problem.params(DType.FLOAT32);
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(0.1), x).nonFinite(NonFinite.ERROR);
    assertThatThrownBy(() -> stepper.nonFinite(null)).hasMessage("policy must not be null");
    Tree bad = Problem.filled(x, Double.NaN);
    assertThatThrownBy(() -> stepper.step(bad)).isInstanceOf(NonFiniteException.class);
    stepper.step(x);
    assertThat(stepper.steps()).isEqualTo(1);
  }

  @Test
  void soManyStepsInARowAreSkippedAndNoMore() {
    Tree x = Problem.params(DType.FLOAT32);
    Tree bad = Problem.filled(x, Double.NaN);
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(0.1), x).nonFinite(NonFinite.skip(2));
    stepper.step(bad);
    stepper.step(bad);
    stepper.step(x);
    stepper.step(bad);
    stepper.step(bad);
    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(() -> stepper.step(bad))
          .hasMessage("gradients[\"big\"][0] is NaN at step 6, after 2 skipped steps in a row");
    }
    stepper.step(x);
    stepper.step(bad);
    assertThat(stepper.skippedSteps()).isEqualTo(5);
    assertThatThrownBy(() -> NonFinite.skip(-1))
        .hasMessage("maxConsecutiveSkips must be at least 0, but was -1");
  }

  @Test
  void gradientsOfAnotherFormAreRefusedRatherThanSkipped() {
    Tree x = Problem.params(DType.FLOAT32);
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(0.1), x).nonFinite(NonFinite.SKIP);
    Tree other = Tree.of(LEAF, Tensor.of(new float[] {Float.NaN}));
    assertThatThrownBy(() -> stepper.step(other)).isInstanceOf(IllegalArgumentException.class);
    assertThat(stepper.steps()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void oneOfManyNumbersIsFound(int threads) {
    Tree x = Problem.large(1);
    Stepper<?> stepper =
        Stepper.of(Optimizers.sgd(0.1), x).threads(threads).nonFinite(NonFinite.ERROR);
    String leaf = "leaf" + Problem.LARGE;
    int last = Problem.LARGE - 1;
    assertThatThrownBy(() -> stepper.step(spoiled(x, leaf, last, Double.NaN)))
        .hasMessage("gradients[\"%s\"][%d] is NaN at step 1".formatted(leaf, last));
    assertThatThrownBy(() -> stepper.step(spoiled(x, "small299", 2, Double.NaN)))
        .hasMessage("gradients[\"small299\"][2] is NaN at step 1");
    stepper.step(x);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aGradientFunctionsResultIsLookedAt(int call) {
    Asking asking = new Asking(2);
    Tree x = Problem.params(DType.FLOAT32);
    AtomicInteger bad = new AtomicInteger(-1);
    Extras extras =
        Extras.NONE.withGradientFunction(
            (at, i) -> i == bad.get() ? spoiled(at, LEAF, 4, Double.NaN) : at.times(0.5));
    Stepper<?> skipping = Stepper.of(asking, x).nonFinite(NonFinite.SKIP);
    Stepper<?> erring = Stepper.of(asking, x).nonFinite(NonFinite.ERROR);
    Stepper<?> plain = Stepper.of(asking, x);
    for (int i = 0; i < 3; i++) {
      skipping.step(x, extras);
      erring.step(x, extras);
      plain.step(x, extras);
      bad.set(call);
      skipping.step(x, extras);
      assertThatThrownBy(() -> erring.step(x, extras))
          .isInstanceOf(NonFiniteException.class)
          .hasMessage(
              "result %d of the gradient function: gradients[\"dense/kernel\"][4] is NaN at step %d"
                  .formatted(call, i + 2));
      bad.set(-1);
    }
    assertThat(skipping.skippedSteps()).isEqualTo(3);
    for (Stepper<?> guarded : new Stepper<?>[] {skipping, erring}) {
      assertThat(Numbers.of(guarded.params())).isEqualTo(Numbers.of(plain.params()));
      assertThat(Numbers.of(guarded.state())).isEqualTo(Numbers.of(plain.state()));
    }
  }

  @Test
  void whatATransformationMakesIsNotLookedAt() {
    Tree x = Problem.params(DType.FLOAT32);
    Stepper<?> stepper = Stepper.of(Transforms.scale(1e300), x).nonFinite(NonFinite.ERROR);
    stepper.step(Problem.filled(x, 1));
    assertThat(stepper.params().get(LEAF).get(0)).isInfinite();
  }

  @Test
  void theLookAllocatesNothing() {
    Tree x = Problem.params(DType.FLOAT32);
    Tree bad = spoiled(x, LEAF, 0, Double.NaN);
    Stepper<?> stepper = Stepper.of(Optimizers.adamw(0.1), x).nonFinite(NonFinite.SKIP);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 6; round++) {
      long allocated =
          Allocation.of(() -> {
            for (int i = 0; i < 1000; i++) {
              stepper.step(i % 3 == 1 ? bad : x);
            }
          });
      least = Math.min(least, allocated);
    }
    assertThat(least).isZero();
  }
}
