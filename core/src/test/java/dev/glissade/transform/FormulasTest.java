package dev.glissade.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.ScaleByLion.ScaleByLionState;
import dev.glissade.transform.ScaleByRss.ScaleByRssState;
import dev.glissade.transform.ScaleByStddev.ScaleByStddevState;
import org.junit.jupiter.api.Test;

/** By hand, what the recorded cases leave open: counts, defaults and limits. */
class FormulasTest {
  private static Tree one(double number) {
    return Tree.of("w", Tensor.of(new double[] {number}));
  }

  private static double number(Tree tree) {
    return tree.get("w").get(0);
  }

  @Test
  void lionCountsItsSteps() {
    ScaleByLion lion = ScaleByLion.defaults().b1(0.5).b2(0.75);
    assertThat(lion.init(one(1)).count().value()).isZero();
    Step<ScaleByLionState> step =
        lion.update(one(-3), new ScaleByLionState(Scalar.of(4), one(2)), one(1));
    assertThat(number(step.updates())).isEqualTo(-1); // the sign of 0.5 (-3) + 0.5 2
    assertThat(number(step.state().mu())).isEqualTo(0.75 * 2 - 0.25 * 3);
    assertThat(step.state().count().value()).isEqualTo(5);
  }

  @Test
  void defaultsAreTheDocumentedOnes() {
    assertThat(Optimizers.adamw(1).weightDecay()).isEqualTo(new ConstantSchedule(1e-4));
    assertThat(Optimizers.lion(1).weightDecay()).isEqualTo(new ConstantSchedule(1e-3));
    assertThat(ScaleByStddev.defaults()).isEqualTo(new ScaleByStddev(0.9, 1e-8, 0, true, false));
    assertThat(Trace.of(0.5)).isEqualTo(new Trace(0.5, false, null));
    assertThat(Ema.of(0.5)).isEqualTo(new Ema(0.5, true, null));
  }

  /** nu - mu^2 is -3 where it should be some rounding error below 0. */
  @Test
  void aVarianceIsNotNegative() {
    ScaleByStddev centered = ScaleByStddev.defaults().decay(0.5).eps(0.25);
    ScaleByStddevState state = new ScaleByStddevState(Scalar.of(0), one(4), one(1));
    // mu = 0.5 4 + 0.5 2 = 3;  nu = 0.5 1 + 0.5 4 = 2.5;  nu - mu^2 counts as 0
    assertThat(number(centered.update(one(2), state, one(0)).updates()))
        .isCloseTo(2 / Math.sqrt(0.25), offset(1e-12));
  }

  @Test
  void nansBecomeZero() {
    ZeroNans zero = new ZeroNans();
    assertThat(number(zero.update(one(Double.NaN), zero.init(one(0)), one(0)).updates())).isZero();
    assertThat(number(zero.update(one(3), zero.init(one(0)), one(0)).updates())).isEqualTo(3);
  }

  @Test
  void bounds() {
    Clip clip = new Clip(Double.POSITIVE_INFINITY);
    assertThat(number(clip.update(one(1e300), clip.init(one(0)), one(0)).updates()))
        .isEqualTo(1e300);
    ClipByGlobalNorm none = new ClipByGlobalNorm(0);
    assertThat(number(none.update(one(Double.NaN), none.init(one(0)), one(0)).updates())).isZero();
    Scale zero = new Scale(0);
    assertThat(number(zero.update(one(Double.NaN), zero.init(one(0)), one(0)).updates())).isZero();
  }

  @Test
  void aSumOfSquaresStaysFinite() {
    ScaleByRss rss = ScaleByRss.defaults();
    ScaleByRssState state = new ScaleByRssState(one(Double.MAX_VALUE));
    Step<ScaleByRssState> step = rss.update(one(1e150), state, one(0));
    assertThat(number(step.state().sumOfSquares())).isEqualTo(Double.MAX_VALUE);
    step = rss.update(one(1e153), step.state(), one(0));
    assertThat(number(step.state().sumOfSquares())).isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void noDecayTakesNothingOfTheParameters() {
    AddDecayedWeights none = AddDecayedWeights.of(new ConstantSchedule(0));
    Tree infinite = one(Double.POSITIVE_INFINITY);
    assertThat(number(none.update(one(3), none.init(infinite), infinite).updates())).isEqualTo(3);
  }

  /** What is computed of 16 bits is float32, also where nothing is added. */
  @Test
  void averagesOf16BitsAreFloat32() {
    Tree half = Tree.of("w", Tensor.of(DType.BFLOAT16, new double[] {1.5}, 1));
    assertThat(Trace.of(0).update(half, Trace.of(0).init(half), half).state().trace().get("w"))
        .hasToString("float32[1] [1.5]");
    Ema ema = Ema.of(0).debias(false);
    assertThat(ema.update(half, ema.init(half), half).state().ema().get("w"))
        .hasToString("float32[1] [1.5]");
  }
}
