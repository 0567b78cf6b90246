package dev.glissade.arena.model;

import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.mult.MatrixMatrixMult_FDRM;

/**
 * One dense layer, z = x W + b. All products go along rows (EJML's "reorder"), which compiles to
 * vector instructions; dot products of floats do not.
 */
final class Dense {
  final int in;
  final int out;
  final String kernelPath;
  final String biasPath;
  private final FMatrixRMaj kernel = new FMatrixRMaj(0, 0);
  private final FMatrixRMaj kernelGradient = new FMatrixRMaj(0, 0);
  private final FMatrixRMaj transposed = new FMatrixRMaj(0, 0);

  Dense(String name, int in, int out) {
    this.in = in;
    this.out = out;
    this.kernelPath = name + "/kernel";
    this.biasPath = name + "/bias";
  }

  /** Computes z = x W + b. */
  void forward(FMatrixRMaj x, float[] w, float[] bias, FMatrixRMaj z) {
    view(kernel, w);
    z.reshape(x.numRows, out);
    MatrixMatrixMult_FDRM.mult_reorder(x, kernel, z);
    for (int row = 0; row < z.numRows; row++) {
      for (int j = 0; j < out; j++) {
        z.data[row * out + j] += bias[j];
      }
    }
  }

  /** Computes dW = x' dz and db = 1' dz. */
  void gradients(FMatrixRMaj x, FMatrixRMaj dz, float[] dw, float[] db) {
    view(kernelGradient, dw);
    MatrixMatrixMult_FDRM.multTransA_reorder(x, dz, kernelGradient);
    Arrays.fill(db, 0, out, 0f);
    for (int row = 0; row < dz.numRows; row++) {
      for (int j = 0; j < out; j++) {
        db[j] += dz.data[row * out + j];
      }
    }
  }

  /** Computes dW_i = x_i' dz_i and db_i = dz_i for each example i. */
  void perExampleGradients(FMatrixRMaj x, FMatrixRMaj dz, float[] dw, float[] db) {
    System.arraycopy(dz.data, 0, db, 0, dz.numRows * out);
    for (int i = 0; i < dz.numRows; i++) {
      for (int k = 0; k < in; k++) {
        float input = x.data[i * in + k];
        int at = (i * in + k) * out;
        for (int j = 0; j < out; j++) {
          dw[at + j] = input * dz.data[i * out + j];
        }
      }
    }
  }

  /** Computes dx = dz W'. */
  void backward(FMatrixRMaj dz, float[] w, FMatrixRMaj dx) {
    view(kernel, w);
    transposed.reshape(out, in);
    CommonOps_FDRM.transpose(kernel, transposed);
    dx.reshape(dz.numRows, in);
    MatrixMatrixMult_FDRM.mult_reorder(dz, transposed, dx);
  }

  private void view(FMatrixRMaj matrix, float[] data) {
    matrix.numRows = in;
    matrix.numCols = out;
    matrix.data = data;
  }
}
