package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.algebra.Matrix;
import dev.glissade.algebra.MatrixDecomposer;
import dev.glissade.algebra.MatrixMultiplier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One side of the matrices of {@link ScaleBySoap}: their rows, or the rows of their transposes. Its
 * trees have a leaf of square matrices for each leaf of matrices whose side is not too long.
 */
final class SoapSide {
  /** The matrices G of the leaves of this side, with this side as rows. */
  private final List<MatrixView> matrices;

  /** The leaf of each matrix in the tree of all matrices. */
  private final int[] leaves;

  /** The squares of the leaves of this side. */
  private final List<MatrixView> squares;

  private final Structure structure;

  /**
   * Chooses the leaves of a side.
   *
   * @param full the structure of all matrices
   * @param views the matrices, with this side as rows
   * @param longest the most rows of a matrix that has a square
   */
  SoapSide(Structure full, List<MatrixView> views, int longest) {
    this.leaves =
        IntStream.range(0, views.size())
            .filter(i -> views.get(i).rows().length <= longest)
            .toArray();
    this.matrices = Arrays.stream(leaves).mapToObj(views::get).toList();
    this.squares =
        matrices.stream()
            .map(view -> MatrixView.square(view.batches().length, view.rows().length))
            .toList();
    Map<String, Structure.Leaf> shapes = new LinkedHashMap<>();
    for (int i = 0; i < leaves.length; i++) {
      int batches = matrices.get(i).batches().length;
      int n = matrices.get(i).rows().length;
      DType dtype = full.leaf(full.paths().get(leaves[i])).dtype().computed();
      List<Integer> shape = batches == 1 ? List.of(n, n) : List.of(batches, n, n);
      shapes.put(full.paths().get(leaves[i]), new Structure.Leaf(dtype, shape));
    }
    this.structure = Structure.of(shapes);
  }

  /** Returns the index of a matrix among the leaves of this side, negative if it is not there. */
  int index(int leaf) {
    return Arrays.binarySearch(leaves, leaf);
  }

  /** Returns where the numbers of a leaf of this side are. */
  MatrixView square(int index) {
    return squares.get(index);
  }

  /** Returns squares of 0, or of the unit matrix. */
  Tree diagonal(double number) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < leaves.length; i++) {
      Structure.Leaf leaf = structure.leaf(structure.paths().get(i));
      MatrixView square = squares.get(i);
      int n = square.rows().length;
      double[] numbers = new double[square.batches().length * n * n];
      for (int batch : square.batches()) {
        for (int k = 0; k < n; k++) {
          numbers[batch + k * n + k] = number;
        }
      }
      int[] shape = leaf.shape().stream().mapToInt(Integer::intValue).toArray();
      tensors.put(structure.paths().get(i), Tensor.of(leaf.dtype(), numbers, shape));
    }
    return Tree.of(tensors);
  }

  /** Computes one square from one matrix, or square, of each operand. */
  @FunctionalInterface
  private interface OfOne {
    /**
     * Computes it.
     *
     * @param work matrices of the type of the result, which are kept
     * @param operands the leaf of each operand
     * @param i the leaf of this side
     * @param b the batch
     */
    Matrix compute(Matrix[] work, Tensor[] operands, int i, int b);
  }

  private Tree squares(List<Tree> operands, OfOne function) {
    return leaves.length == 0
        ? Tree.empty()
        : Tree.callback(operands, () -> new OfEach(function), structure);
  }

  /** Returns G G'. */
  Tree grams(Tree g) {
    return squares(
        List.of(g.select(structure::hasPath)),
        (work, operands, i, b) -> {
          Matrix x = matrices.get(i).read(work[0], operands[0], b);
          return work[1].gram(1, x, 0);
        });
  }

  /** Returns L Q. */
  Tree products(Tree gram, Tree basis) {
    return squares(
        List.of(gram, basis),
        (work, operands, i, b) -> {
          Matrix l = squares.get(i).read(work[0], operands[0], b);
          Matrix q = squares.get(i).read(work[1], operands[1], b);
          return work[2].product(1, l, q, 0);
        });
  }

  /** Returns the eigenvectors of L, by descending eigenvalue; Q where L is not finite. */
  Tree eigenvectors(Tree gram, Tree basis) {
    return squares(
        List.of(gram, basis),
        (work, operands, i, b) -> {
          MatrixView square = squares.get(i);
          Matrix l = square.read(wide(), operands[0], b);
          if (!Double.isFinite(l.norm())) {
            return square.read(work[0], operands[1], b);
          }
          Matrix ascending = l.eigenvectors(MatrixDecomposer.best());
          int n = ascending.rows();
          Matrix rows = wide().reshape(n, n);
          for (int k = 0; k < n; k++) {
            rows.copyRows(k, ascending, n - 1 - k, 1);
          }
          return ascending.copyTransposed(rows);
        });
  }

  /**
   * Returns the factor Q of a QR decomposition of L Q, whose columns are first sorted by descending
   * estimate of their eigenvalue; the Q before where L Q is not finite.
   */
  Tree iterated(Tree product, Tree basis) {
    return squares(
        List.of(product, basis),
        (work, operands, i, b) -> {
          MatrixView square = squares.get(i);
          Matrix q = square.read(work[0], operands[1], b);
          int[] order = order(operands[0], operands[1], i, b);
          int[] sorted = Arrays.stream(order).map(k -> square.columns()[k]).toArray();
          Matrix lq = wide().gather(operands[0], square.batches()[b], square.rows(), sorted);
          boolean finite = Double.isFinite(lq.norm());
          return finite ? lq.orthonormalize(MatrixDecomposer.best()) : q;
        });
  }

  /** Returns the columns of a basis by descending q' L q, the estimate of an eigenvalue. */
  int[] order(Tensor product, Tensor basis, int i, int b) {
    MatrixView square = squares.get(i);
    int n = square.rows().length;
    double[] estimates = new double[n];
    for (int row : square.rows()) {
      for (int k = 0; k < n; k++) {
        int at = square.batches()[b] + row + square.columns()[k];
        estimates[k] += product.get(at) * basis.get(at);
      }
    }
    return IntStream.range(0, n)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -estimates[k]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Returns memory for a decomposition, which most steps don't need. */
  private static Matrix wide() {
    return new Matrix(DType.FLOAT64, MatrixMultiplier.best());
  }

  /** Computes each square in memory that it keeps. */
  private final class OfEach implements Tree.HostFunction {
    private final OfOne function;
    private final Matrix[] narrow = new Matrix[3];
    private final Matrix[] wide = new Matrix[3];
    private Tensor[] own = {};

    OfEach(OfOne function) {
      this.function = function;
      Arrays.setAll(narrow, k -> new Matrix(DType.FLOAT32, MatrixMultiplier.best()));
      Arrays.setAll(wide, k -> wide());
    }

    @Override
    public void compute(Tensor[][] operands, Tensor[] result) {
      own = own.length == 0 ? new Tensor[operands.length] : own;
      for (int i = 0; i < result.length; i++) {
        MatrixView square = squares.get(i);
        Matrix[] work = result[i].dtype() == DType.FLOAT64 ? wide : narrow;
        for (int k = 0; k < own.length; k++) {
          own[k] = operands[k][i];
        }
        for (int b = 0; b < square.batches().length && square.hasNumbers(); b++) {
          square.write(function.compute(work, own, i, b), result[i], b);
        }
      }
    }
  }
}
