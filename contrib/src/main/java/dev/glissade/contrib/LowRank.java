package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.algebra.Matrix;
import dev.glissade.algebra.MatrixDecomposer;
import dev.glissade.algebra.MatrixMultiplier;
import dev.glissade.algebra.SingularVectors;
import dev.glissade.records.Check;
import dev.glissade.transform.WeightLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Projections of the matrices of a tree to subspaces of low rank, and back. A matrix G has at least
 * as many rows as columns, or is taken as its transpose; P has orthonormal columns:
 *
 * <pre>{@code
 * low = P' G       G = P low
 * }</pre>
 *
 * <p>A projector P is a leaf of its rows and columns. A low matrix is a leaf in which the long side
 * of G is replaced by the rank: low itself, or its transpose.
 */
final class LowRank {
  private final Structure full;
  private final List<Leaf> leaves;

  /**
   * Where the numbers of one leaf's three matrices are.
   *
   * @param matrix the matrix G, which has at least as many rows as columns
   * @param projector the matrix P
   * @param low the matrix P' G
   * @param lowShape the shape of the leaf that keeps it
   */
  private record Leaf(
      MatrixView matrix, MatrixView projector, MatrixView low, List<Integer> lowShape) {
    static Leaf of(MatrixView given, int rank) {
      MatrixView matrix = given.tall();
      int rows = matrix.rows().length;
      int columns = matrix.columns().length;
      int r = Math.min(rank, columns);
      boolean turned = given.rows().length < given.columns().length;
      return new Leaf(
          matrix,
          MatrixView.of(rows, r),
          turned ? MatrixView.of(columns, r).transposed() : MatrixView.of(r, columns),
          turned ? List.of(columns, r) : List.of(r, columns));
    }

    List<Integer> projectorShape() {
      return List.of(projector.rows().length, projector.columns().length);
    }
  }

  /**
   * Makes the projections.
   *
   * @param full the structure of the matrices
   * @param numbers says which of their axes are the rows, and which the columns
   * @param rank the rank of the subspaces, where a matrix has as many rows and columns
   * @throws IllegalArgumentException if an axis is neither, or a leaf is complex
   */
  LowRank(Structure full, WeightDimensionNumbers numbers, int rank) {
    this.full = full.computed();
    this.leaves =
        full.paths().stream().map(path -> Leaf.of(view(full, path, numbers), rank)).toList();
  }

  private static MatrixView view(Structure full, String path, WeightDimensionNumbers numbers) {
    Structure.Leaf leaf = full.leaf(path);
    Check.that(
        !leaf.dtype().isComplex(), "the matrix \"%s\" must be real".formatted(path), leaf.dtype());
    DimensionNumbers own = numbers.of(path, leaf, WeightLayout.IN_OUT);
    Check.that(
        own.reductionAxis().size() + own.outputAxis().size() == leaf.shape().size(),
        "the dimension numbers of leaf \"%s\" must name all axes of its shape %s"
            .formatted(path, leaf.shape()),
        own);
    return MatrixView.of(path, leaf, own);
  }

  /** Returns projectors before the first step. */
  Tree zeroProjectors() {
    return zeros(projectors());
  }

  /** Returns low matrices of zeros. */
  Tree zeroLow() {
    return zeros(low());
  }

  private static Tree zeros(Structure structure) {
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    for (String path : structure.paths()) {
      Structure.Leaf leaf = structure.leaf(path);
      int[] shape = leaf.shape().stream().mapToInt(Integer::intValue).toArray();
      int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      zeros.put(
          path,
          leaf.dtype() == DType.FLOAT64
              ? Tensor.of(new double[size], shape)
              : Tensor.of(new float[size], shape));
    }
    return Tree.of(zeros);
  }

  private Structure projectors() {
    return shaped(leaves.stream().map(Leaf::projectorShape).toList());
  }

  private Structure low() {
    return shaped(leaves.stream().map(Leaf::lowShape).toList());
  }

  private Structure shaped(List<List<Integer>> shapes) {
    Map<String, Structure.Leaf> shaped = new LinkedHashMap<>();
    for (int i = 0; i < shapes.size(); i++) {
      String path = full.paths().get(i);
      shaped.put(path, new Structure.Leaf(full.leaf(path).dtype(), shapes.get(i)));
    }
    return Structure.of(shaped);
  }

  /**
   * Returns the projectors to the leading singular vectors of these matrices; where a matrix is not
   * finite, the projector before.
   */
  Tree leading(Tree g, Tree before) {
    return leaves.isEmpty()
        ? before
        : Tree.callback(List.of(g, before), () -> this::findLeading, projectors());
  }

  /** Returns the low matrices, P' G. */
  Tree lowered(Tree g, Tree p) {
    return leaves.isEmpty() ? g : Tree.callback(List.of(g, p), () -> new Product(true), low());
  }

  /** Returns the matrices P low. */
  Tree raised(Tree low, Tree p) {
    return leaves.isEmpty() ? low : Tree.callback(List.of(low, p), () -> new Product(false), full);
  }

  /** Works in memory of its own, since most steps don't need it. */
  private void findLeading(Tensor[][] operands, Tensor[] result) {
    MatrixMultiplier multiplier = MatrixMultiplier.best();
    SingularVectors vectors = new SingularVectors(multiplier, MatrixDecomposer.best());
    for (int i = 0; i < result.length; i++) {
      MatrixView g = leaves.get(i).matrix();
      MatrixView p = leaves.get(i).projector();
      if (g.hasNumbers()) {
        int rank = p.columns().length;
        Matrix found = vectors.leading(operands[0][i], 0, g.rows(), g.columns(), rank);
        Matrix kept = new Matrix(result[i].dtype(), multiplier);
        p.write(found == null ? p.read(kept, operands[1][i], 0) : found, result[i], 0);
      }
    }
  }

  /** Computes P' G or P low, in memory that it keeps. */
  private final class Product implements Tree.HostFunction {
    private final boolean lowers;
    private final Map<DType, Matrix[]> works = new EnumMap<>(DType.class);

    Product(boolean lowers) {
      this.lowers = lowers;
      for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
        Matrix[] work = new Matrix[3];
        Arrays.setAll(work, i -> new Matrix(dtype, MatrixMultiplier.best()));
        works.put(dtype, work);
      }
    }

    @Override
    public void compute(Tensor[][] operands, Tensor[] result) {
      for (int i = 0; i < result.length; i++) {
        Leaf leaf = leaves.get(i);
        if (leaf.matrix().hasNumbers()) {
          Matrix[] work = Objects.requireNonNull(works.get(result[i].dtype()));
          Matrix x = (lowers ? leaf.matrix() : leaf.low()).read(work[0], operands[0][i], 0);
          Matrix p = leaf.projector().read(work[1], operands[1][i], 0);
          Matrix product = work[2].product(1, p, lowers, x, false, 0);
          (lowers ? leaf.low() : leaf.matrix()).write(product, result[i], 0);
        }
      }
    }
  }
}
