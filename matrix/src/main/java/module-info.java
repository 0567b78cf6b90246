/** Products of dense matrices. */
module dev.glissade.matrix {
  requires transitive dev.glissade.core;
  requires dev.ludovic.netlib.blas;
  requires java.logging;
  requires static org.bytedeco.javacpp;
  requires static org.bytedeco.openblas;
  requires static transitive org.jspecify;

  exports dev.glissade.matrix;

  provides dev.glissade.algebra.MatrixDecomposer with
      dev.glissade.matrix.LapackDecomposer;
  provides dev.glissade.algebra.MatrixMultiplier with
      dev.glissade.matrix.NetlibMultiplier;
}
