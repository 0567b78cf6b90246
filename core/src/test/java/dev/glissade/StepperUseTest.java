package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.combine.PathMask;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How users hold steppers, and what they are told. */
class StepperUseTest {
  private static final Tree X = Tree.of("x", Tensor.of(new double[] {3, 4}));

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anOptimizerMayBeChosenInPlace(boolean plain) {
    Stepper<?> stepper = Stepper.of(plain ? Optimizers.sgd(1) : Transforms.scaleByAdam(), X);
    stepper.step(X);
    assertThat(stepper.params().get("x").get(0)).isNotEqualTo(3);
    GradientTransformation<?> any = Optimizers.sgd(1);
    Stepper<?> wild = Stepper.of(any, X);
    assertThat(wild.transformation()).isSameAs(any);
    Stepper<?> borrowing = Stepper.borrowing(any, X.copy());
    assertThat(borrowing.steps()).isZero();
  }

  @Test
  void mapsAndListsOfOneKindOfOptimizerAreTaken() {
    var groups = Map.of("slow", Optimizers.sgd(0.5), "fast", Optimizers.sgd(1));
    Stepper<?> stepper = Stepper.of(Transforms.partition(groups, path -> "fast"), X);
    stepper.step(X);
    assertThat(stepper.params().get("x").toDoubles()).containsExactly(0, 0);
    assertThat(Transforms.namedChain(groups).transformations()).hasSize(2);
    assertThat(Transforms.chain(List.of(Optimizers.sgd(1), Optimizers.sgd(2))).transformations())
        .hasSize(2);
  }

  @Test
  void stepsCountOn() {
    GradientTransformation<?> adam = Optimizers.adam(1);
    assertThat(resumed(adam, 20).steps()).isEqualTo(20);
    assertThatThrownBy(() -> resumed(adam, -1))
        .hasMessage("steps must not be negative, but was -1");
  }

  private static <S> Stepper<S> resumed(GradientTransformation<S> optimizer, long steps) {
    return Stepper.resuming(optimizer, X.copy(), optimizer.init(X), steps);
  }

  @Test
  void scalarsAreReadOutsideOfAStep() {
    assertThat(X.norm().evaluate().value()).isEqualTo(5);
    assertThatThrownBy(() -> X.norm().value())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "a scalar must be evaluated before its value is read: call evaluate(); inside a step");
    assertThatThrownBy(() -> X.times(2).get("x"))
        .hasMessageStartingWith(
            "a tree must be evaluated before its tensors are read: call evaluate(); inside a step");
  }

  @Test
  void nothingIsEvaluatedInsideOfAStep() {
    Stateless reads = (g, x) -> g.times(g.norm().evaluate().value());
    assertThatThrownBy(() -> Stepper.of(reads, X).step(X))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("a scalar must not be evaluated inside a step");
    Stateless tree = (g, x) -> g.times(2).evaluate();
    assertThatThrownBy(() -> tree.update(X, tree.init(X), X))
        .hasMessageStartingWith("a tree must not be evaluated inside a step");
    assertThat(X.norm().evaluate().value()).as("after the failed steps").isEqualTo(5);
  }

  @Test
  void wrongGradientsAreNamed() {
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(1), X);
    assertThatThrownBy(() -> stepper.step(Tree.of("W", Tensor.of(new double[2]))))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("gradients must have the leaves of params, [x], but had \"W\"");
    assertThatThrownBy(() -> stepper.step(X.times(2)))
        .hasMessage("gradients must be evaluated: pass gradients.evaluate()");
    assertThatThrownBy(() -> X.plus(Tree.empty()))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the left side of plus must have the leaves of the right side, [], but had \"x\"");
  }

  record Counted(int t, Tree v) {}

  record Moved(Scalar t, Tree v) {}

  @Test
  void aNumberThatMakesEachStepAnewIsNamedOnce() {
    GradientTransformation<Counted> counting =
        GradientTransformation.of(
            x -> new Counted(0, x.zeros()),
            (g, state, x) -> Step.of(g, new Counted(state.t() + 1, state.v())));
    GradientTransformation<Moved> right =
        GradientTransformation.of(
            x -> new Moved(Scalar.of(0), x.zeros()),
            (g, state, x) -> Step.of(g, new Moved(state.t().plus(1), state.v())));
    assertThat(logged(() -> steps(Stepper.of(counting, X), 30)))
        .singleElement()
        .asString()
        .startsWith("state entry \"t\" has a new value at nearly every step")
        .endsWith("keep a number that changes in a Scalar");
    assertThat(logged(() -> steps(Stepper.of(right, X), 30))).isEmpty();
    Stepper<?> texts = Stepper.of(Optimizers.sgd(1), X);
    assertThat(
            logged(() -> {
              for (int i = 0; i < 30; i++) {
                texts.step(X, Extras.NONE.with("phase", "step " + i));
              }
            }))
        .singleElement()
        .asString()
        .startsWith("extra argument \"phase\" has a new value at nearly every step");
  }

  private static void steps(Stepper<?> stepper, int count) {
    for (int i = 0; i < count; i++) {
      stepper.step(X);
    }
  }

  private static List<String> logged(Runnable action) {
    List<String> messages = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            messages.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.glissade");
    logger.addHandler(handler);
    try {
      action.run();
    } finally {
      logger.removeHandler(handler);
    }
    return messages;
  }

  @Test
  void extraArgumentsAreAskedForByTheirMethod() {
    assertThatThrownBy(() -> Extras.NONE.gradientFunction())
        .hasMessage(
            "extra argument \"grad_fn\" must be given: step(gradients,"
                + " Extras.NONE.withGradientFunction(...))");
    assertThatThrownBy(() -> Extras.NONE.value())
        .hasMessageContaining("Extras.NONE.withValue(...)");
    assertThatThrownBy(() -> Extras.NONE.with("rho", "x").scalar("rho"))
        .hasMessage("extra argument \"rho\" must be a Scalar, but was x");
  }

  @Test
  void injectionSaysWhereTheHyperparameterIs() {
    assertThatThrownBy(() -> Transforms.injectHyperparams(Transforms.chain(Optimizers.sgd(1))))
        .hasMessage(
            "inner must have a hyperparameter that is a number or a schedule, but had a Chain:"
                + " inject the one that has it, as in chain(clip(1), injectHyperparams(sgd(0.1)))");
  }

  @Test
  void leavesAreFrozenByName() {
    Tree params = Tree.builder().add("encoder/w", 1f).add("head/w", 1f).build();
    Stepper<?> stepper =
        Stepper.of(Transforms.chain(Optimizers.sgd(1), Transforms.freeze("encoder/*")), params);
    stepper.step(params);
    assertThat(stepper.params().get("encoder/w").get(0)).isEqualTo(1);
    assertThat(stepper.params().get("head/w").get(0)).isEqualTo(0);
    assertThat(logged(() -> Stepper.of(Transforms.freeze("haed/*"), params)))
        .containsExactly("the patterns [haed/*] match no leaf: the leaves are [encoder/w, head/w]");
    assertThat(logged(() -> Stepper.of(Transforms.freeze("encoder/*", "!haed/*"), params)))
        .containsExactly(
            "the patterns [!haed/*] match no leaf: the leaves are [encoder/w, head/w]");
    assertThat(logged(() -> Stepper.of(Transforms.freeze(), params))).isEmpty();
    assertThat(
            logged(() ->
                Stepper.of(
                    Transforms.selectiveTransform(Optimizers.sgd(1), PathMask.of("head")), params)))
        .hasSize(1);
    Stepper<?> masked = Stepper.of(Transforms.masked(Transforms.scale(0), "head/*"), params);
    masked.step(params);
    assertThat(masked.params().get("head/w").get(0)).isEqualTo(1);
    assertThat(masked.params().get("encoder/w").get(0)).isEqualTo(2);
  }

  @Test
  void aStepperPrintsWhatItDrivesAndHowFarItIs() {
    Stepper<?> stepper = Stepper.of(Transforms.scale(-0.5), X);
    stepper.step(X);
    assertThat(stepper)
        .hasToString("Stepper[Scale[stepSize=-0.5], %d parameters, 1 steps]".formatted(X.size()));
    assertThat(stepper.explain())
        .startsWith("pass 1: ")
        .contains("; reduces to 0 numbers; 1 loop by ");
  }
}
