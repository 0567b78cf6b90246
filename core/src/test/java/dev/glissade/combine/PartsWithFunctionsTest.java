package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.LossFunction;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A function of all parameters is called with all, whatever part a transformation sees. */
class PartsWithFunctionsTest {
  private static Tree params() {
    return Tree.of("a", Tensor.of(new double[] {1, -2, 3}), "b", Tensor.of(new double[] {4, 0.5}));
  }

  /** The sum of k x_k^2 over all leaves, coupled by the product of the first elements. */
  private static ValueAndGradients loss(Tree at, int i) {
    assertThat(at.paths()).containsExactly("a", "b");
    double[] a = at.get("a").toDoubles();
    double[] b = at.get("b").toDoubles();
    double value = 0.5 * a[0] * b[0];
    double[] ga = new double[a.length];
    double[] gb = new double[b.length];
    for (int k = 0; k < a.length; k++) {
      value += (k + 1) * a[k] * a[k];
      ga[k] = 2 * (k + 1) * a[k];
    }
    for (int k = 0; k < b.length; k++) {
      value += (k + 1) * b[k] * b[k];
      gb[k] = 2 * (k + 1) * b[k];
    }
    ga[0] += 0.5 * b[0];
    gb[0] += 0.5 * a[0];
    return new ValueAndGradients(value, Tree.of("a", Tensor.of(ga), "b", Tensor.of(gb)));
  }

  static Stream<GradientTransformation<?>> searchesOfParts() {
    GradientTransformation<?> halving =
        Transforms.chain(Optimizers.sgd(1), Transforms.scaleByBacktrackingLinesearch(30));
    Map<String, GradientTransformation<?>> parts = new LinkedHashMap<>();
    parts.put("one", halving);
    parts.put("two", Optimizers.sgd(0.05));
    PathLabels labels = new PathLabels(Map.of("a", "one", "b", "two"));
    return Stream.of(
        halving,
        Transforms.partition(parts, labels),
        Transforms.partition(Map.of("one", halving, "two", Optimizers.lbfgs()), labels),
        Transforms.chain(
            Transforms.masked(halving, path -> path.equals("a")),
            Transforms.masked(Optimizers.sgd(0.05), path -> path.equals("b"))),
        Transforms.flatten(halving),
        Transforms.flatten(Optimizers.lbfgs()),
        Transforms.masked(
            Transforms.flatten(Transforms.masked(halving, path -> true)), path -> true));
  }

  @ParameterizedTest
  @MethodSource("searchesOfParts")
  void aLineSearchOfAPartSeesTheWholeLoss(GradientTransformation<?> optimizer) {
    Stepper<?> stepper = Stepper.of(optimizer, params());
    LossFunction loss = PartsWithFunctionsTest::loss;
    double first = stepper.step(loss);
    double last = first;
    for (int step = 0; step < 60; step++) {
      last = stepper.step(loss);
    }
    assertThat(last).isLessThan(1e-2 * first);
  }

  @Test
  void aGradientFunctionIsCalledWithAllParameters() {
    Asked asked = new Asked();
    Stepper<?> stepper =
        Stepper.of(Transforms.masked(new AskingForPart(), path -> path.equals("b")), params());
    stepper.step(
        params(),
        Extras.NONE.withGradientFunction((at, i) -> {
          asked.paths = at.paths();
          return at.times(2).evaluate();
        }));
    assertThat(asked.paths).containsExactly("a", "b");
    assertThat(stepper.params().get("b").toDoubles()).containsExactly(12, 1.5);
    assertThat(stepper.params().get("a").toDoubles()).containsExactly(2, -4, 6);
  }

  private static final class Asked {
    List<String> paths = List.of();
  }

  /** Adds the gradients at the parameters, as a function returns them. */
  private record AskingForPart() implements dev.glissade.Stateless {
    @Override
    public Tree step(Tree g, Tree x) {
      throw new UnsupportedOperationException();
    }

    @Override
    public dev.glissade.Step<EmptyState> step(Tree g, EmptyState s, Tree x, Extras extras) {
      return dev.glissade.Step.of(extras.gradientsAt(x, 0), s);
    }
  }

  @Test
  void treesAmongTheExtrasAreMasked() {
    Stepper<?> stepper =
        Stepper.of(Transforms.masked(new Adding(), path -> path.equals("b")), params());
    stepper.step(params(), Extras.NONE.with("more", params()));
    assertThat(stepper.params().get("b").toDoubles()).containsExactly(12, 1.5);
    Stepper<?> flat = Stepper.of(Transforms.flatten(new Adding()), params());
    flat.step(params(), Extras.NONE.with("more", params()));
    assertThat(flat.params().get("a").toDoubles()).containsExactly(3, -6, 9);
  }

  /** Adds a tree among the extra arguments. */
  private record Adding() implements dev.glissade.Stateless {
    @Override
    public Tree step(Tree g, Tree x) {
      throw new UnsupportedOperationException();
    }

    @Override
    public dev.glissade.Step<EmptyState> step(Tree g, EmptyState s, Tree x, Extras extras) {
      return dev.glissade.Step.of(g.plus(extras.tree("more")), s);
    }
  }
}
