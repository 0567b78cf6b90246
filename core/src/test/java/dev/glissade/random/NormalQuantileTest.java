package dev.glissade.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against Newton's method on erfc with 60 digits. */
class NormalQuantileTest {

  @ParameterizedTest
  @CsvSource({
    "0x1.0000000000000p-1014, 1.427822860000371e-305",
    "0x1.56e1fc2f8f359p-997, 2.5066282746310005e-300",
    "0x1.19799812dea11p-40, 2.5066282746310003e-12",
    "0x1.0000000000000p-53, 2.782916424671767e-16",
    "0x1.999999999999ap-4, 0.25334710313579983",
    "-0x1.3333333333333p-2, -0.8416212335729142",
    "0x1.b332f01754b06p-2, 1.4395244066035215",
    "0x1.b333333333333p-2, 1.439531470938456",
    "0x1.b33339e92fd9ep-2, 1.4395321773759004",
    "0x1.ccccccccccccdp-2, 1.6448536269514729",
    "0x1.e666666666666p-2, 1.9599639845400538",
    "-0x1.f5c28f5c28f5cp-2, -2.3263478740408408",
    "0x1.ffe5c91d14e3cp-2, 3.7190164854557084",
    "0x1.ffffc00000000p-2, 4.7630010342678135",
    "0x1.fffffe0000000p-2, 5.419983174916868",
    "-0x1.fffffe0000000p-2, -5.419983174916868",
    "0x1.fffffff000000p-2, 6.009353565530744",
    "0x1.ffffffffc0000p-2, 6.651035379893011",
    "0x1.ffffffffe0000p-2, 6.752300431407015",
    "0x1.ffffffffffff0p-2, 7.956038125481531",
    "0x1.ffffffffffffep-2, 8.209536151601387",
    "-0x1.fffffffffffffp-2, -8.292361075813595",
  })
  void sixteenDigitsFromTheMedianToTheTails(String q, double expected) {
    double actual = NormalQuantile.of(Double.parseDouble(q));
    assertThat(actual).isCloseTo(expected, within(1e-15 * Math.abs(expected)));
    assertThat(NormalQuantile.of(-Double.parseDouble(q))).isEqualTo(-actual);
  }

  @Test
  void edges() {
    assertThat(NormalQuantile.of(0)).isZero();
    assertThat(NormalQuantile.of(0.5)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(NormalQuantile.of(-0.5)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(NormalQuantile.of(0.500001)).isNaN();
    assertThat(NormalQuantile.of(-7)).isNaN();
    assertThat(NormalQuantile.of(Double.NaN)).isNaN();
  }

  @Test
  void itRises() {
    double before = NormalQuantile.of(-0.5 + 0x1p-20);
    for (double q = -0.5 + 0x1p-19; q < 0.5; q += 0x1p-20) {
      double x = NormalQuantile.of(q);
      assertThat(x).isGreaterThan(before);
      before = x;
    }
  }
}
