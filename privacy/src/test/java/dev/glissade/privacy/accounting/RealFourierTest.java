package dev.glissade.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealFourierTest {
  private static final double ROUNDING = 0x1p-53;

  /** Returns what {@link LossComposition} takes a transform to be off by. */
  private static double bound(double[] values) {
    double squares = DoubleStream.of(values).map(value -> value * value).sum();
    return 4 * ROUNDING * Math.log(values.length) / Math.log(2) * Math.sqrt(squares);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16, 32, 64, 512, 1024})
  void isTheSumOfItsDefinition(int size) {
    double[] values = new Random(size).doubles(size, -1, 1).toArray();
    double[] transform = values.clone();
    new RealFourier(size).forward(transform);
    for (int k = 0; k <= size / 2; k++) {
      double re = 0;
      double im = 0;
      for (int i = 0; i < size; i++) {
        double angle = 2 * Math.PI * ((long) i * k % size) / size;
        re += values[i] * Math.cos(angle);
        im -= values[i] * Math.sin(angle);
      }
      // The sum here is rounded too.
      double near = 2 * bound(values);
      boolean real = k == 0 || k == size / 2;
      assertThat(transform[k == size / 2 ? 1 : 2 * k]).isCloseTo(re, within(near));
      assertThat(real ? 0 : transform[2 * k + 1]).isCloseTo(real ? 0 : im, within(near));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 1 << 10, 1 << 15, 1 << 20})
  void theInverseGivesTheNumbersBack(int size) {
    double[] values = new Random(size).doubles(size).toArray();
    double[] back = values.clone();
    RealFourier fourier = new RealFourier(size);
    fourier.forward(back);
    fourier.inverse(back);
    for (int i = 0; i < size; i++) {
      assertThat(back[i]).isCloseTo(values[i], within(16 * ROUNDING));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 17, 1 << 20})
  void aSingleOneIsAWaveOfExactLength(int size) {
    int place = 12_345;
    double[] values = new double[size];
    values[place] = 1;
    new RealFourier(size).forward(values);
    for (int k = 1; k < size / 2; k++) {
      double angle = 2 * Math.PI * ((long) place * k % size) / size;
      assertThat(values[2 * k]).isCloseTo(Math.cos(angle), within(16 * ROUNDING));
      assertThat(values[2 * k + 1]).isCloseTo(-Math.sin(angle), within(16 * ROUNDING));
    }
  }

  @Test
  void refusesWhatIsNoPowerOfTwo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RealFourier(12))
        .withMessage("size must be a power of two of at least 4, but was 12");
  }
}
