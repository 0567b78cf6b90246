package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.algebra.LargestSingularValue;
import dev.glissade.algebra.Matrix;
import dev.glissade.algebra.MatrixMultiplier;
import dev.glissade.contrib.ScaleByMuon.Preconditioning;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings the singular values of each matrix close to 1 by the iterations of Newton and Schulz, as
 * {@link ScaleByMuon} describes them. The second operand is the table of coefficients. Works in
 * memory of four matrices of the largest leaf's size, which it keeps.
 */
final class NewtonSchulz implements Tree.HostFunction {
  /** The least row sum, or norm, that preconditioning divides by. */
  private static final double LEAST = 1e-8;

  /**
   * Matrices with at most so many rows are computed in float64: that takes no time to speak of, and
   * the iterations multiply errors of small singular values by some hundreds.
   */
  private static final int ROWS_IN_DOUBLE = 32;

  private final List<MatrixView> views;
  private final int nsSteps;
  private final double eps;
  private final Preconditioning preconditioning;
  private final LargestSingularValue largest = new LargestSingularValue();
  private final Work[] works = new Work[2];
  private double[] factors = {};

  NewtonSchulz(List<MatrixView> views, int nsSteps, double eps, Preconditioning preconditioning) {
    this.views = views;
    this.nsSteps = nsSteps;
    this.eps = eps;
    this.preconditioning = preconditioning;
  }

  /** The matrices of one type of numbers. */
  private static final class Work {
    Matrix x;
    Matrix next;
    final Matrix a;
    final Matrix b;

    Work(DType dtype) {
      MatrixMultiplier multiplier = MatrixMultiplier.best();
      x = new Matrix(dtype, multiplier);
      next = new Matrix(dtype, multiplier);
      a = new Matrix(dtype, multiplier);
      b = new Matrix(dtype, multiplier);
    }
  }

  @Override
  public void compute(Tensor[][] operands, Tensor[] result) {
    Tensor given = operands[1][0];
    double[] table = given.array() instanceof double[] direct ? direct : given.toDoubles();
    for (int leaf = 0; leaf < result.length; leaf++) {
      MatrixView view = views.get(leaf);
      boolean small = view.rows().length <= ROWS_IN_DOUBLE;
      Work work = work(small ? DType.FLOAT64 : result[leaf].dtype());
      for (int batch : view.batches()) {
        if (view.rows().length > 0 && view.columns().length > 0) {
          work.x.gather(operands[0][leaf], batch, view.rows(), view.columns());
          orthogonalize(work, table);
          work.x.scatter(result[leaf], batch, view.rows(), view.columns());
        }
      }
    }
  }

  private Work work(DType dtype) {
    int i = dtype == DType.FLOAT64 ? 1 : 0;
    @Nullable Work known = works[i];
    works[i] = known == null ? new Work(dtype) : known;
    return Objects.requireNonNull(works[i]);
  }

  private void orthogonalize(Work work, double[] table) {
    divide(work.x);
    int triples = table.length / 3;
    for (int step = 0; step < nsSteps; step++) {
      int at = triples == 1 ? 0 : 3 * (triples - nsSteps + step);
      double p = table[at];
      double q = table[at + 1];
      double r = table[at + 2];
      // A = X X'
      work.a.gram(1, work.x, 0);
      if (step == 0) {
        precondition(work);
      }
      // X <- p X + (q A + r A A) X; A is symmetric
      work.b.copy(work.a).gram(r, work.a, q);
      Matrix x = work.x;
      work.x = work.next.copy(x).product(1, work.b, x, p);
      work.next = x;
    }
  }

  /** Divides by a norm that is at least the largest singular value. */
  private void divide(Matrix x) {
    double norm =
        switch (preconditioning) {
          case FROBENIUS -> x.norm() + eps;
          case SPECTRAL -> largest.of(x) + eps;
          case AOL, SCHATTEN -> 1;
        };
    if (norm > 0 || Double.isNaN(norm)) {
      x.divide(norm);
    }
  }

  /** Scales X and A in the first iteration, in place of a division before. */
  private void precondition(Work work) {
    int rows = work.x.rows();
    if (factors.length < rows) {
      factors = new double[rows];
    }
    if (preconditioning == Preconditioning.AOL) {
      // d_i = max(sum over j of |A_ij|, 1e-8)^(-1/2): X <- diag(d) X, A <- diag(d) A diag(d)
      work.a.absoluteRowSums(factors);
      for (int i = 0; i < rows; i++) {
        factors[i] = 1 / Math.sqrt(Math.max(factors[i], LEAST));
      }
      work.x.scaleRows(factors);
      work.a.scaleRows(factors).scaleColumns(factors);
    } else if (preconditioning == Preconditioning.SCHATTEN) {
      // d = max(||A||_F, 1e-8)^(-1/2): X <- d X, A <- d^2 A
      double norm = Math.max(work.a.norm(), LEAST);
      work.x.scale(1 / Math.sqrt(norm));
      work.a.scale(1 / norm);
    }
  }
}
