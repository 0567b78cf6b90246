package dev.glissade.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A million normals of a fixed seed have the moments and tails of normals, to 4 deviations. */
@Tag("vectors")
class NormalMomentsTest {
  private static final int COUNT = 1_000_000;

  static Stream<double[]> samples() {
    long key = Threefry.key(2024);
    double[] doubles = new double[COUNT];
    double[] widened = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      doubles[i] = Threefry.normalDouble(key, i);
      widened[i] = Threefry.normalFloat(key, i);
    }
    return Stream.of(doubles, widened);
  }

  @ParameterizedTest(name = "sample {index}")
  @MethodSource("samples")
  void momentsAndTails(double[] x) {
    // standard errors: 1, sqrt(2), sqrt(15), sqrt(96) over sqrt(n)
    assertThat(moment(x, 1)).isCloseTo(0, within(4 / 1e3));
    assertThat(moment(x, 2)).isCloseTo(1, within(4 * Math.sqrt(2) / 1e3));
    assertThat(moment(x, 3)).isCloseTo(0, within(4 * Math.sqrt(15) / 1e3));
    assertThat(moment(x, 4)).isCloseTo(3, within(4 * Math.sqrt(96) / 1e3));
    assertTail(x, 1, 0.31731050786291410);
    assertTail(x, 2, 0.04550026389635842);
    assertTail(x, 3, 0.00269979606326021);
    assertTail(x, 4, 6.334248366624e-5);
  }

  @ParameterizedTest(name = "sample {index}")
  @MethodSource("samples")
  void neighborsAreNotCorrelated(double[] x) {
    for (int lag = 1; lag <= 4; lag++) {
      double sum = 0;
      for (int i = lag; i < COUNT; i++) {
        sum += x[i] * x[i - lag];
      }
      assertThat(sum / COUNT).isCloseTo(0, within(4 / 1e3));
    }
  }

  private static double moment(double[] x, int power) {
    double sum = 0;
    for (double value : x) {
      sum += Math.pow(value, power);
    }
    return sum / COUNT;
  }

  private static void assertTail(double[] x, double bound, double probability) {
    int outside = 0;
    for (double value : x) {
      outside += Math.abs(value) > bound ? 1 : 0;
    }
    double deviation = Math.sqrt(probability * (1 - probability) / COUNT);
    assertThat(outside / (double) COUNT).isCloseTo(probability, within(4 * deviation));
  }
}
