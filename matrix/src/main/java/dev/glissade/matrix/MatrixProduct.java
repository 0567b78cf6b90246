package dev.glissade.matrix;

/**
 * Multiplies dense row-major matrices: C = op(A) op(B).
 *
 * <p>{@link #best} calls OpenBLAS if the jar {@code org.bytedeco:openblas} for this platform is on
 * the class path, else Java code. Both take Java arrays without a copy.
 *
 * <p>A large product is cut into parts whose number and shape depend on the product's shape alone.
 * So its bits don't depend on how many threads compute them; they do depend on the library and,
 * with OpenBLAS, on the processor.
 */
public interface MatrixProduct {
  /**
   * Returns the fastest implementation that is present. Large products use all processors. {@code
   * -Ddev.ludovic.netlib.blas.allowNative=false} selects Java.
   *
   * @return OpenBLAS or, without its jar for this platform, {@link #java}
   */
  static MatrixProduct best() {
    return NetlibProduct.best();
  }

  /**
   * Returns the implementation in Java, which needs no native library. It uses the Vector API if
   * the program was started with {@code --add-modules jdk.incubator.vector}.
   *
   * @return the implementation in Java
   */
  static MatrixProduct java() {
    return NetlibProduct.inJava();
  }

  /**
   * Returns this implementation on the caller's thread alone, with the same bits, for programs that
   * already run something else on the other processors.
   *
   * @return this implementation without other threads
   */
  MatrixProduct sequential();

  /**
   * Computes c = op(a) op(b) in float32.
   *
   * @param shape the shape of the product
   * @param a at least m k numbers
   * @param b at least k n numbers
   * @param c at least m n numbers, which the product overwrites; another array than a and b
   * @throws IllegalArgumentException if an array is too short
   */
  void multiply(ProductShape shape, float[] a, float[] b, float[] c);

  /**
   * Computes c = op(a) op(b) in float64.
   *
   * @param shape the shape of the product
   * @param a at least m k numbers
   * @param b at least k n numbers
   * @param c at least m n numbers, which the product overwrites; another array than a and b
   * @throws IllegalArgumentException if an array is too short
   */
  void multiply(ProductShape shape, double[] a, double[] b, double[] c);

  /** {@return the name of the library that computes, for reports: "OpenBLAS" or "Java"} */
  String library();
}
