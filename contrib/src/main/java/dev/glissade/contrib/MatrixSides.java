package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.algebra.Matrix;
import dev.glissade.algebra.MatrixMultiplier;
import dev.glissade.contrib.ScaleBySoap.Sides;
import dev.glissade.transform.Moments;
import java.util.Arrays;
import java.util.List;

/**
 * Rotates the matrices of {@link ScaleBySoap} on both sides, or on the one that is not too long.
 */
final class MatrixSides {
  /** The rows of the matrices. */
  private final MatrixSide left;

  /** Their columns. */
  private final MatrixSide right;

  private final Structure full;
  private final List<MatrixView> views;

  /**
   * Makes both sides.
   *
   * @param full the structure of the matrices
   * @param views where their numbers are
   * @param longest the length of the longest side that has squares
   */
  MatrixSides(Structure full, List<MatrixView> views, int longest) {
    this.full = full.computed();
    this.views = views;
    this.left = new MatrixSide(full, views, longest);
    this.right = new MatrixSide(full, views.stream().map(MatrixView::transposed).toList(), longest);
  }

  /** Returns squares of 0, or of the unit matrix. */
  Sides diagonal(double number) {
    return new Sides(left.diagonal(number), right.diagonal(number));
  }

  /** Returns decay L + (1 - decay) G G' and decay R + (1 - decay) G'G. */
  Sides preconditioners(Sides before, double decay, Tree g) {
    return new Sides(
        Moments.update(before.left(), decay, left.grams(g)),
        Moments.update(before.right(), decay, right.grams(g)));
  }

  /** Returns the eigenvectors of L and R, by descending eigenvalue; Q where one is not finite. */
  Sides eigenvectors(Sides of, Sides q) {
    return new Sides(
        left.eigenvectors(of.left(), q.left()), right.eigenvectors(of.right(), q.right()));
  }

  /** Returns L Q_L and R Q_R. */
  Sides products(Sides of, Sides q) {
    return new Sides(left.products(of.left(), q.left()), right.products(of.right(), q.right()));
  }

  /** Returns the next bases from these products. */
  Sides iterated(Sides products, Sides q) {
    return new Sides(
        left.iterated(products.left(), q.left()), right.iterated(products.right(), q.right()));
  }

  /** Returns (L + epsilon I)^(-1/4) and the same of R. */
  Sides inverseRoots(Sides of, Sides before, double epsilon) {
    return new Sides(
        left.inverseRoots(of.left(), before.left(), epsilon, right),
        right.inverseRoots(of.right(), before.right(), epsilon, left));
  }

  /** Returns Q_L' X Q_R. */
  Tree rotated(Tree x, Sides q) {
    return turned(x, q, false);
  }

  /** Returns Q_L X Q_R'. */
  Tree rotatedBack(Tree x, Sides q) {
    return turned(x, q, true);
  }

  private Tree turned(Tree x, Sides q, boolean back) {
    return views.isEmpty()
        ? x
        : Tree.callback(List.of(x, q.left(), q.right()), () -> new Turn(back), full);
  }

  /** Returns X with rows and columns in the order of the next bases. */
  Tree reordered(Tree x, Sides products, Sides q) {
    return views.isEmpty()
        ? x
        : Tree.callback(
            List.of(x, products.left(), q.left(), products.right(), q.right()),
            () -> this::reorder,
            full);
  }

  private void reorder(Tensor[][] operands, Tensor[] result) {
    for (int i = 0; i < result.length; i++) {
      MatrixView view = views.get(i);
      Matrix x = new Matrix(result[i].dtype(), MatrixMultiplier.best());
      for (int b = 0; b < view.batches().length; b++) {
        int[] rows = reordered(left, view.rows(), i, b, operands[1], operands[2]);
        int[] columns = reordered(right, view.columns(), i, b, operands[3], operands[4]);
        x.gather(operands[0][i], view.batches()[b], rows, columns);
        view.write(x, result[i], b);
      }
    }
  }

  private static int[] reordered(
      MatrixSide side, int[] offsets, int leaf, int b, Tensor[] products, Tensor[] bases) {
    int own = side.index(leaf);
    return own < 0
        ? offsets
        : Arrays.stream(side.order(products[own], bases[own], own, b))
            .map(k -> offsets[k])
            .toArray();
  }

  /** Computes Q_L' X Q_R, or Q_L X Q_R', in memory that it keeps. */
  private final class Turn implements Tree.HostFunction {
    private final boolean back;
    private final Matrix[] narrow = new Matrix[3];
    private final Matrix[] wide = new Matrix[3];

    Turn(boolean back) {
      this.back = back;
      Arrays.setAll(narrow, k -> new Matrix(DType.FLOAT32, MatrixMultiplier.best()));
      Arrays.setAll(wide, k -> new Matrix(DType.FLOAT64, MatrixMultiplier.best()));
    }

    @Override
    public void compute(Tensor[][] operands, Tensor[] result) {
      for (int i = 0; i < result.length; i++) {
        MatrixView view = views.get(i);
        Matrix[] work = result[i].dtype() == DType.FLOAT64 ? wide : narrow;
        for (int b = 0; b < view.batches().length && view.hasNumbers(); b++) {
          Matrix x = view.read(work[0], operands[0][i], b);
          Matrix next = work[1];
          int rows = left.index(i);
          if (rows >= 0) {
            Matrix q = left.square(rows).read(work[2], operands[1][rows], b);
            next.product(1, q, !back, x, false, 0);
            next = x;
            x = work[1];
          }
          int columns = right.index(i);
          if (columns >= 0) {
            Matrix q = right.square(columns).read(work[2], operands[2][columns], b);
            x = next.product(1, x, false, q, back, 0);
          }
          view.write(x, result[i], b);
        }
      }
    }
  }
}
