package dev.glissade.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.algebra.MatrixMultiplier;
import dev.glissade.testing.MultiplierContract;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The products of steps, by OpenBLAS and in Java. */
class NetlibMultiplierTest {

  @Nested
  class ByOpenBlas extends MultiplierContract {
    ByOpenBlas() {
      super(new NetlibMultiplier());
    }
  }

  @Nested
  class InJava extends MultiplierContract {
    InJava() {
      super(new NetlibMultiplier(NetlibProduct.inJava()));
    }
  }

  @Test
  void isFoundAsAService() {
    assertThat(MatrixMultiplier.best()).isInstanceOf(NetlibMultiplier.class);
    assertThat(MatrixMultiplier.best().library()).isEqualTo("OpenBLAS");
    assertThat(new NetlibMultiplier().isAvailable()).isTrue();
    assertThat(new NetlibMultiplier(NetlibProduct.inJava()).isAvailable()).isFalse();
  }

  @Test
  void threadsDoNotChangeBits() {
    NetlibProduct best = NetlibProduct.best();
    int n = 700;
    int k = 300;
    float[] a = new float[n * k];
    for (int i = 0; i < a.length; i++) {
      a[i] = (i * 37 % 101 - 50) / 64f;
    }
    float[] parallel = new float[n * n];
    float[] sequential = new float[n * n];
    best.gram(n, k, 1, a, 0, parallel);
    new NetlibProduct(best.library(), best.blas(), false, true).gram(n, k, 1, a, 0, sequential);
    assertThat(Arrays.equals(parallel, sequential)).isTrue();
  }
}
