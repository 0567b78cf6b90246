package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.combine.PathMask;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Asking;
import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.FaultsContract;
import dev.glissade.testing.Numbers;
import dev.glissade.testing.Problem;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step that throws leaves parameters and state as they were, and the next step works. */
class FaultsTest extends FaultsContract {
  FaultsTest() {
    super(CoreOptimizers.plain());
  }

  @Override
  protected Map<String, GradientTransformation<?>> callers() {
    GradientTransformation<?> asking = new Asking(2);
    GradientTransformation<?> clip = Transforms.clipByGlobalNorm(0.3);
    return Map.of(
        "once", new Asking(1),
        "twice", asking,
        "three times", new Asking(3),
        "chain", Transforms.chain(clip, asking, clip),
        "named_chain", Transforms.namedChain(Map.of("a", clip, "b", asking)),
        "masked", Transforms.masked(asking, PathMask.of("*")),
        "partition", Transforms.partition(Map.of("a", asking), path -> "a"),
        "apply_if_finite", Transforms.applyIfFinite(asking, 2),
        "multi_steps", Transforms.multiSteps(asking, 2),
        "master_weights", Transforms.masterWeights(asking));
  }

  @Override
  protected List<GradientTransformation<?>> scheduled(Schedule rate) {
    return List.of(
        Optimizers.sgd(rate).momentum(0.9),
        Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.adamw(rate)),
        Transforms.multiSteps(Optimizers.lion(rate), 2));
  }

  /** The last pass makes the number that the function is given. */
  @Test
  void aFaultInAFunctionOfTheNewStateChangesNothing() {
    record Seen(Scalar norm) {}
    Fault fault = new Fault();
    GradientTransformation<Seen> optimizer =
        GradientTransformation.of(
            params -> new Seen(Scalar.of(0)),
            (g, state, x) ->
                Step.of(
                    g.times(-0.1),
                    new Seen(
                        x.minus(g.times(0.1))
                            .normSquared()
                            .map(norm -> {
                              fault.call();
                              return norm;
                            }))));
    Tree x = Problem.params(DType.FLOAT32);
    Stepper<Seen> stepper = Stepper.of(optimizer, x);
    fault.at(0);
    assertThatThrownBy(() -> stepper.step(x)).hasMessage("no data");
    assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(x));
    assertThat(stepper.state().norm().value()).isZero();
    stepper.step(x);
    assertThat(stepper.state().norm().value()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void largePassesAndAnInterruptedThreadToo(int threads) {
    Tree x = Problem.large(1);
    GradientTransformation<?> asking = new Asking(2);
    Fault fault = new Fault();
    Extras extras = Extras.NONE.withGradientFunction(fault.function());
    Stepper<?> failing = Stepper.of(asking, x).threads(threads);
    Stepper<?> plain = Stepper.of(asking, x).threads(1);
    for (int call = 0; call < 2; call++) {
      fault.at(call);
      assertThatThrownBy(() -> failing.step(x, extras)).hasMessage("no data");
    }
    plain.step(x, extras);
    Thread.currentThread().interrupt();
    failing.step(x, extras);
    assertThat(Thread.interrupted()).isTrue();
    for (String leaf : x.paths()) {
      assertThat(failing.params().get(leaf).toFloats())
          .isEqualTo(plain.params().get(leaf).toFloats());
    }
  }
}
