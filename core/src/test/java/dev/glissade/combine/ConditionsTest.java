package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stateless.EmptyState;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What recorded cases leave open: conditions as code and data, and steps that do nothing. */
class ConditionsTest {
  private static final Catalog CATALOG = Catalog.standard();

  private static Tree one(double number) {
    return Tree.of("w", Tensor.of(new double[] {number}));
  }

  private static double w(Stepper<?> stepper) {
    return stepper.params().get("w").get(0);
  }

  /** Returns the parameter after each of some steps with a gradient of -1. */
  private static double[] path(GradientTransformation<?> optimizer, int steps) {
    Stepper<?> stepper = Stepper.of(optimizer, one(0));
    double[] path = new double[steps];
    for (int i = 0; i < steps; i++) {
      stepper.step(one(-1), Extras.NONE.withValue(i));
      path[i] = w(stepper);
    }
    return path;
  }

  private static GradientTransformation<?> mask(Object condition) {
    Map<String, Object> sgd = Map.of("name", "sgd", "args", Map.of("learning_rate", 1));
    return CATALOG.optimizer(
        Map.of(
            "name",
            "conditionally_mask",
            "args",
            Map.of("inner", sgd, "should_transform_fn", condition)));
  }

  @Test
  void aConditionIsAFunctionOfTheStepOrOfExtraArguments() {
    GradientTransformation<?> sgd = Optimizers.sgd(1);
    assertThat(path(Transforms.conditionallyMask(sgd, step -> step >= 2), 4))
        .containsExactly(0, 0, 1, 2);
    StepCondition byLoss = (step, extras) -> extras.value().greaterThan(1).and(step.lessThan(3));
    assertThat(path(Transforms.conditionallyMask(sgd, byLoss), 4)).containsExactly(0, 0, 1, 1);
    assertThat(path(Transforms.conditionallyTransform(sgd, step -> step % 2 == 0), 4))
        .containsExactly(1, 0, 1, 0);
  }

  @Test
  void aConditionHasANameInJson() {
    Object below = Map.of("name", "step_below", "args", Map.of("limit", 2));
    assertThat(path(mask(below), 4)).containsExactly(1, 2, 2, 2);
    Object third = Map.of("name", "step_multiple", "args", Map.of("period", 3));
    assertThat(path(mask(third), 5)).containsExactly(1, 1, 1, 2, 2);
    Object schedule =
        Map.of(
            "name",
            "piecewise_constant_schedule",
            "args",
            Map.of("init_value", 0.5, "boundaries_and_scales", Map.of("1", 0)));
    assertThat(path(mask(schedule), 3)).containsExactly(1, 1, 1);
    assertThat(path(mask(0), 2)).containsExactly(0, 0);
    assertThat(path(mask(1), 2)).containsExactly(1, 2);
    for (Object condition : List.of(below, third, schedule, 1)) {
      GradientTransformation<?> optimizer = mask(condition);
      assertThat(CATALOG.optimizer(CATALOG.describe(optimizer))).isEqualTo(optimizer);
    }
  }

  @Test
  void aWrongConditionIsRefused() {
    assertThatThrownBy(() -> mask("norm"))
        .hasMessageContaining(
            "\"should_transform_fn\" must be one of [step_below, step_multiple], but was \"norm\"");
    assertThatThrownBy(() -> mask(true)).hasMessageContaining("must be one of [step_below");
    assertThatThrownBy(() -> new StepMultiple(0))
        .hasMessage("period must be at least 1, but was 0");
  }

  /** A step that is off computes nothing of the inner transformation, whatever the gradient. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aStepThatIsOffIsAChoice(double bad) {
    int[] calls = {0};
    GradientTransformation<?> counted =
        Transforms.stateless((g, x) ->
            g.callback(
                given -> {
                  calls[0]++;
                  return given;
                },
                g.structure()));
    GradientTransformation<?> momentum =
        Transforms.chain(counted, Optimizers.sgd(0.1).momentum(0.9));
    Stepper<?> stepper =
        Stepper.of(Transforms.conditionallyMask(momentum, step -> step < 1), one(0));
    stepper.step(one(-1));
    Tree before = stepper.params().copy();
    Tree trace = stepper.tree("trace");
    stepper.step(one(bad));
    assertThat(stepper.params().sameBits(before)).isTrue();
    assertThat(stepper.tree("trace").sameBits(trace)).isTrue();
    assertThat(stepper.scalar("step")).isEqualTo(2);
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void perExampleGradientsCannotPassUnchanged() {
    GradientTransformation<?> perExample =
        new GradientTransformation<EmptyState>() {
          @Override
          public EmptyState initialState(Tree params) {
            return new EmptyState();
          }

          @Override
          public Step<EmptyState> step(Tree g, EmptyState state, Tree x, Extras extras) {
            return Step.of(g.clippedSum(1, x.structure()), state);
          }

          @Override
          public boolean perExample() {
            return true;
          }
        };
    assertThatThrownBy(() -> Transforms.conditionallyTransform(perExample, step -> true))
        .hasMessageContaining("inner must take mean gradients");
    Stepper<?> stepper =
        Stepper.of(Transforms.conditionallyMask(perExample, step -> step == 1), one(0));
    Tree batch = Tree.of("w", Tensor.of(new double[] {0.5, 0.25}, 2, 1));
    stepper.step(batch);
    assertThat(w(stepper)).isZero();
    stepper.step(batch);
    assertThat(w(stepper)).isEqualTo(0.75);
  }
}
