package dev.glissade.contrib;

import dev.glissade.DType;
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
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Orthogonalizes the momentum of matrices, as Muon does (Jordan et al., "Muon: An Optimizer for
 * Hidden Layers in Neural Networks", 2024):
 *
 * <pre>{@code
 * mu <- beta mu + (1 - beta) g
 * a = mu / (1 - beta^t)
 * with Nesterov: a = beta mu / (1 - beta^(t+1)) + (1 - beta) g / (1 - beta^t)
 * X = a / (||a||_F + eps)           nsSteps times: A = X X', X <- p X + (q A + r A A) X
 * u = X, or adaptive: u = <a, X>_l X
 * }</pre>
 *
 * <p>with t the number of this step from 1 and ||.||_F the norm of one matrix, which is transposed
 * for the iterations if it has more rows than columns. They bring all singular values close to 1
 * and leave the singular vectors as they are. {@link Preconditioning} has other divisors than the
 * norm. Adaptive updates are multiplied by the inner product of the leaf, the dual norm.
 *
 * <p>Momentum of other leaves passes as it is: {@link Muon} gives these to AdamW.
 *
 * <p>The products are computed between passes by {@link dev.glissade.algebra.MatrixMultiplier}: by
 * OpenBLAS if module {@code glissade-matrix} and the library's jar are there, else in Java. A leaf
 * whose gradient has a NaN or an infinity becomes NaN; others don't.
 *
 * <p>Differs from Optax as follows. It takes trees without dimension numbers. More nsSteps than
 * triples are refused and fewer take the last ones; Optax checks this the other way round. Momentum
 * of 16-bit leaves is float32, and all options work for them. Gradients are {@linkplain
 * Tree#squarable made squarable}. The coefficients are always a table of rows in the state.
 *
 * @param nsCoeffs the coefficients (p, q, r) of the iterations
 * @param nsSteps the number of iterations, at least 1
 * @param beta decay of the momentum, in [0, 1)
 * @param eps added to the norm, not negative
 * @param muDtype the type in which the momentum is stored; null for that of its arithmetic
 * @param nesterov whether to use Nesterov momentum
 * @param adaptive whether to multiply by the dual norm
 * @param preconditioning what bounds the singular values before the iterations
 * @param weightDimensionNumbers chooses the matrices and their axes
 * @param layout which axis of a leaf of two axes is the output, if no dimension numbers say so
 */
@Withers
public record ScaleByMuon(
    NsCoeffs nsCoeffs,
    int nsSteps,
    double beta,
    double eps,
    @Nullable DType muDtype,
    boolean nesterov,
    boolean adaptive,
    Preconditioning preconditioning,
    WeightDimensionNumbers weightDimensionNumbers,
    WeightLayout layout)
    implements GradientTransformation<ScaleByMuon.MuonState>, ScaleByMuonWithers {

  /**
   * What bounds the singular values of a matrix before the iterations, which converge for values up
   * to 1. Its text form is in lower case, as in Optax.
   */
  public enum Preconditioning {
    /** The root of the sum of squares. */
    FROBENIUS,
    /** The largest singular value, by the method of Lanczos: slower and closest to 1. */
    SPECTRAL,
    /**
     * The sums of absolute values of the rows of A, which scale each row (Prach and Lampert,
     * "Almost-Orthogonal Layers for Efficient General-Purpose Lipschitz Networks", 2022, arXiv
     * 2208.03160).
     */
    AOL,
    /** The root of the norm of A, the Schatten norm of order 4. */
    SCHATTEN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The state of {@link ScaleByMuon}; the momentum starts at 0.
   *
   * @param count the number of steps taken
   * @param mu the momentum, not debiased
   * @param nsCoeffs the coefficients, one leaf of shape [triples, 3]
   */
  public record MuonState(Scalar count, Tree mu, Tree nsCoeffs) {}

  /**
   * Checks the arguments.
   *
   * @param nsCoeffs any coefficients
   * @param nsSteps at least 1; at most the number of triples, if there are several
   * @param beta in [0, 1)
   * @param eps finite and not negative
   * @param muDtype a real type, or null
   * @param nesterov true or false
   * @param adaptive true or false
   * @param preconditioning any
   * @param weightDimensionNumbers any; {@code init} refuses axes that a leaf lacks
   * @param layout any layout
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByMuon {
    nsCoeffs.requireFor(nsSteps);
    Check.decay("beta", beta);
    Check.notNegative("eps", eps);
    Moments.checkStorage("muDtype", muDtype);
  }

  /**
   * Returns Muon's scaling with the coefficients (3.4445, -4.775, 2.0315), nsSteps = 5, beta =
   * 0.95, eps = 1e-8 and Nesterov momentum, for leaves of two axes in the layout (in, out).
   *
   * @return the transformation
   */
  public static ScaleByMuon defaults() {
    return new ScaleByMuon(
        NsCoeffs.STANDARD,
        5,
        0.95,
        1e-8,
        null,
        true,
        false,
        Preconditioning.FROBENIUS,
        WeightDimensionNumbers.DEFAULT,
        WeightLayout.IN_OUT);
  }

  @Override
  public MuonState initialState(Tree params) {
    views(params.select(matrices(params.structure())).structure()); // refuses axes that leaves lack
    return new MuonState(Scalar.of(0), Moments.stored(params.zeros(), muDtype), nsCoeffs.toTree());
  }

  @Override
  public Step<MuonState> step(Tree updates, MuonState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree mu = Moments.update(Moments.computed(state.mu(), g), beta, g);
    Tree ahead = ahead(mu, g, t);
    Predicate<String> isMatrix = matrices(g.structure());
    Tree a = ahead.select(isMatrix);
    Tree x = orthogonalized(a, state.nsCoeffs());
    // u = X, or <a, X>_l X
    Tree u = adaptive ? x.times(a.leafDots(x).broadcast(x)) : x;
    return Step.of(
        u.merge(ahead.select(isMatrix.negate())),
        new MuonState(t, Moments.stored(mu, muDtype), state.nsCoeffs()));
  }

  private Tree ahead(Tree mu, Tree g, Scalar t) {
    if (!nesterov) {
      return Moments.debiased(mu, beta, t);
    }
    // beta mu / (1 - beta^(t+1)) + (1 - beta) g / (1 - beta^t)
    Tree next = Moments.debiased(mu.times(beta), beta, t.plus(1));
    return next.plus(Moments.debiased(g.times(1 - beta), beta, t));
  }

  private Tree orthogonalized(Tree a, Tree coefficients) {
    List<MatrixView> views = views(a.structure());
    return views.isEmpty()
        ? a
        : Tree.callback(
            List.of(a, coefficients),
            () -> new NewtonSchulz(views, nsSteps, eps, preconditioning),
            a.structure().computed());
  }

  private List<MatrixView> views(Structure matrices) {
    return matrices.paths().stream()
        .map(path -> MatrixView.of(path, matrices.leaf(path), numbers(path, matrices)).wide())
        .toList();
  }

  /** Returns which leaves are matrices. */
  Predicate<String> matrices(Structure structure) {
    return path -> numbers(path, structure).isMatrix();
  }

  private DimensionNumbers numbers(String path, Structure structure) {
    return weightDimensionNumbers.of(path, structure.leaf(path), layout);
  }
}
