package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.transform.Moments;
import dev.glissade.transform.WeightLayout;
import dev.glissade.withers.Withers;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs Adam in the eigenbases of Shampoo's preconditioner (Vyas et al., "SOAP: Improving and
 * Stabilizing Shampoo using Adam", 2024, arXiv 2409.11321). For a matrix G of gradients:
 *
 * <pre>{@code
 * G' = Q_L' G Q_R          M' <- b1 M' + (1 - b1) G'          V <- b2 V + (1 - b2) G'^2
 * u = Q_L (M' / (1 - b1^t) / (sqrt(V / (1 - b2^t)) + eps)) Q_R'
 * L <- b L + (1 - b) G G'                R <- b R + (1 - b) G'G
 * in each preconditionFrequency-th step: Q <- the factor Q of a QR decomposition of L Q, or R Q
 * }</pre>
 *
 * <p>where b is shampooBeta. The columns of Q, with the numbers of V that belong to them, are first
 * sorted by descending estimate q' L q of their eigenvalue, and M', which the paper keeps as Q_L M'
 * Q_R', is turned to the new bases: so says the authors' program. As there the first step only
 * makes L, R and their eigenvectors, and takes no step; t counts the steps after it.
 *
 * <p>A side longer than maxPrecondDim is not rotated, which leaves out its preconditioner. Where
 * both are, and for leaves that are not matrices, this is Adam, also from the second step on.
 *
 * <p>Products and decompositions are computed between passes: by OpenBLAS if module {@code
 * glissade-matrix} and the library's jar are there, else in Java. Steps that change bases allocate
 * memory, since they decompose in float64, and take longer; others don't. Gradients are {@linkplain
 * Tree#squarable made squarable}, and magnitudes of more than 1e15 count as 1e15. All state of
 * 16-bit leaves is float32. Optax has no counterpart. The program's options merge_dims,
 * precondition_1d and normalize_grads are left out; {@link DimensionNumbers} join axes.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param shampooBeta decay of the preconditioners, in [0, 1); null for b2
 * @param eps added to the root of the second moment, not negative
 * @param preconditionFrequency the number of steps from one basis to the next, at least 1
 * @param maxPrecondDim the length of the longest side that is rotated, not negative
 * @param weightDimensionNumbers chooses the matrices and their axes
 */
@Withers
public record ScaleBySoap(
    double b1,
    double b2,
    @Nullable Double shampooBeta,
    double eps,
    int preconditionFrequency,
    int maxPrecondDim,
    WeightDimensionNumbers weightDimensionNumbers)
    implements GradientTransformation<ScaleBySoap.SoapState>, ScaleBySoapWithers {
  /** A power of 2: sums of 2^27 squares of it are finite in float32. */
  private static final double LARGEST = 0x1p50;

  /**
   * The state of {@link ScaleBySoap}; both moments are in the bases.
   *
   * @param count the number of steps taken, with the first
   * @param mu the first moment, not debiased
   * @param nu the second moment, not debiased
   * @param preconditioners L and R
   * @param bases Q_L and Q_R, unit matrices at first
   */
  public record SoapState(Scalar count, Tree mu, Tree nu, Sides preconditioners, Sides bases) {}

  /**
   * A square matrix for each side of each matrix of a tree. Sides that are too long have no leaf.
   *
   * @param left those of the rows
   * @param right those of the columns
   */
  public record Sides(Tree left, Tree right) {}

  /** Both moments, and the bases in which they are. */
  private record Rotated(Tree mu, Tree nu, Sides bases) {}

  /** An update, and the moments after it. */
  private record Adam(Tree u, Tree mu, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param shampooBeta in [0, 1), or null
   * @param eps finite and not negative
   * @param preconditionFrequency at least 1
   * @param maxPrecondDim at least 0
   * @param weightDimensionNumbers any; {@code init} refuses axes that a leaf lacks
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleBySoap {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    if (shampooBeta != null) {
      Check.decay("shampooBeta", shampooBeta);
    }
    Check.notNegative("eps", eps);
    Check.atLeast("preconditionFrequency", 1, preconditionFrequency);
    Check.atLeast("maxPrecondDim", 0, maxPrecondDim);
  }

  /**
   * Returns SOAP's scaling with the authors' defaults: b1 = b2 = 0.95, also for the
   * preconditioners, eps = 1e-8, preconditionFrequency = 10 and maxPrecondDim = 10000.
   *
   * @return the transformation
   */
  public static ScaleBySoap defaults() {
    return new ScaleBySoap(0.95, 0.95, null, 1e-8, 10, 10_000, WeightDimensionNumbers.DEFAULT);
  }

  @Override
  public SoapState initialState(Tree params) {
    Tree zeros = params.zeros();
    MatrixSides sides = sides(params.select(isMatrix(params.structure())));
    return new SoapState(Scalar.of(0), zeros, zeros, sides.diagonal(0), sides.diagonal(1));
  }

  @Override
  public Step<SoapState> step(Tree updates, SoapState state, Tree params, Extras extras) {
    Tree g = updates.squarable().min(LARGEST).max(-LARGEST);
    Predicate<String> isMatrix = isMatrix(g.structure());
    Matrices all = new Matrices(sides(g.select(isMatrix)), isMatrix);
    Scalar t = state.count();
    Scalar isFirst = t.equalTo(0);
    Adam none = new Adam(g.zeros(), state.mu(), state.nu());
    Adam adam = isFirst.choose(none, adam(g, state, all));
    // L <- b L + (1 - b) G G', R <- b R + (1 - b) G'G
    double b = shampooBeta == null ? b2 : shampooBeta;
    Sides preconditioners =
        all.sides.preconditioners(state.preconditioners(), b, g.select(isMatrix));
    // Q_L <- qr(L Q_L), Q_R <- qr(R Q_R), each preconditionFrequency steps
    Rotated same = new Rotated(adam.mu(), adam.nu(), state.bases());
    Scalar isDue = t.map(count -> count % preconditionFrequency).equalTo(0);
    Rotated iterated = isDue.choose(all.iterated(same, preconditioners), same);
    Rotated next = isFirst.choose(all.eigenvectors(same, preconditioners), iterated);
    return Step.of(
        adam.u(), new SoapState(t.plus(1), next.mu(), next.nu(), preconditioners, next.bases()));
  }

  /** Takes Adam's step in the bases; the count is that of such steps, with this one. */
  private Adam adam(Tree g, SoapState state, Matrices all) {
    Scalar t = state.count();
    Tree rotated = all.rotated(g, state.bases()).squarable();
    Tree mu = Moments.update(state.mu(), b1, rotated);
    Tree nu = Moments.update(state.nu(), b2, rotated.square());
    // muHat / (sqrt(nuHat) + eps)
    Tree root = Moments.debiased(nu, b2, t).sqrt();
    Tree u = Moments.debiased(mu, b1, t).dividedBy(root.plus(eps));
    return new Adam(all.rotatedBack(u, state.bases()), mu, nu);
  }

  /** Rotations of the matrices of a tree, which leave its other leaves as they are. */
  private record Matrices(MatrixSides sides, Predicate<String> isMatrix) {
    Tree rotated(Tree x, Sides q) {
      return sides.rotated(x.select(isMatrix), q).merge(others(x));
    }

    Tree rotatedBack(Tree x, Sides q) {
      return sides.rotatedBack(x.select(isMatrix), q).merge(others(x));
    }

    private Tree others(Tree x) {
      return x.select(isMatrix.negate());
    }

    Rotated eigenvectors(Rotated before, Sides preconditioners) {
      Sides next = sides.eigenvectors(preconditioners, before.bases());
      return new Rotated(before.mu(), before.nu(), next);
    }

    Rotated iterated(Rotated before, Sides preconditioners) {
      Sides q = before.bases();
      Sides products = sides.products(preconditioners, q);
      Sides next = sides.iterated(products, q);
      Tree mu = rotated(rotatedBack(before.mu(), q), next);
      Tree nu = sides.reordered(before.nu().select(isMatrix), products, q);
      return new Rotated(mu, nu.merge(others(before.nu())), next);
    }
  }

  private MatrixSides sides(Tree matrices) {
    Structure structure = matrices.structure();
    List<MatrixView> views =
        structure.paths().stream()
            .map(path -> MatrixView.of(path, structure.leaf(path), numbers(path, structure)))
            .toList();
    return new MatrixSides(structure, views, maxPrecondDim);
  }

  private Predicate<String> isMatrix(Structure structure) {
    return path -> numbers(path, structure).isMatrix();
  }

  private DimensionNumbers numbers(String path, Structure structure) {
    return weightDimensionNumbers.of(path, structure.leaf(path), WeightLayout.IN_OUT);
  }
}
