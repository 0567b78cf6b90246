package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Axes;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.projection.Projections;
import dev.glissade.testing.Numbers;
import dev.glissade.testing.Problem;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All leaves as one vector, without a copy, and back. */
class FlattenTest {

  private static Tree mixed(long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    leaves.put("a", Tensor.of(DType.FLOAT32, random.doubles(6).toArray(), 2, 3));
    leaves.put("b", Tensor.of(DType.FLOAT64, random.doubles(4).toArray(), 4));
    leaves.put("c", Tensor.of(DType.BFLOAT16, random.doubles(1).toArray()));
    leaves.put("d", Tensor.of(DType.FLOAT32, new double[0], 0, 3));
    return Tree.of(leaves);
  }

  /** What works by element or by tree computes the same bits flattened, at the same cost. */
  @Test
  void itChangesNothingButWhatWorksByLeaf() {
    for (GradientTransformation<?> inner :
        List.of(
            Optimizers.adamw(0.1),
            Optimizers.sgd(0.1).momentum(0.9).nesterov(true),
            Transforms.chain(Transforms.clipByGlobalNorm(0.5), Optimizers.lion(0.1)),
            Transforms.applyIfFinite(Optimizers.adam(0.1), 3),
            Transforms.masked(Optimizers.adam(0.1), path -> true),
            Transforms.multiSteps(Optimizers.adam(0.1), 2),
            Transforms.lookahead(Optimizers.rmsprop(0.1), 2, 0.5),
            Transforms.masterWeights(Optimizers.adam(0.1)),
            Transforms.chain(Optimizers.sgd(0.1), Transforms.keepParamsIn(Projections.simplex(2))),
            Transforms.paramsEma(Optimizers.adam(0.1), 0.9))) {
      Stepper<?> plain = Stepper.of(inner, mixed(1));
      Stepper<?> flat = Stepper.of(Transforms.flatten(inner), mixed(1));
      for (int i = 0; i < 5; i++) {
        plain.step(mixed(2 + i));
        flat.step(mixed(2 + i));
      }
      assertThat(bytes(flat)).as("%s", inner).isEqualTo(bytes(plain));
      assertThat(Numbers.of(flat.params())).as("%s", inner).isEqualTo(Numbers.of(plain.params()));
      assertThat(flat.params().structure()).isEqualTo(mixed(1).structure());
      assertThat(Numbers.of(flat.evalParams()))
          .as("%s", inner)
          .isEqualTo(Numbers.of(plain.evalParams()));
    }
  }

  private static String bytes(Stepper<?> stepper) {
    String explained = stepper.explain();
    return explained.substring(explained.lastIndexOf('\n', explained.length() - 2));
  }

  @Test
  void theStateHasTheLeavesOfTheParameters() {
    Stepper<?> stepper = Stepper.of(Transforms.flatten(Optimizers.adam(0.1)), mixed(1));
    stepper.step(mixed(2));
    assertThat(stepper.tree("mu").structure()).isEqualTo(mixed(1).structure().computed());
    Stepper<?> resumed = resumed(Transforms.flatten(Optimizers.adam(0.1)), stepper);
    stepper.step(mixed(3));
    resumed.step(mixed(3));
    assertThat(Numbers.of(resumed.state())).isEqualTo(Numbers.of(stepper.state()));
  }

  @SuppressWarnings("unchecked")
  private static <S> Stepper<S> resumed(GradientTransformation<S> optimizer, Stepper<?> from) {
    return Stepper.resuming(optimizer, from.params().copy(), (S) from.state());
  }

  @Test
  void aJoinedTreeIsOneVector() {
    Tree tree = mixed(1);
    Tree joined = tree.joined();
    assertThat(joined.paths()).containsExactly("flat");
    assertThat(joined.size()).isEqualTo(11);
    Tensor vector = joined.get("flat");
    assertThat(vector.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(vector.shape()).containsExactly(11);
    int from = 0;
    for (String path : tree.paths()) {
      for (double number : tree.get(path).toDoubles()) {
        assertThat(vector.get(from++)).isEqualTo(number);
      }
    }
    assertThat(joined.joined()).isSameAs(joined);
    assertThat(joined.separated().sameBits(tree)).isTrue();
    assertThat(joined.times(2).separated().evaluate().sameBits(tree.times(2).evaluate())).isTrue();
    assertThat(tree.separated()).isSameAs(tree);
    assertThat(Tree.empty().joined().get("flat").size()).isZero();
    Tree taken = Tree.of("flat", Tensor.of(new float[] {1}), "flat_", Tensor.of(new float[] {2}));
    assertThat(taken.joined().paths()).containsExactly("flat__");
    assertThatThrownBy(() -> joined.plus(Tree.of("flat", vector)))
        .hasMessageContaining("must both be joined or not");
    assertThatThrownBy(
            () -> Tree.of("z", Tensor.complex(new float[] {1}, new float[] {2}, 1)).joined())
        .hasMessageContaining("leaf \"z\" must be real for joined");
  }

  /**
   * What is computed for each leaf is computed for the vector: against a tree of one real vector.
   */
  @Test
  void rulesOfEachLeafWorkOnTheVector() {
    Map<String, UnaryOperator<Tree>> rules = new LinkedHashMap<>();
    rules.put("norms", g -> g.dividedBy(g.leafNorms().broadcast(g)));
    rules.put("rms", g -> g.dividedBy(g.leafRms().plus(1e-3).broadcast(g)));
    rules.put("means", g -> g.minus(g.leafMeans().broadcast(g)));
    rules.put("dots", g -> g.times(g.leafDots(g.abs()).broadcast(g)));
    rules.put("largest", g -> g.dividedBy(g.leafMaxAbs().broadcast(g)));
    rules.put("bad", g -> g.plus(g.leafNonFinite().broadcast(g)));
    rules.put("sum over axes", g -> g.times(g.sumOver(Axes.all()).broadcast(g)));
    rules.put("mean over axes", g -> g.minus(g.meanOver(Axes.of(0)).broadcast(g)));
    rules.put("max over axes", g -> g.minus(g.maxOver(Axes.all()).broadcast(g)));
    rules.put("no axes", g -> g.times(g.maxOver(Axes.allBut(0)).broadcast(g)));
    rules.forEach((name, rule) -> {
      GradientTransformation<?> link = Transforms.stateless((g, x) -> rule.apply(g));
      Tree x = Problem.params(DType.FLOAT64);
      Stepper<?> flat = Stepper.of(Transforms.flatten(link), x);
      Stepper<?> vector = Stepper.of(link, Tree.of("flat", x.flatten()));
      for (int i = 0; i < 3; i++) {
        Tree g = Problem.gradients(link, DType.FLOAT64, i);
        flat.step(g);
        vector.step(Tree.of("flat", g.flatten()));
      }
      assertThat(flat.params().flatten().toDoubles())
          .as(name)
          .containsExactly(vector.params().get("flat").toDoubles(), offset(1e-9));
    });
  }

  /** A function of the user's gets a real vector, and may return one. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void aCallbackGetsTheVector(DType type) {
    Tree params = Problem.params(type);
    GradientTransformation<?> reversed =
        Transforms.stateless((g, x) ->
            g.callback(
                vector -> {
                  double[] numbers = vector.get("flat").toDoubles();
                  double[] other = new double[numbers.length];
                  for (int i = 0; i < numbers.length; i++) {
                    other[numbers.length - 1 - i] = -numbers[i];
                  }
                  return Tree.of("flat", Tensor.of(type, other, other.length));
                },
                g.structure()));
    Stepper<?> stepper = Stepper.of(Transforms.flatten(reversed), params);
    Tree gradients = Problem.gradients(reversed, type, 1);
    stepper.step(gradients);
    double[] x = params.joined().get("flat").toDoubles();
    double[] g = gradients.joined().get("flat").toDoubles();
    double[] moved = stepper.params().joined().get("flat").toDoubles();
    for (int i = 0; i < x.length; i++) {
      Tensor expected = Tensor.of(type, new double[] {x[i] - g[x.length - 1 - i]}, 1);
      assertThat(moved[i]).isEqualTo(expected.get(0));
    }
  }

  @Test
  void noiseIsDrawnForEachLeaf() {
    Tree x = mixed(1);
    Stepper<?> stepper = Stepper.of(Transforms.flatten(Transforms.addNoise(1, 0, 3)), x);
    stepper.step(x.zeros().as(x.structure()).evaluate());
    double[] noise = stepper.params().minus(x).joined().evaluate().get("flat").toDoubles();
    assertThat(noise).doesNotHaveDuplicates().doesNotContain(0);
  }

  /** Takes a mask of paths: none of the parameters' own is there. */
  @Test
  void theVectorHasAPathOfItsOwn() {
    GradientTransformation<?> masked = Transforms.masked(Transforms.scale(0), "a"::equals);
    Stepper<?> stepper = Stepper.of(Transforms.flatten(masked), mixed(1));
    stepper.step(mixed(2));
    assertThat(stepper.params().get("a").sameBits(mixed(1).get("a"))).isFalse();
  }

  /** A record in the state that holds trees of other forms keeps them. */
  private record Small() implements GradientTransformation<Small.State> {
    record State(Tree number) {}

    @Override
    public State initialState(Tree params) {
      return new State(Tree.of("n", Tensor.scalar(0.0)));
    }

    @Override
    public Step<State> step(Tree g, State state, Tree params, Extras extras) {
      return Step.of(g, new State(state.number().plus(g.norm())));
    }
  }

  @Test
  void otherTreesOfTheStateStayAsTheyAre() {
    Stepper<?> stepper = Stepper.of(Transforms.flatten(new Small()), mixed(1));
    stepper.step(mixed(2));
    stepper.step(mixed(2));
    double norm = mixed(2).norm().evaluate().value();
    assertThat(stepper.tree("number").get("n").get(0)).isEqualTo(norm + norm);
  }
}
