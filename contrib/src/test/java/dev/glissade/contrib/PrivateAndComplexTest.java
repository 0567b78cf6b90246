package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("vectors")
class PrivateAndComplexTest {

  /** One step of descent at rate 1 from 0: minus the aggregate. */
  private static double[] aggregate(double clip, DType dtype, double[] gradients, int... shape) {
    Tree start = Tree.of("w", Tensor.of(dtype, new double[shape[1]], shape[1]));
    Stepper<?> stepper = Stepper.of(Contrib.dpsgd(1, clip, 0, 0), start);
    stepper.step(Tree.of("w", Tensor.of(dtype, gradients, shape)));
    double[] moved = stepper.params().get("w").toDoubles();
    for (int i = 0; i < moved.length; i++) {
      moved[i] = 0 - moved[i];
    }
    return moved;
  }

  @Test
  void eachExampleIsClippedThenAveraged() {
    // norms 5 and 0.5, clip 1: (0.6, 0.8) and (0.3, 0.4)
    double[] mean = aggregate(1, DType.FLOAT64, new double[] {3, 4, 0.3, 0.4}, 2, 2);
    assertThat(mean).containsExactly(new double[] {0.45, 0.6}, offset(1e-15));
  }

  /** Ten examples were expected, of which two arrived. */
  @Test
  void theSumIsDividedByTheBatchThatWasExpected() {
    Tree start = Tree.of("w", Tensor.of(new double[2]));
    Tree gradients = Tree.of("w", Tensor.of(DType.FLOAT64, new double[] {3, 4, 0.3, 0.4}, 2, 2));
    Stepper<?> expecting = Stepper.of(Contrib.dpsgd(1, 1, 0, 0).expectedBatchSize(10.0), start);
    expecting.step(gradients);
    double[] moved = expecting.params().get("w").toDoubles();
    assertThat(moved).containsExactly(new double[] {-0.09, -0.12}, offset(1e-15));
    Stepper<?> alone =
        Stepper.of(Contrib.differentiallyPrivateAggregate(1, 0, 0).expectedBatchSize(10.0), start);
    alone.step(gradients);
    assertThat(alone.params().get("w").toDoubles())
        .containsExactly(new double[] {0.09, 0.12}, offset(1e-15));
  }

  @Test
  void anInfiniteClipWithoutNoiseIsTheMean() {
    double[] mean =
        aggregate(Double.POSITIVE_INFINITY, DType.FLOAT64, new double[] {3, 4, 1, 2}, 2, 2);
    assertThat(mean).containsExactly(2, 3);
  }

  @Test
  void anEmptyBatchMovesNothing() {
    assertThat(aggregate(1, DType.FLOAT64, new double[0], 0, 2)).containsExactly(0, 0);
  }

  @Test
  void anExampleThatIsNotFiniteAddsNothing() {
    double[] mean = aggregate(1, DType.FLOAT64, new double[] {Double.NaN, 1, 0.5, 0}, 2, 2);
    assertThat(mean).containsExactly(0.25, 0);
  }

  @Test
  void normsDoNotOverflow() {
    double[] single = aggregate(1, DType.FLOAT32, new double[] {3e30, 4e30}, 1, 2);
    assertThat(single).containsExactly(new double[] {0.6, 0.8}, offset(1e-6));
    double[] wide = aggregate(1, DType.FLOAT64, new double[] {3e200, 4e200}, 1, 2);
    assertThat(wide).containsExactly(new double[] {0.6, 0.8}, offset(1e-12));
  }

  @Test
  void meanGradientsAreRefusedThoughTheirLeavesShareTheFirstDimension() {
    Tree params = Tree.of("a", Tensor.of(new float[6], 3, 2), "b", Tensor.of(new float[3]));
    Stepper<?> stepper = Stepper.of(Contrib.dpsgd(1, 1, 0, 0), params);
    assertThatThrownBy(() -> stepper.step(params.copy()))
        .hasMessage("per-example gradients[\"a\"] must have shape [batch, 3, 2], but had [3, 2]");
  }

  @Test
  void theSameSeedGivesTheSameNoiseAndAnotherOneAnother() {
    assertThat(noise(1)).isEqualTo(noise(1)).isNotEqualTo(noise(2));
  }

  private static double[] noise(long seed) {
    Tree start = Tree.of("w", Tensor.of(new double[4]));
    Stepper<?> stepper = Stepper.of(Contrib.dpsgd(1, 1, 1, seed), start);
    stepper.step(Tree.of("w", Tensor.of(new double[8], 2, 4)));
    return stepper.params().get("w").toDoubles();
  }

  /** Gradients of |z - (1 + 2i)|^2 in the conjugate convention, and of the same in two reals. */
  @Test
  void complexAdamFollowsAdamOnTheParts() {
    GradientTransformation<?> adam = Optimizers.adam(0.05);
    double[] x = {3, -1};
    double[] y = {0.5, 4};
    Stepper<?> complex =
        Stepper.of(Contrib.splitRealAndImaginary(adam), Tree.of("z", Tensor.complex(x, y, 2)));
    Stepper<?> real = Stepper.of(adam, Tree.of("x", Tensor.of(x), "y", Tensor.of(y)));
    for (int i = 0; i < 100; i++) {
      Tensor z = complex.params().get("z");
      double[] re = z.real().toDoubles();
      double[] im = z.imaginary().toDoubles();
      complex.step(Tree.of("z", Tensor.complex(slope(re, 1), slope(im, 2), 2)));
      double[] a = real.params().get("x").toDoubles();
      double[] b = real.params().get("y").toDoubles();
      real.step(Tree.of("x", Tensor.of(slope(a, 1)), "y", Tensor.of(slope(b, 2))));
    }
    Tensor z = complex.params().get("z");
    double[] re = real.params().get("x").toDoubles();
    double[] im = real.params().get("y").toDoubles();
    assertThat(z.real().toDoubles()).containsExactly(re, offset(1e-6));
    assertThat(z.imaginary().toDoubles()).containsExactly(im, offset(1e-6));
    assertThat(re[0]).isNotEqualTo(3);
  }

  private static double[] slope(double[] at, double minimum) {
    double[] slope = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      slope[i] = 2 * (at[i] - minimum);
    }
    return slope;
  }

  @Test
  void anInfiniteImaginaryPartLeavesTheRealPartAlone() {
    Tree start = Tree.of("z", Tensor.complex(new double[] {1}, new double[] {1}, 1));
    Stepper<?> stepper = Stepper.of(Contrib.splitRealAndImaginary(Optimizers.sgd(0.5)), start);
    double[] infinite = {Double.POSITIVE_INFINITY};
    stepper.step(Tree.of("z", Tensor.complex(new double[] {1}, infinite, 1)));
    assertThat(stepper.params().get("z").real().get(0)).isEqualTo(0.5);
    assertThat(stepper.params().get("z").imaginary().get(0)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void realLeavesPassThroughTheSplit() {
    GradientTransformation<?> adam = Optimizers.adam(0.1);
    Tree start = Tree.of("w", Tensor.of(new double[] {1, 2}));
    Stepper<?> split = Stepper.of(Contrib.splitRealAndImaginary(adam), start);
    Stepper<?> plain = Stepper.of(adam, start);
    for (int i = 0; i < 5; i++) {
      Tree g = Tree.of(Map.of("w", Tensor.of(new double[] {i - 2, 1})));
      split.step(g);
      plain.step(g);
    }
    assertThat(split.params().get("w").toDoubles()).isEqualTo(plain.params().get("w").toDoubles());
  }
}
