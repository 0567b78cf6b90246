package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.contrib.ScaleBySoap.Sides;
import dev.glissade.records.Check;
import dev.glissade.transform.Moments;
import dev.glissade.transform.WeightLayout;
import dev.glissade.withers.Withers;
import java.util.List;
import java.util.function.Predicate;

/**
 * Multiplies matrices by inverse roots of Shampoo's preconditioners, and gives the result the norm
 * of Adam's update, which is called grafting (Shi et al., "A Distributed Data-Parallel PyTorch
 * Implementation of the Distributed Shampoo Optimizer for Training Neural Networks At-Scale", 2023,
 * arXiv 2309.06497). For a matrix G of gradients:
 *
 * <pre>{@code
 * m <- b1 m + (1 - b1) G       v <- b2 v + (1 - b2) G^2       mHat, vHat debiased
 * L <- b2 L + (1 - b2) G G'    R <- b2 R + (1 - b2) G'G
 * in each preconditionFrequency-th step: P_L = (L / (1 - b2^t) + epsilon I)^(-1/4), P_R likewise
 * a = mHat / (sqrt(vHat) + graftingEps)       p = P_L mHat P_R       u = p ||a|| / ||p||
 * }</pre>
 *
 * <p>with norms of the leaf. Before the first roots, and for leaves that are not matrices, u = a. A
 * side longer than maxPrecondDim has no preconditioner; the other side then has the root -1/2, and
 * where both are too long u = a. The authors' program cuts long sides into blocks instead.
 *
 * <p>Products and decompositions are computed between passes, as for {@link ScaleBySoap}; steps
 * that compute roots allocate memory and take longer. Gradients are {@linkplain Tree#squarable made
 * squarable}, and magnitudes of more than 1e15 count as 1e15. All state of 16-bit leaves is
 * float32. Optax has no counterpart.
 *
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment and the preconditioners, in [0, 1)
 * @param epsilon added to the eigenvalues of preconditioners, positive
 * @param graftingEps added to the root of Adam's second moment, not negative
 * @param preconditionFrequency the number of steps from one root to the next, at least 1
 * @param maxPrecondDim the length of the longest side that has a preconditioner, not negative
 * @param weightDimensionNumbers chooses the matrices and their axes
 */
@Withers
public record ScaleByShampoo(
    double b1,
    double b2,
    double epsilon,
    double graftingEps,
    int preconditionFrequency,
    int maxPrecondDim,
    WeightDimensionNumbers weightDimensionNumbers)
    implements GradientTransformation<ScaleByShampoo.ShampooState>, ScaleByShampooWithers {
  /** A power of 2: sums of 2^27 squares of it are finite in float32. */
  private static final double LARGEST = 0x1p50;

  /**
   * The state of {@link ScaleByShampoo}.
   *
   * @param count the number of steps taken
   * @param mu the first moment, not debiased
   * @param nu the second moment, not debiased
   * @param preconditioners L and R, not debiased
   * @param roots P_L and P_R, unit matrices at first
   */
  public record ShampooState(Scalar count, Tree mu, Tree nu, Sides preconditioners, Sides roots) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param epsilon positive and finite
   * @param graftingEps finite and not negative
   * @param preconditionFrequency at least 1
   * @param maxPrecondDim at least 0
   * @param weightDimensionNumbers any; {@code init} refuses axes that a leaf lacks
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByShampoo {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.positive("epsilon", epsilon);
    Check.notNegative("graftingEps", graftingEps);
    Check.atLeast("preconditionFrequency", 1, preconditionFrequency);
    Check.atLeast("maxPrecondDim", 0, maxPrecondDim);
  }

  /**
   * Returns Shampoo's scaling with b1 = 0.9, b2 = 0.999, epsilon = 1e-12, graftingEps = 1e-8,
   * preconditionFrequency = 10 and maxPrecondDim = 1024.
   *
   * @return the transformation
   */
  public static ScaleByShampoo defaults() {
    return new ScaleByShampoo(0.9, 0.999, 1e-12, 1e-8, 10, 1024, WeightDimensionNumbers.DEFAULT);
  }

  @Override
  public ShampooState initialState(Tree params) {
    Tree zeros = params.zeros();
    MatrixSides sides = sides(params.select(isPreconditioned(params.structure())));
    return new ShampooState(Scalar.of(0), zeros, zeros, sides.diagonal(0), sides.diagonal(1));
  }

  @Override
  public Step<ShampooState> step(Tree updates, ShampooState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable().min(LARGEST).max(-LARGEST);
    Tree mu = Moments.update(state.mu(), b1, g);
    Tree nu = Moments.update(state.nu(), b2, g.square());
    // a = mHat / (sqrt(vHat) + graftingEps)
    Tree mHat = Moments.debiased(mu, b1, t);
    Tree a = mHat.dividedBy(Moments.debiased(nu, b2, t).sqrt().plus(graftingEps));
    // L <- b2 L + (1 - b2) G G', R <- b2 R + (1 - b2) G'G
    Predicate<String> isPreconditioned = isPreconditioned(g.structure());
    MatrixSides sides = sides(g.select(isPreconditioned));
    Sides of = sides.preconditioners(state.preconditioners(), b2, g.select(isPreconditioned));
    Sides roots = roots(sides, of, state.roots(), t);
    // u = p ||a|| / ||p||, p = P_L mHat P_R
    Tree own = a.select(isPreconditioned);
    Tree p = sides.rotated(mHat.select(isPreconditioned), roots);
    Scalar isWarm = t.map(count -> count < preconditionFrequency ? 0.0 : 1.0).equalTo(1);
    Tree u = isWarm.choose(grafted(p, own), own);
    return Step.of(
        u.merge(a.select(isPreconditioned.negate())), new ShampooState(t, mu, nu, of, roots));
  }

  /** P_L = (L / (1 - b2^t) + epsilon I)^(-1/4), and P_R, each preconditionFrequency steps. */
  private Sides roots(MatrixSides sides, Sides of, Sides before, Scalar t) {
    Sides debiased =
        new Sides(Moments.debiased(of.left(), b2, t), Moments.debiased(of.right(), b2, t));
    Scalar isDue = t.map(count -> count % preconditionFrequency).equalTo(0);
    return isDue.choose(sides.inverseRoots(debiased, before, epsilon), before);
  }

  /** Returns p with the norms of a; 0 for 0. */
  private static Tree grafted(Tree p, Tree a) {
    Tree have = p.leafNorms();
    Tree factor = have.greaterThan(0).choose(a.leafNorms().dividedBy(have), have);
    return p.times(factor.broadcast(p));
  }

  private MatrixSides sides(Tree matrices) {
    Structure structure = matrices.structure();
    List<MatrixView> views = structure.paths().stream().map(path -> view(path, structure)).toList();
    return new MatrixSides(structure, views, maxPrecondDim);
  }

  private MatrixView view(String path, Structure structure) {
    return MatrixView.of(path, structure.leaf(path), numbers(path, structure));
  }

  private Predicate<String> isPreconditioned(Structure structure) {
    return path -> numbers(path, structure).isMatrix() && hasShortSide(view(path, structure));
  }

  private boolean hasShortSide(MatrixView view) {
    return Math.min(view.rows().length, view.columns().length) <= maxPrecondDim;
  }

  private DimensionNumbers numbers(String path, Structure structure) {
    return weightDimensionNumbers.of(path, structure.leaf(path), WeightLayout.IN_OUT);
  }
}
