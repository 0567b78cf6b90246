package dev.glissade.matrix;

import dev.glissade.algebra.MatrixMultiplier;

/**
 * Computes the products of steps, such as those of Muon, by OpenBLAS. Not available without its
 * jar, since netlib's Java code takes three times as long as that of {@link MatrixMultiplier#java}.
 */
public final class NetlibMultiplier implements MatrixMultiplier {
  private final NetlibProduct product;

  /** Makes the provider, for {@link java.util.ServiceLoader}. */
  public NetlibMultiplier() {
    this(NetlibProduct.best());
  }

  NetlibMultiplier(NetlibProduct product) {
    this.product = product;
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      double alpha,
      float[] a,
      boolean transposeA,
      float[] b,
      boolean transposeB,
      double beta,
      float[] c) {
    ProductShape shape = new ProductShape(m, n, k, transposeA, transposeB);
    shape.check(a.length, b.length, c.length);
    product.multiply(shape, (float) alpha, a, b, (float) beta, c);
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      boolean transposeA,
      double[] b,
      boolean transposeB,
      double beta,
      double[] c) {
    ProductShape shape = new ProductShape(m, n, k, transposeA, transposeB);
    shape.check(a.length, b.length, c.length);
    product.multiply(shape, alpha, a, b, beta, c);
  }

  @Override
  public void gram(int n, int k, double alpha, float[] a, double beta, float[] c) {
    ProductShape.of(n, n, k).check(a.length, a.length, c.length);
    product.gram(n, k, (float) alpha, a, (float) beta, c);
  }

  @Override
  public void gram(int n, int k, double alpha, double[] a, double beta, double[] c) {
    ProductShape.of(n, n, k).check(a.length, a.length, c.length);
    product.gram(n, k, alpha, a, beta, c);
  }

  @Override
  public boolean isAvailable() {
    return !product.equals(NetlibProduct.inJava());
  }

  @Override
  public String library() {
    return product.library();
  }
}
