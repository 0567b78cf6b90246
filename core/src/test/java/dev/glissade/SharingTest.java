package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.projection.Projections;
import dev.glissade.testing.Asking;
import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.Numbers;
import dev.glissade.testing.Problem;
import dev.glissade.testing.SharingContract;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A transformation is shared by threads; a stepper is not, and says so. */
class SharingTest extends SharingContract {
  SharingTest() {
    super(CoreOptimizers.plain());
  }

  private static Stepper<?> asking() {
    return Stepper.of(new Asking(1), Problem.params(DType.FLOAT32));
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
    Stepper<?> stepper = asking();
    Stepper<?> alone = asking();
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
    Stepper<?> stepper = asking();
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
              " of a stepper must not be called from inside its own step or updateState");
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
    compareReuse(new Asking(1));
    compareReuse(new Asking(2));
    compareReuse(Optimizers.lbfgs());
    compareReuse(Optimizers.lbfgsb(Projections.box(-5, 5)));
    GradientTransformation<?> momentum = Optimizers.sgd(0.2).momentum(0.9);
    compareReuse(Transforms.chain(momentum, Transforms.scaleByBacktrackingLinesearch(9)));
    compareReuse(Transforms.chain(momentum, Transforms.scaleByZoomLinesearch(9)));
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
              Tree same = x.callback(at -> at, x.structure());
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
