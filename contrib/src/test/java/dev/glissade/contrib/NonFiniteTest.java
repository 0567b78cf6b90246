package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.Transforms;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Numbers;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients and losses that are not finite are skipped or refused, and change nothing. */
@Tag("vectors")
class NonFiniteTest {
  private static final String LEAF = "dense/kernel";

  static Set<String> all() {
    return AllOptimizers.plain().keySet();
  }

  static Stream<Arguments> allTypes() {
    return ContractTest.allTypes();
  }

  /** The gradients with one number replaced. */
  private static Tree spoiled(Tree gradients, String leaf, int index, double value) {
    return gradients.mapLeaves((path, tensor) -> {
      double[] numbers = tensor.toDoubles();
      if (path.equals(leaf)) {
        numbers[index] = value;
      }
      return Tensor.of(tensor.dtype(), numbers, tensor.shape());
    });
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void aSkippedStepLeavesNoTrace(String name, DType dtype) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Stepper<?> skipping = Stepper.of(optimizer, Problem.params(dtype)).nonFinite(NonFinite.SKIP);
    Stepper<?> plain = Stepper.of(optimizer, Problem.params(dtype));
    for (int i = 0; i < 6; i++) {
      Tree gradients = Problem.gradients(optimizer, dtype, i);
      if (i % 2 == 0) {
        skipping.step(spoiled(gradients, "big", 32_999, Double.NaN));
        skipping.step(StorageTest.direct(spoiled(gradients, "scale", 0, 1.0 / 0)));
      }
      assertThat(Numbers.of(skipping.params())).isEqualTo(Numbers.of(plain.params()));
      assertThat(Numbers.of(skipping.state())).isEqualTo(Numbers.of(plain.state()));
      skipping.step(gradients);
      plain.step(gradients);
    }
    assertThat(Numbers.of(skipping.params())).isEqualTo(Numbers.of(plain.params()));
    assertThat(skipping.skippedSteps()).isEqualTo(6);
    assertThat(skipping.steps()).isEqualTo(12);
    assertThat(plain.skippedSteps()).isZero();
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void anErrorNamesTheLeafTheIndexAndTheStep(String name, DType dtype) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Stepper<?> stepper = Stepper.of(optimizer, Problem.params(dtype)).nonFinite(NonFinite.ERROR);
    for (int i = 0; i < 3; i++) {
      stepper.step(Problem.gradients(optimizer, dtype, i));
    }
    Map<String, Object> params = Numbers.of(stepper.params());
    Map<String, Object> state = Numbers.of(stepper.state());
    Tree good = Problem.gradients(optimizer, dtype, 3);
    assertThatThrownBy(() -> stepper.step(spoiled(good, LEAF, 13, Double.NaN)))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("gradients[\"dense/kernel\"][13] is NaN at step 4");
    Tree outside = StorageTest.direct(spoiled(good, "big", 33_000, -1.0 / 0));
    assertThatThrownBy(() -> stepper.step(outside))
        .hasMessage("gradients[\"big\"][33000] is -Infinity at step 4");
    assertThat(Numbers.of(stepper.params())).isEqualTo(params);
    assertThat(Numbers.of(stepper.state())).isEqualTo(state);
    assertThat(stepper.steps()).isEqualTo(3);
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
        .hasMessage("maxConsecutiveSkips must be at least 0: -1");
  }

  @Test
  void gradientsOfAnotherFormAreRefusedRatherThanSkipped() {
    Tree x = Problem.params(DType.FLOAT32);
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(0.1), x).nonFinite(NonFinite.SKIP);
    Tree other = Tree.of(LEAF, Tensor.of(new float[] {Float.NaN}));
    assertThatThrownBy(() -> stepper.step(other)).isInstanceOf(IllegalArgumentException.class);
    assertThat(stepper.steps()).isZero();
  }

  @Test
  void bothPartsOfComplexNumbersAreLookedAt() {
    Tree x = Tree.of("z", Tensor.complex(new float[3], new float[3], 3));
    Tree bad = Tree.of("z", Tensor.complex(new float[3], new float[] {0, Float.NaN, 0}, 3));
    Tree both =
        Tree.of("z", Tensor.complex(new float[] {0, 0, 1f / 0}, new float[] {0, 0, Float.NaN}, 3));
    Stepper<?> stepper =
        Stepper.of(Contrib.splitRealAndImaginary(Optimizers.adam(0.1)), x)
            .nonFinite(NonFinite.ERROR);
    assertThatThrownBy(() -> stepper.step(bad))
        .hasMessage("the imaginary part of gradients[\"z\"][1] is NaN at step 1");
    assertThatThrownBy(() -> stepper.step(both))
        .hasMessage("gradients[\"z\"][2] is Infinity at step 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void oneOfManyNumbersIsFound(int threads) {
    Tree x = StorageTest.large(1);
    Stepper<?> stepper =
        Stepper.of(Optimizers.sgd(0.1), x).threads(threads).nonFinite(NonFinite.ERROR);
    String leaf = "leaf" + StorageTest.LARGE;
    int last = StorageTest.LARGE - 1;
    assertThatThrownBy(() -> stepper.step(spoiled(x, leaf, last, Double.NaN)))
        .hasMessage("gradients[\"%s\"][%d] is NaN at step 1".formatted(leaf, last));
    assertThatThrownBy(() -> stepper.step(spoiled(x, "small299", 2, Double.NaN)))
        .hasMessage("gradients[\"small299\"][2] is NaN at step 1");
    stepper.step(x);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aGradientFunctionsResultIsLookedAt(int call) {
    Sam sam = Contrib.sam(Optimizers.adam(0.1), Optimizers.sgd(0.05).momentum(0.9)).syncPeriod(3);
    Tree x = Problem.params(DType.FLOAT32);
    AtomicInteger bad = new AtomicInteger(-1);
    Extras extras =
        Extras.NONE.withGradientFunction(
            (at, i) -> i == bad.get() ? spoiled(at, LEAF, 4, Double.NaN) : at.times(0.5));
    Stepper<?> skipping = Stepper.of(sam.opaqueMode(true), x).nonFinite(NonFinite.SKIP);
    Stepper<?> erring = Stepper.of(sam.opaqueMode(true), x).nonFinite(NonFinite.ERROR);
    Stepper<?> plain = Stepper.of(sam.opaqueMode(true), x);
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
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Stepper<?> stepper = Stepper.of(Optimizers.adamw(0.1), x).nonFinite(NonFinite.SKIP);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 6; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        stepper.step(i % 3 == 1 ? bad : x);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
  }
}
