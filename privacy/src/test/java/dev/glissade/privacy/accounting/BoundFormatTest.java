package dev.glissade.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundFormatTest {

  @ParameterizedTest
  @CsvSource({
    "4.3771781, 4.378",
    "4.377, 4.377",
    "4.375, 4.375",
    "5.85e-5, 0.0000585",
    "5.851e-5, 0.0000586",
    "0.0104, 0.0104",
    "0.09991, 0.100",
    "0, 0.000",
    "3, 3.000",
    "9.9999, 10.000",
    "999.9991, 1000.000",
    "12345678.9, 12345678.91",
    "5.00000000001e27, 5.000000001E+27",
    "1e-300, 1.01E-300",
    "4.9e-324, 4.95E-324",
    "Infinity, Infinity",
    "NaN, NaN"
  })
  void upperBoundsAreRoundedUp(double bound, String written) {
    assertThat(BoundFormat.upperBound(bound)).isEqualTo(written);
  }

  @Test
  void nothingWrittenIsOnTheWrongSide() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double x = Math.exp(random.nextDouble(-700, 700));
      BigDecimal exact = new BigDecimal(x);
      BigDecimal up = new BigDecimal(BoundFormat.upperBound(x));
      assertThat(up).isGreaterThanOrEqualTo(exact);
      assertThat(up.doubleValue()).isLessThanOrEqualTo(x * 1.01 + Double.MIN_VALUE);
      assertThat(new BigDecimal(BoundFormat.lowerBound(x, 4))).isLessThanOrEqualTo(exact);
      assertThat(new BigDecimal(BoundFormat.upperBound(x, 6))).isGreaterThanOrEqualTo(exact);
    }
  }

  @Test
  void digitsAreCounted() {
    assertThat(BoundFormat.lowerBound(1.98999, 4)).isEqualTo("1.989");
    assertThat(BoundFormat.upperBound(0.00426666, 3)).isEqualTo("0.00427");
    assertThat(BoundFormat.lowerBound(Double.POSITIVE_INFINITY, 4)).isEqualTo("Infinity");
  }
}
