package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.projection.L2Ball;
import dev.glissade.testing.HugeGradientsContract;
import dev.glissade.transform.ScaleByLion.LionMode;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Finite gradients of any size leave parameters and states finite. */
class HugeGradientsTest extends HugeGradientsContract {
  @Override
  protected Map<String, GradientTransformation<?>> scaleless() {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("adam", Optimizers.adam(RATE));
    all.put("adam b1 0", Optimizers.adam(RATE).b1(0));
    all.put("adam b2 .3", Optimizers.adam(RATE).b1(0.2).b2(0.3));
    all.put("nadam", Optimizers.adam(RATE).nesterov(true));
    all.put("adamw", Optimizers.adamw(RATE));
    all.put("nadamw", Optimizers.adamw(RATE).nesterov(true));
    all.put("lion", Optimizers.lion(RATE));
    all.put("adamax", Optimizers.adamax(RATE));
    all.put("adamax b1 0", Optimizers.adamax(RATE).b1(0));
    all.put("amsgrad", Optimizers.amsgrad(RATE));
    all.put("adabelief", Optimizers.adabelief(RATE));
    all.put("yogi", Optimizers.yogi(RATE));
    all.put("adan", Optimizers.adan(RATE));
    all.put("sign", Optimizers.signSgd(RATE));
    all.put("signum", Optimizers.signum(RATE));
    all.put("rprop", Optimizers.rprop(RATE).maxStepSize(RATE));
    all.put("adadelta", Optimizers.adadelta(RATE));
    all.put("optimistic adam", Optimizers.optimisticAdamV2(RATE));
    all.put("rmsprop", Optimizers.rmsprop(RATE));
    all.put("rmsprop 0", Optimizers.rmsprop(RATE).decay(0));
    all.put("rmsprop momentum", Optimizers.rmsprop(RATE).momentum(0.9).nesterov(true));
    all.put("rmsprop eps", Optimizers.rmsprop(RATE).epsInSqrt(false).biasCorrection(true));
    all.put("adagrad", Optimizers.adagrad(RATE));
    all.put("multi steps", Transforms.multiSteps(Optimizers.adam(RATE), 2));
    all.put("inject", Transforms.injectHyperparams(Optimizers.adam(RATE)));
    all.put("masked", Transforms.masked(Optimizers.adam(RATE), path -> true));
    all.put("lookahead", Transforms.lookahead(Optimizers.adam(RATE), 3, 0.5));
    all.put("params ema", Transforms.paramsEma(Optimizers.adam(RATE), 0.9));
    all.put("lawa", Transforms.lawa(Optimizers.adam(RATE), 2, 2));
    return all;
  }

  @Override
  protected Map<String, GradientTransformation<?>> others() {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("rmsprop centered", Optimizers.rmsprop(1e-5).centered(true));
    all.put("centered, debiased", Optimizers.rmsprop(1e-5).centered(true).biasCorrection(true));
    all.put("adam b2 0", Optimizers.adam(1e-5).b2(0));
    all.put("sgd", Optimizers.sgd(1e-5));
    all.put("adabelief b2 0", Optimizers.adabelief(1e-5).b2(0));
    all.put("adan b 0", Optimizers.adan(1e-5).b1(0).b2(0).b3(0));
    all.put("radam", Optimizers.radam(1e-5));
    all.put("refined lion", Transforms.scaleByLion().mode(LionMode.REFINED));
    all.put("noisy", Optimizers.noisySgd(1e-5, 3));
    all.put("ema", Transforms.chain(Transforms.ema(0.9), Optimizers.sgd(1e-5)));
    all.put("ema 0", Transforms.chain(Transforms.ema(0), Optimizers.sgd(1e-5)));
    all.put("mean", Transforms.multiSteps(Optimizers.sgd(1e-5), 3));
    all.put("norm 1", Transforms.chain(Transforms.normalizeByUpdateNorm(), Optimizers.sgd(1e-5)));
    all.put("ball", Transforms.chain(Optimizers.sgd(1e-5), Transforms.keepParamsIn(new L2Ball(9))));
    return all;
  }

  @Override
  protected Map<String, GradientTransformation<?>> forgetful() {
    return Map.of(
        "adam", Optimizers.adam(0.01).b1(0.5).b2(0.5),
        "rmsprop", Optimizers.rmsprop(0.01).decay(0.5),
        "lion", Optimizers.lion(0.01).b2(0.5));
  }

  /** All magnitudes, with mantissas that round up and down: their squares are finite. */
  @Test
  void squarableOfAnyNumberIsBoundedAndOfOrdinaryOnesItself() {
    int[] mantissas = {
      0, 1, 2, 3, 0x400000, 0x3fffff, 0x555555, 0x7ffffc, 0x7ffffd, 0x7ffffe, 0x7fffff
    };
    float[] numbers = new float[2 * 255 * mantissas.length];
    int n = 0;
    for (int sign = 0; sign < 2; sign++) {
      for (int exponent = 0; exponent < 255; exponent++) {
        for (int mantissa : mantissas) {
          numbers[n++] = Float.intBitsToFloat(sign << 31 | exponent << 23 | mantissa);
        }
      }
    }
    Tree tree = Tree.of("w", Tensor.of(numbers));
    for (double factor : new double[] {1, 1e-6, 1e-30, 1000, 1e9}) {
      double[] made = tree.squarable(Scalar.of(factor)).evaluate().get("w").toDoubles();
      for (int i = 0; i < made.length; i++) {
        assertThat(Math.abs(made[i] * factor)).as("%s", numbers[i]).isLessThanOrEqualTo(0x1p63);
        if (Math.abs(numbers[i]) < Math.min(0x1p59 / factor, 0x1p76)) {
          assertThat(made[i]).isEqualTo(numbers[i]);
        }
      }
    }
    Tree wide = Tree.of("w", Tensor.of(DType.FLOAT64, tree.get("w").toDoubles(), numbers.length));
    for (int power = -900; power <= 890; power += 89) {
      double scale = Math.scalb(1.0, power);
      double[] made = wide.times(scale).squarable().evaluate().get("w").toDoubles();
      for (int i = 0; i < made.length; i++) {
        double number = numbers[i] * scale;
        assertThat(Math.abs(made[i])).isLessThanOrEqualTo(0x1p510);
        if (Math.abs(number) < 0x1p507) {
          assertThat(made[i]).isEqualTo(number);
        }
      }
    }
    Tree infinite = Tree.of("w", Tensor.of(new float[] {1f / 0, -1f / 0, 0f / 0}));
    assertThat(infinite.squarable().evaluate().get("w").toFloats()).containsOnly(Float.NaN);
  }

  /** Each leaf by the bound of its type. */
  @Test
  void squarableByTypes() {
    Tree mixed =
        Tree.of(
            Map.of(
                "a", Tensor.of(new float[] {1e19f, 1e30f}),
                "b", Tensor.of(new double[] {1e19, 1e30}),
                "c", Tensor.of(DType.BFLOAT16, new double[] {1, 1e38}, 2)));
    Tree made = mixed.squarable().evaluate();
    assertThat(made.get("b").toDoubles()).containsExactly(1e19, 1e30);
    assertThat(made.get("a").get(1)).isBetween(-0x1p62, 0x1p62);
    assertThat(made.get("c").get(0)).isEqualTo(1);
    assertThat(made.get("c").get(1)).isBetween(-0x1p62, 0x1p62);
  }
}
