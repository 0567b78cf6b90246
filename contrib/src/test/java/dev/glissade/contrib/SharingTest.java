package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A transformation is shared by threads; a stepper is not, and says so. */
class SharingTest {
  private static final int THREADS = 4;
  private static final int STEPS = 5;

  static Set<String> all() {
    return AllOptimizers.plain().keySet();
  }

  @ParameterizedTest
  @MethodSource("all")
  void oneTransformationIsDrivenByManyThreads(String name) throws Exception {
    GradientTransformation<?> shared = AllOptimizers.optimizer(name);
    Map<String, Object> expected = driven(AllOptimizers.optimizer(name), false);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CountDownLatch start = new CountDownLatch(THREADS);
      List<Future<Map<String, Object>>> results = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        boolean inPlace = t % 2 == 0;
        results.add(
            threads.submit(() -> {
              start.countDown();
              start.await();
              return driven(shared, inPlace);
            }));
      }
      for (Future<Map<String, Object>> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static <S> Map<String, Object> driven(
      GradientTransformation<S> optimizer, boolean inPlace) {
    Tree start = Problem.params(DType.FLOAT32);
    Stepper<S> stepper = Stepper.of(optimizer, start);
    Applied<S> now = new Applied<>(start, optimizer.init(start));
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = Problem.gradients(optimizer, DType.FLOAT32, i);
      if (inPlace) {
        stepper.step(gradients);
      } else {
        now = optimizer.apply(gradients, now.state(), now.params());
      }
    }
    return Numbers.of(inPlace ? new Applied<>(stepper.params(), stepper.state()) : now);
  }

  private static Stepper<?> sam() {
    return Stepper.of(
        Contrib.sam(Optimizers.sgd(0.1), Optimizers.sgd(0.05)).opaqueMode(true),
        Problem.params(DType.FLOAT32));
  }

  /** All that a stepper refuses while it is in use. */
  private static List<Runnable> uses(Stepper<?> stepper) {
    Tree x = Problem.params(DType.FLOAT32);
    return List.of(
        () -> stepper.step(x),
        stepper::explain,
        stepper::state,
        stepper::liveState,
        () -> stepper.updateState(state -> state),
        () -> stepper.threads(1),
        () -> stepper.nonFinite(NonFinite.SKIP));
  }

  @Test
  void useByAnotherThreadIsRefused() throws Exception {
    Stepper<?> stepper = sam();
    Stepper<?> alone = sam();
    Tree x = Problem.params(DType.FLOAT32);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch tried = new CountDownLatch(1);
    GradientFunction slow =
        (at, i) -> {
          inside.countDown();
          try {
            tried.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return at;
        };
    Thread other = new Thread(() -> stepper.step(x, Extras.NONE.withGradientFunction(slow)), "one");
    other.start();
    inside.await();
    try {
      for (Runnable use : uses(stepper)) {
        assertThatThrownBy(use::run)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageMatching(
                "\\w+ of a stepper must not be called while another thread uses it: one");
      }
      assertThat(stepper.steps()).isZero();
    } finally {
      tried.countDown();
      other.join();
    }
    alone.step(x, Extras.NONE.withGradientFunction((at, i) -> at));
    assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(alone.params()));
    uses(stepper).subList(1, 6).forEach(Runnable::run);
  }

  @Test
  void useFromInsideOfAStepIsRefused() {
    Stepper<?> stepper = sam();
    Tree x = Problem.params(DType.FLOAT32);
    Map<String, Object> before = Numbers.of(stepper.params());
    for (Runnable use : uses(stepper)) {
      GradientFunction greedy =
          (at, i) -> {
            use.run();
            return at;
          };
      assertThatThrownBy(() -> stepper.step(x, Extras.NONE.withGradientFunction(greedy)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith(
              " of a stepper must not be called from inside of one of its own steps or changes");
    }
    assertThat(Numbers.of(stepper.params())).isEqualTo(before);
    assertThatThrownBy(() ->
            stepper.updateState(state -> {
              stepper.explain();
              return state;
            }))
        .hasMessageStartingWith("explain of a stepper must not be called from inside");
    stepper.step(x, Extras.NONE.withGradientFunction((at, i) -> at));
  }

  /** As a model does that has one set of gradient arrays. */
  @Test
  void aGradientFunctionMayComputeIntoTheGradientsArraysAgain() {
    for (int period = 2; period < 4; period++) {
      Sam sam =
          Contrib.sam(Optimizers.adam(0.1), Optimizers.sgd(0.05).momentum(0.9))
              .syncPeriod(period)
              .resetState(false)
              .opaqueMode(true);
      compareReuse(sam);
    }
  }

  private static <S> void compareReuse(GradientTransformation<S> sam) {
    Tree start = Tree.of("w", Tensor.of(new float[] {3, -2}));
    float[] arrays = new float[2];
    Tree reused = Tree.of("w", Tensor.wrap(arrays));
    Extras again =
        Extras.NONE.withGradientFunction((at, i) -> {
          compute(at, i, arrays);
          return reused;
        });
    Extras fresh = Extras.NONE.withGradientFunction(SharingTest::gradients);
    Stepper<S> reusing = Stepper.of(sam, start);
    Stepper<S> plain = Stepper.of(sam, start);
    Applied<S> now = new Applied<>(start, sam.init(start));
    for (int i = 0; i < 4; i++) {
      plain.step(gradients(plain.params(), 0), fresh);
      compute(reusing.params(), 0, arrays);
      reusing.step(reused, again);
      compute(now.params(), 0, arrays);
      now = sam.apply(reused, now.state(), now.params(), again);
      Map<String, Object> expected = Numbers.of(new Applied<>(plain.params(), plain.state()));
      assertThat(Numbers.of(new Applied<>(reusing.params(), reusing.state()))).isEqualTo(expected);
      assertThat(Numbers.of(now)).isEqualTo(expected);
    }
  }

  private static Tree gradients(Tree at, int i) {
    float[] g = new float[2];
    compute(at, i, g);
    return Tree.of("w", Tensor.wrap(g));
  }

  private static void compute(Tree at, int i, float[] gradients) {
    for (int k = 0; k < gradients.length; k++) {
      gradients[k] = (float) (at.get("w").get(k) * (2 + i) - k);
    }
  }

  @Test
  void whatIsMadeOfTheParametersDoesNotChangeWithThem() {
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(0.5), Tree.of("w", Tensor.scalar(4f)));
    Tree kept = stepper.params().evaluate();
    stepper.step(stepper.params().evaluate());
    assertThat(kept.get("w").get(0)).isEqualTo(4);
    assertThat(stepper.params().get("w").get(0)).isEqualTo(2);
  }

  /** The decay of the parameters, as the function gives them back. */
  @Test
  void aFunctionMayGiveBackWhatItWasGiven() {
    record Last(Tree seen) {}
    GradientTransformation<Last> optimizer =
        GradientTransformation.of(
            params -> new Last(params.zeros()),
            (g, state, x) -> {
              Tree same = x.through(at -> at, x.structure());
              Tree u = same.times(-0.5).plus(g.times(g.norm()));
              return Step.of(u, new Last(same.times(u.norm())));
            });
    Tree start = Problem.params(DType.FLOAT32);
    Stepper<Last> stepper = Stepper.of(optimizer, start);
    Applied<Last> now = new Applied<>(start, optimizer.init(start));
    for (int i = 0; i < 4; i++) {
      Tree gradients = Problem.gradients(optimizer, DType.FLOAT32, i);
      stepper.step(gradients);
      now = optimizer.apply(gradients, now.state(), now.params());
    }
    assertThat(Numbers.of(new Applied<>(stepper.params(), stepper.state())))
        .isEqualTo(Numbers.of(now));
  }
}
