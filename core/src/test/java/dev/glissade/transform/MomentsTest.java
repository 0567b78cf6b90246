package dev.glissade.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.optimizer.RmsProp;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Moments in float32: what is small is not lost after what is large, and no variance is negative.
 */
@Tag("vectors")
class MomentsTest {

  private static Tree one(double number) {
    return Tree.of("w", Tensor.of(new float[] {(float) number}));
  }

  /** The update of the last of these gradients. */
  private static <S> double last(GradientTransformation<S> optimizer, double... gradients) {
    Tree x = one(0);
    S state = optimizer.init(x);
    double update = 0;
    for (double gradient : gradients) {
      Step<S> step = optimizer.update(one(gradient), state, x);
      state = step.state();
      update = step.updates().get("w").get(0);
    }
    return update;
  }

  static Stream<Arguments> afterALargeGradient() {
    return Stream.of(
        arguments("rmsprop", Optimizers.rmsprop(0.1).decay(0), -0.0995037),
        arguments("rmsprop centered", Optimizers.rmsprop(0.1).decay(0).centered(true), -1),
        arguments("adam", Optimizers.adam(0.1).b1(0).b2(0), -0.1),
        arguments("nadam", Optimizers.adam(0.1).b1(0).b2(0).nesterov(true), -0.1),
        arguments("lion", Optimizers.lion(0.1).b1(0).b2(0).weightDecay(0), -0.1),
        arguments("adamax", Optimizers.adamax(0.1).b1(0).b2(0), -0.1),
        arguments("radam", Optimizers.radam(0.1).b1(0).b2(0.5), -1e-4),
        arguments("signum", Optimizers.signum(0.1).beta(0), -0.1),
        arguments("ema", Ema.of(0), 1e-3),
        arguments("ema, not debiased", new Ema(0, false, null), 1e-3),
        arguments("trace", Transforms.trace(0).nesterov(true), 1e-3),
        arguments("multi steps", Transforms.multiSteps(Transforms.identity(), 1), 1e-3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("afterALargeGradient")
  void aDecayOfZeroForgets(String name, GradientTransformation<?> optimizer, double update) {
    assertThat(last(optimizer, 1e5, 1e-3)).isCloseTo(update, withinPercentage(1e-3));
    assertThat(last(optimizer, 1e30, Float.MAX_VALUE, 1e-3))
        .isCloseTo(update, withinPercentage(1e-3));
    // not by a product with 0 either
    assertThat(last(optimizer, Double.NaN, Double.POSITIVE_INFINITY, 1e-3))
        .isCloseTo(update, withinPercentage(1e-3));
  }

  /**
   * Against the same mean in double, at every decay: within a few units of rounding of its terms.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-9, 1e-3, 0.1, 0.3, 0.499, 0.5, 0.501, 0.9, 0.999, 0.99999})
  void meansAreAsGoodAsTheirTerms(double decay) {
    Random random = new Random(5);
    double decayed = decay < 0.5 ? (double) (float) decay : 1 - (double) (float) (1 - decay);
    for (int i = 0; i < 300; i++) {
      double m = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));
      double g = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));
      Ema ema = new Ema(decay, false, null);
      double mean =
          ema.update(one(g), new Ema.EmaState(Scalar.of(1), one(m)), one(0))
              .updates()
              .get("w")
              .get(0);
      double terms = Math.abs(decayed * m) + Math.abs((1 - decayed) * g);
      assertThat(mean)
          .as("%s and %s", m, g)
          .isCloseTo(decayed * m + (1 - decayed) * g, offset(4 * 0x1p-24 * terms + 1e-44));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.001", "0.1", "0.9", "0.999"})
  void equalNumbersAreTheirMean(double decay) {
    ScaleByAdam adam = new ScaleByAdam(decay, decay, 0, 0, null, false);
    Tree x = one(0);
    var state = new ScaleByAdam.ScaleByAdamState(Scalar.of(99), one(0.3), one(0.3f * 0.3f));
    Tree mu = adam.update(one(0.3), state, x).state().mu();
    assertThat(mu.get("w").get(0)).isEqualTo(0.3f);
  }

  static Stream<RmsProp> centered() {
    RmsProp centered = Optimizers.rmsprop(1e-3).centered(true);
    return Stream.of(
        centered,
        centered.biasCorrection(true),
        centered.epsInSqrt(false),
        centered.epsInSqrt(false).biasCorrection(true),
        centered.decay(0.1),
        centered.decay(0.999).biasCorrection(true),
        centered.momentum(0.9));
  }

  /** Gradients that hardly vary: rounding alone decides the sign of nu - mu^2. */
  @ParameterizedTest
  @MethodSource("centered")
  void aVarianceIsNotNegative(RmsProp optimizer) {
    for (double noise : new double[] {0, 1e-7, 1e-5, 1e-3}) {
      for (double size : new double[] {1, 1e-3, 1e6, 1e18}) {
        Random random = new Random(3);
        float[] x = new float[64];
        Stepper<?> stepper = Stepper.of(optimizer, Tree.of("w", Tensor.of(x)));
        for (int step = 0; step < 300; step++) {
          float[] g = new float[x.length];
          for (int i = 0; i < g.length; i++) {
            g[i] = (float) (size * (1 + noise * random.nextGaussian()));
          }
          stepper.step(Tree.of("w", Tensor.of(g)));
        }
        for (double number : stepper.params().get("w").toDoubles()) {
          assertThat(number).isFinite();
        }
      }
    }
  }

  /** The mean of gathered gradients is between them. */
  @Test
  void gatheredGradientsOfBothSignsDoNotOverflow() {
    double largest = Float.MAX_VALUE;
    assertThat(last(Transforms.multiSteps(Transforms.identity(), 2), largest, -largest)).isZero();
    assertThat(last(Transforms.ema(0.9), largest, -largest)).isFinite();
  }
}
