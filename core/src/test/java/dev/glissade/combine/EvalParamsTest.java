package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.testing.Numbers;
import dev.glissade.testing.Problem;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The parameters to evaluate are found through every combinator. */
class EvalParamsTest {

  /** Descends by the rate times the gradient, and evaluates the point before the last step. */
  record Late(Schedule rate) implements GradientTransformation<Late.State> {
    record State(Tree before) {}

    @Override
    public State initialState(Tree params) {
      return new State(params);
    }

    @Override
    public Step<State> step(Tree updates, State state, Tree params, Extras extras) {
      return Step.of(updates.times(rate.at(Scalar.of(0))).negate(), new State(params));
    }

    @Override
    public Tree evalParams(State state, Tree params) {
      return state.before();
    }
  }

  private static final Late LATE = new Late(new ConstantSchedule(0.5));

  static Map<String, GradientTransformation<?>> whole() {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("alone", LATE);
    all.put("chain", Transforms.chain(Transforms.clip(0.5), LATE, Transforms.identity()));
    all.put("namedChain", new NamedChain(Map.of("late", LATE)));
    all.put("applyIfFinite", Transforms.applyIfFinite(LATE, 3));
    all.put("injectHyperparams", Transforms.injectHyperparams(LATE));
    all.put("multiSteps", Transforms.multiSteps(LATE, 1));
    all.put("masked", Transforms.masked(LATE, path -> true));
    all.put("partition", Transforms.partition(Map.of("a", LATE), path -> "a"));
    all.put("selectiveTransform", Transforms.selectiveTransform(LATE, path -> false));
    all.put("masterWeights", Transforms.masterWeights(LATE));
    return all;
  }

  static Iterable<String> names() {
    return whole().keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCombinatorPassesThemOn(String name) {
    for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16}) {
      compare(whole().get(name), type);
    }
  }

  private static <S> void compare(GradientTransformation<S> optimizer, DType type) {
    Tree start = Problem.params(type);
    Stepper<S> stepper = Stepper.of(optimizer, start);
    Applied<S> now = new Applied<>(start, optimizer.init(start));
    assertThat(stepper.evalParams().sameBits(start)).isTrue();
    for (int i = 0; i < 3; i++) {
      Tree before = stepper.params().copy();
      Tree gradients = Problem.gradients(optimizer, type, i);
      stepper.step(gradients);
      now = optimizer.apply(gradients, now.state(), now.params());
      assertThat(before.sameBits(stepper.params())).isFalse();
      assertThat(stepper.evalParams().sameBits(before)).isTrue();
      Tree functional = optimizer.evalParams(now.state(), now.params()).evaluate();
      assertThat(functional.sameBits(before)).isTrue();
    }
  }

  @Test
  void aMaskLeavesTheOtherLeavesAsTheyAre() {
    for (GradientTransformation<?> optimizer :
        new GradientTransformation<?>[] {
          Transforms.masked(LATE, "a"::equals),
          Transforms.partition(
              Map.of("late", LATE, "other", Optimizers.sgd(1)),
              path -> path.equals("a") ? "late" : "other"),
          Transforms.selectiveTransform(LATE, "b"::equals)
        }) {
      Tree start = Tree.of("a", Tensor.of(new double[] {1, 2}), "b", Tensor.of(new double[] {3}));
      Stepper<?> stepper = Stepper.of(optimizer, start);
      stepper.step(Tree.of("a", Tensor.of(new double[] {4, 4}), "b", Tensor.of(new double[] {5})));
      assertThat(stepper.params().get("a").toDoubles()).containsExactly(-1, 0);
      assertThat(stepper.evalParams().get("a").toDoubles()).containsExactly(1, 2);
      assertThat(stepper.evalParams().get("b").sameBits(stepper.params().get("b"))).isTrue();
    }
  }

  /** So that nothing is copied where nothing differs. */
  @Test
  void withoutSuchAMethodTheyAreTheParametersThemselves() {
    Map<String, GradientTransformation<?>> plain = new LinkedHashMap<>();
    GradientTransformation<?> adam = Optimizers.adam(0.1);
    plain.put("chain", Transforms.chain(Transforms.clip(1), adam));
    plain.put("namedChain", new NamedChain(Map.of("adam", adam)));
    plain.put("masked", Transforms.masked(adam, "scale"::equals));
    plain.put("partition", Transforms.partition(Map.of("a", adam, "b", adam), path -> "a"));
    plain.put("selectiveTransform", Transforms.selectiveTransform(adam, "scale"::equals));
    plain.put("freeze", Transforms.freeze("scale"::equals));
    plain.put("masterWeights", Transforms.masterWeights(adam));
    plain.put("multiSteps", Transforms.multiSteps(adam, 2));
    plain.forEach((name, optimizer) -> assertIsParams(name, optimizer));
  }

  private static <S> void assertIsParams(String name, GradientTransformation<S> optimizer) {
    Tree start = Problem.params(DType.BFLOAT16);
    Applied<S> next =
        optimizer.apply(
            Problem.gradients(optimizer, DType.BFLOAT16, 0), optimizer.init(start), start);
    assertThat(optimizer.evalParams(next.state(), next.params())).as(name).isSameAs(next.params());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void theyAreACopy(DType type) {
    Stepper<?> stepper = Stepper.of(LATE, Problem.params(type));
    Stepper<?> plain = Stepper.of(Optimizers.sgd(0.1), Problem.params(type));
    Map<String, Object> first = Numbers.of(stepper.evalParams());
    Tree kept = stepper.evalParams();
    Tree other = plain.evalParams();
    for (int i = 0; i < 3; i++) {
      stepper.step(Problem.gradients(LATE, type, i));
      plain.step(Problem.gradients(LATE, type, i));
    }
    assertThat(Numbers.of(kept)).isEqualTo(first);
    assertThat(Numbers.of(other)).isEqualTo(first);
    assertThat(kept.structure()).isEqualTo(Problem.params(type).structure());
  }

  @Test
  void askingForThemDisturbsNoStep() {
    Stepper<?> asked = Stepper.of(Transforms.chain(LATE), Problem.params(DType.FLOAT32));
    Stepper<?> other = Stepper.of(Transforms.chain(LATE), Problem.params(DType.FLOAT32));
    asked.nonFinite(NonFinite.SKIP);
    for (int i = 0; i < 4; i++) {
      asked.step(Problem.gradients(LATE, DType.FLOAT32, i));
      other.step(Problem.gradients(LATE, DType.FLOAT32, i));
      asked.evalParams();
    }
    assertThat(asked.params().sameBits(other.params())).isTrue();
    assertThat(asked.steps()).isEqualTo(4);
  }

  @Test
  void aStateOfAnotherTransformationIsRefused() {
    GradientTransformation<Chain.ChainState> chain = new Chain(List.of(LATE));
    Tree x = Problem.params(DType.FLOAT32);
    Chain.ChainState adam = new Chain(List.of(Optimizers.adam(1))).init(x);
    assertThatThrownBy(() -> chain.evalParams(adam, x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the state must be one that Late");
    assertThatThrownBy(() -> chain.evalParams(new Chain.ChainState(List.of()), x))
        .hasMessageContaining("one element for each of its 1 links, but had 0");
  }
}
