package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import dev.glissade.records.Records;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimizer and transformation must keep. */
@Tag("vectors")
public abstract class Contract extends OfAll {
  private static final int STEPS = 12;

  protected Contract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  @ParameterizedTest
  @MethodSource("all")
  void isTheSameWrittenAsDataAndReadAgain(String name) {
    Catalog catalog = Catalog.standard();
    GradientTransformation<?> optimizer = plain(name);
    assertThat(catalog.optimizer(catalog.describe(optimizer))).isEqualTo(optimizer);
  }

  private static <S> Applied<S> functional(
      GradientTransformation<S> optimizer, Applied<S> start, DType dtype, int from, int to) {
    Applied<S> now = start;
    for (int i = from; i < to; i++) {
      Tree gradients = Problem.gradients(optimizer, dtype, i);
      now = optimizer.apply(gradients, now.state(), now.params());
    }
    return now;
  }

  private static <S> Applied<S> started(GradientTransformation<S> optimizer, DType dtype) {
    Tree params = Problem.params(dtype);
    return new Applied<>(params, optimizer.init(params));
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void inPlaceEqualsFunctional(String name, DType dtype) {
    compareInPlace(optimizer(name), dtype);
  }

  private static <S> void compareInPlace(GradientTransformation<S> optimizer, DType dtype) {
    Tree params = Problem.twoRanges(dtype);
    Applied<S> expected = new Applied<>(params, optimizer.init(params));
    Stepper<S> stepper = Stepper.of(optimizer, params);
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = Problem.gradientsOfTwoRanges(optimizer, dtype, i);
      expected = optimizer.apply(gradients, expected.state(), expected.params());
      stepper.step(gradients);
    }
    assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(expected.params()));
    assertThat(Numbers.of(stepper.state())).isEqualTo(Numbers.of(expected.state()));
    assertThat(stepper.params().structure()).isEqualTo(params.structure());
    for (String path : stepper.params().paths()) {
      assertThat(stepper.params().get(path).toDoubles()).doesNotContain(Double.NaN);
    }
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void aFactorOnTheGradientsGivesTheBitsOfGradientsMultipliedBefore(String name, DType dtype) {
    compareScaled(optimizer(name), dtype);
  }

  private static <S> void compareScaled(GradientTransformation<S> optimizer, DType dtype) {
    Applied<S> expected = started(optimizer, dtype);
    Applied<S> inCall = expected;
    Stepper<S> stepper = Stepper.of(optimizer, Problem.params(dtype));
    for (int i = 0; i < STEPS; i++) {
      double factor = 1.0 / (i + 3);
      Extras scale = Extras.NONE.withGradientScale(factor);
      Tree gradients = Problem.gradients(optimizer, dtype, i);
      // A 16-bit input may be added up by another kind of loop than a float32 one, in other order.
      boolean narrow = !dtype.equals(dtype.computed());
      Tree scaled = narrow ? gradients.times(factor) : gradients.times(factor).evaluate();
      expected = optimizer.apply(scaled, expected.state(), expected.params());
      inCall = optimizer.apply(gradients, inCall.state(), inCall.params(), scale);
      stepper.step(gradients, scale);
    }
    assertThat(Numbers.of(inCall)).isEqualTo(Numbers.of(expected));
    assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(expected.params()));
    assertThat(Numbers.of(stepper.state())).isEqualTo(Numbers.of(expected.state()));
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void resumesWithTheSameBits(String name, DType dtype) {
    compareResumed(optimizer(name), dtype);
  }

  private static <S> void compareResumed(GradientTransformation<S> optimizer, DType dtype) {
    Applied<S> expected = functional(optimizer, started(optimizer, dtype), dtype, 0, STEPS);
    Applied<S> half = functional(optimizer, started(optimizer, dtype), dtype, 0, STEPS / 2);
    Stepper<S> stepper = Stepper.resuming(optimizer, half.params().copy(), half.state());
    for (int i = STEPS / 2; i < STEPS; i++) {
      stepper.step(Problem.gradients(optimizer, dtype, i));
    }
    assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(expected.params()));
    assertThat(Numbers.of(stepper.state())).isEqualTo(Numbers.of(expected.state()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void updatesAddedToTheParametersAreTheNewParameters(String name) {
    compareUpdates(optimizer(name));
  }

  private static <S> void compareUpdates(GradientTransformation<S> optimizer) {
    Applied<S> start = started(optimizer, DType.FLOAT64);
    Tree gradients = Problem.gradients(optimizer, DType.FLOAT64, 0);
    Step<S> step = optimizer.update(gradients, start.state(), start.params());
    Applied<S> applied = optimizer.apply(gradients, start.state(), start.params());
    Tree added = start.params().applyUpdates(step.updates());
    for (String path : added.paths()) {
      double[] want = applied.params().get(path).toDoubles();
      double[] have = added.get(path).toDoubles();
      for (int i = 0; i < want.length; i++) {
        assertThat(have[i]).isCloseTo(want[i], offset(1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void keepsNoHoldOfTheCallersArrays(String name) {
    overwriteArguments(optimizer(name));
  }

  private static <S> void overwriteArguments(GradientTransformation<S> optimizer) {
    float[] x = {0.5f, -0.25f};
    boolean batched = optimizer.perExample();
    float[] g = batched ? new float[] {1, 2, 3, 4} : new float[] {1, 2};
    Tree params = Tree.of("dense/kernel", Tensor.wrap(x, 2));
    Tensor gradient = batched ? Tensor.wrap(g, 2, 2) : Tensor.wrap(g, 2);
    S state = optimizer.init(params);
    Applied<S> next = optimizer.apply(Tree.of("dense/kernel", gradient), state, params);
    Map<String, Object> before = Numbers.of(List.of(state, next));
    Arrays.fill(x, 77f);
    Arrays.fill(g, 77f);
    assertThat(Numbers.of(List.of(state, next))).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aNanOrAnInfinityLeavesTheEstimatesFinite(String name) {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      GradientTransformation<?> optimizer = optimizer(name);
      Stepper<?> stepper = Stepper.of(optimizer, Problem.params(DType.FLOAT32));
      for (int i = 0; i < STEPS; i++) {
        Tree gradients = Problem.gradients(optimizer, DType.FLOAT32, i);
        stepper.step(i == 3 ? Problem.filled(gradients, bad) : gradients);
      }
      Records.walk(
          stepper.state(),
          (path, leaf) -> {
            boolean reports = path.contains("/info/"); // what a search did, by how much it failed
            if (leaf instanceof Scalar scalar && !reports) {
              assertThat(scalar.value()).as(path).isFinite();
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void takesATreeWithoutLeaves(String name) {
    Stepper<?> stepper = Stepper.of(optimizer(name), Tree.empty());
    for (int i = 0; i < 3; i++) {
      stepper.step(Tree.empty());
    }
    assertThat(stepper.params().paths()).isEmpty();
  }

  /** Requires an extra argument, and adds it to the updates. */
  private record Probe() implements GradientTransformation<Probe.ProbeState> {
    record ProbeState(Scalar seen) {}

    @Override
    public ProbeState initialState(Tree params) {
      return new ProbeState(Scalar.of(0));
    }

    @Override
    public Step<ProbeState> step(Tree updates, ProbeState state, Tree params, Extras extras) {
      return Step.of(updates, new ProbeState(extras.scalar("probe")));
    }
  }

  /** The arguments of what wraps an optimizer, given the optimizer. */
  protected abstract Map<String, Object> wrappers(Object wrapped);

  Set<String> wrapping() {
    return new TreeSet<>(wrappers("none").keySet());
  }

  @ParameterizedTest
  @MethodSource("wrapping")
  void extraArgumentsPassThrough(String name) {
    Catalog catalog = Catalog.standard().with(Entry.of("probe", new Probe()));
    Object arguments = wrappers(Map.of("name", "probe")).get(name);
    GradientTransformation<?> optimizer =
        catalog.optimizer(Map.of("name", name, "args", arguments));
    Tree x = Problem.params(DType.FLOAT32);
    Stepper<?> stepper = Stepper.of(optimizer, x);
    assertThatThrownBy(() -> stepper.step(x)).hasMessageContaining("\"probe\" must be given");
    stepper.step(x, Extras.NONE.with("probe", 3.5));
    stepper.step(x, Extras.NONE.with("probe", 4.5));
    assertThat(Numbers.of(stepper.state()).values()).contains(4.5);
  }

  /** Those whose learning rate is 0 at first. */
  protected abstract Set<String> warmedUp();

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void schedulesAreReadAtCountZeroFirst(DType dtype) {
    for (String name : warmedUp()) {
      GradientTransformation<?> optimizer = optimizer(name);
      Stepper<?> stepper = Stepper.of(optimizer, Problem.params(dtype));
      stepper.step(Problem.gradients(optimizer, dtype, 0));
      assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(Problem.params(dtype)));
    }
  }
}
