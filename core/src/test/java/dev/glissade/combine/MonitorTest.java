package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers of updates are kept where they were measured, and change no update. */
class MonitorTest {
  private static Tree two(double a, double b) {
    return Tree.of("a", Tensor.of(new double[] {a}), "b", Tensor.of(new double[] {b}));
  }

  @Test
  void eachMeasureIsReadByItsName() {
    Monitor watched =
        Transforms.monitor("norm", Measures.norm())
            .and("norm1", Measures.norm1())
            .and("largest", Measures.maxAbs())
            .and("rms", Measures.rms())
            .and("bad", Measures.nonFinite())
            .and("sum", Tree::sum);
    Stepper<?> stepper = Stepper.of(Transforms.chain(watched, Optimizers.sgd(1)), two(0, 0));
    for (String name : watched.measures().keySet()) {
      assertThat(stepper.scalar(name)).as(name).isNaN();
    }
    stepper.step(two(3, -4));
    assertThat(stepper.scalar("norm")).isEqualTo(5);
    assertThat(stepper.scalar("norm1")).isEqualTo(7);
    assertThat(stepper.scalar("largest")).isEqualTo(4);
    assertThat(stepper.scalar("rms")).isCloseTo(Math.sqrt(12.5), offset(1e-15));
    assertThat(stepper.scalar("bad")).isZero();
    assertThat(stepper.scalar("sum")).isEqualTo(-1);
    assertThat(stepper.params().sameBits(two(-3, 4))).isTrue();
    stepper.step(two(Double.NaN, Double.POSITIVE_INFINITY));
    assertThat(stepper.scalar("bad")).isEqualTo(2);
    assertThat(stepper.scalar("norm")).isNaN();
  }

  @Test
  void aSnapshotMeasuresWhereItStands() {
    Stepper<?> stepper =
        Stepper.of(
            Transforms.chain(
                Transforms.snapshot("before", Tree::norm),
                Transforms.clipByGlobalNorm(1),
                Transforms.snapshot("after", Tree::norm),
                Optimizers.sgd(1)),
            two(7, 7));
    assertThat(stepper.scalar("before")).isNaN();
    stepper.step(two(3, 4));
    assertThat(stepper.scalar("before")).isEqualTo(5);
    assertThat(stepper.scalar("after")).isCloseTo(1, offset(1e-15));
  }

  @Test
  void anAverageLeavesOutWhatIsNotFinite() {
    double decay = 0.8;
    for (boolean debias : new boolean[] {true, false}) {
      Monitor watched =
          new Monitor(Map.of("smooth", MeasureWithEma.of(Tree::norm, decay).debias(debias)));
      Stepper<?> stepper = Stepper.of(watched, two(0, 0));
      stepper.step(two(Double.NaN, 0));
      assertThat(Double.isNaN(stepper.scalar("smooth"))).isEqualTo(debias);
      double ema = 0;
      for (int t = 1; t <= 6; t++) {
        double norm = 5.0 * t;
        stepper.step(two(3 * t, 4 * t));
        ema = decay * ema + (1 - decay) * norm;
        double expected = debias ? ema / (1 - Math.pow(decay, t)) : ema;
        assertThat(stepper.scalar("smooth")).isCloseTo(expected, offset(1e-12));
        stepper.step(two(Double.NEGATIVE_INFINITY, 1));
        assertThat(stepper.scalar("smooth")).isCloseTo(expected, offset(1e-12));
      }
    }
  }

  /** A measure with a state of any kind: the number of steps in which the sum was positive. */
  private record Positive() implements StatefulMeasure<Positive.State> {
    record State(Scalar times) {}

    @Override
    public State initialState() {
      return new State(Scalar.of(0));
    }

    @Override
    public Measured<State> measured(Tree updates, State state) {
      Scalar times = state.times().plus(updates.sum().greaterThan(0));
      return new Measured<>(times, new State(times));
    }
  }

  @Test
  void aMeasureMayKeepAnyState() {
    Stepper<?> stepper =
        Stepper.of(Transforms.monitor("norm", Tree::norm).and("up", new Positive()), two(0, 0));
    for (int i = -2; i < 5; i++) {
      stepper.step(two(i, 0));
    }
    assertThat(stepper.scalar("up")).isEqualTo(4);
    assertThat(stepper.scalar("norm")).isEqualTo(4);
  }

  @Test
  void measuresHaveNamesInJson() {
    Catalog catalog = Catalog.standard();
    GradientTransformation<?> watched =
        Transforms.monitor("norm", Measures.norm())
            .and("smooth", Transforms.measureWithEma(Measures.maxAbs(), 0.5));
    assertThat(catalog.optimizer(catalog.describe(watched))).isEqualTo(watched);
    assertThatThrownBy(() ->
            catalog.optimizer(
                Map.of("name", "monitor", "args", Map.of("measures", Map.of("a", "sgd")))))
        .hasMessageContaining("sgd must have the argument \"learning_rate\"");
    assertThatThrownBy(() ->
            catalog.optimizer(
                Map.of("name", "monitor", "args", Map.of("measures", Map.of("a", "identity")))))
        .hasMessageContaining(
            "monitor: \"measures\"[a] must be one of [max_abs, measure_with_ema, non_finite, norm,"
                + " norm1, rms], but was \"identity\"");
    assertThatThrownBy(() -> catalog.optimizer("norm"))
        .hasMessage("optimizer must be an optimizer, but was \"norm\"");
  }
}
