package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.HessianProduct;
import dev.glissade.LossFunction;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.combine.Wrapped;
import dev.glissade.records.Check;
import dev.glissade.records.Records;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.WeightLayout;
import dev.glissade.withers.Withers;
import java.util.List;
import java.util.function.Predicate;

/**
 * Runs an optimizer on projections of matrices to subspaces of low rank, so that its state is small
 * (Zhao et al., "GaLore: Memory-Efficient LLM Training by Gradient Low-Rank Projection", 2024,
 * arXiv 2403.03507). For a matrix G of at least as many rows as columns:
 *
 * <pre>{@code
 * in each updateProjGap-th step: P <- the first r left singular vectors of G
 * low = P' G          u = scale P base(low)
 * }</pre>
 *
 * <p>A matrix of fewer rows is taken as its transpose. r is rank, or the number of rows or columns
 * if that is smaller. Other leaves go to the base optimizer as they are. Moments of the base
 * optimizer are not turned when P changes, as in the paper and in Optax.
 *
 * <p>The base optimizer gets the projected parameters P' x, which cost nothing if it does not use
 * them; weight decay is better added after the projection, as {@link Galore} does. An optimizer
 * that keeps parameters in its state is refused, since the subspaces change, and so is one that
 * calls the loss.
 *
 * <p>Products and singular vectors are computed between passes: by OpenBLAS if module {@code
 * glissade-matrix} and the library's jar are there, else in Java. Singular vectors, whose sign is
 * arbitrary, have a positive number of largest magnitude. They are computed in float64, so that
 * steps that renew them allocate memory, and take longer; other steps don't.
 *
 * <p>Differs from Optax as follows. Where a gradient is not finite in a step that renews subspaces,
 * P stays as it was; at the first step it is 0. Gradients of matrices are {@linkplain
 * Tree#squarable made squarable}. Projections of 16-bit leaves are float32. The projector has
 * leaves for matrices only.
 *
 * @param rank the rank of the subspaces, at least 1
 * @param updateProjGap the number of steps from one subspace to the next, at least 1
 * @param scale multiplies the updates of matrices
 * @param baseOptimizer what runs in the subspaces
 * @param weightDimensionNumbers chooses the matrices and their axes, all axes of a leaf
 */
@Withers
public record ScaleByGalore(
    int rank,
    int updateProjGap,
    double scale,
    GradientTransformation<?> baseOptimizer,
    WeightDimensionNumbers weightDimensionNumbers)
    implements GradientTransformation<ScaleByGalore.GaLoreState>, ScaleByGaloreWithers {

  /**
   * The state of {@link ScaleByGalore}.
   *
   * @param count the number of steps taken
   * @param baseOptimizerState the base optimizer's state, in the shapes of the projections
   * @param projector the subspaces: P for each matrix
   */
  public record GaLoreState(Scalar count, Object baseOptimizerState, Tree projector) {}

  private static final GradientFunction NO_LOSS =
      (params, i) -> {
        throw new IllegalArgumentException(
            "the base optimizer of GaLore must not call the loss, since its leaves are"
                + " projections");
      };

  private static final LossFunction NO_SEARCH =
      (params, i) -> new ValueAndGradients(Double.NaN, NO_LOSS.gradients(params, i));

  private static final HessianProduct NO_HESSIAN = (params, vector) -> NO_LOSS.gradients(params, 0);

  /**
   * Checks the arguments.
   *
   * @param rank at least 1
   * @param updateProjGap at least 1
   * @param scale finite
   * @param baseOptimizer a transformation of mean gradients; {@code init} refuses one that keeps
   *     parameters
   * @param weightDimensionNumbers any; {@code init} refuses axes that a leaf lacks, and a matrix
   *     some of whose axes are not named
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByGalore {
    Check.atLeast("rank", 1, rank);
    Check.atLeast("updateProjGap", 1, updateProjGap);
    Check.finite("scale", scale);
    Wrapped.requireMeanGradients(
        "baseOptimizer", baseOptimizer, "aggregate them before the projection");
  }

  /**
   * Returns GaLore's projection with rank = 128, updateProjGap = 200, scale = 1 and Adam.
   *
   * @return the transformation
   */
  public static ScaleByGalore defaults() {
    return new ScaleByGalore(128, 200, 1, ScaleByAdam.defaults(), WeightDimensionNumbers.DEFAULT);
  }

  @Override
  public GaLoreState initialState(Tree params) {
    Predicate<String> isMatrix = matrices(params.structure());
    LowRank subspaces = subspaces(params.select(isMatrix));
    Tree others = params.select(isMatrix.negate());
    Tree low = subspaces.zeroLow();
    requireNoParams(low, others);
    Object base = Wrapped.initialState(baseOptimizer, low.merge(others));
    return new GaLoreState(Scalar.of(0), base, subspaces.zeroProjectors());
  }

  /** Refuses a base optimizer whose first state depends on the parameters of matrices. */
  private void requireNoParams(Tree low, Tree others) {
    List<Tree> ofZero = trees(low, others);
    List<Tree> ofOne = trees(low.fill(1), others);
    for (int i = 0; i < ofZero.size(); i++) {
      if (!ofZero.get(i).sameBits(ofOne.get(i))) {
        throw new IllegalArgumentException(
            "baseOptimizer must not keep parameters in its state, since GaLore's subspaces change,"
                + " but was "
                + baseOptimizer);
      }
    }
  }

  private List<Tree> trees(Tree low, Tree others) {
    Object state = Wrapped.initialState(baseOptimizer, low.merge(others));
    return Records.parts(state, Tree.class).stream().map(Tree::evaluate).toList();
  }

  @Override
  public Step<GaLoreState> step(Tree updates, GaLoreState state, Tree params, Extras extras) {
    Predicate<String> isMatrix = matrices(updates.structure());
    Tree g = updates.select(isMatrix).squarable();
    LowRank subspaces = subspaces(g);
    // P <- the first singular vectors of G, each updateProjGap steps
    Scalar isDue = state.count().map(count -> count % updateProjGap).equalTo(0);
    Tree p = isDue.choose(subspaces.leading(g, state.projector()), state.projector());
    // base(P' G), base(g) for others
    Predicate<String> isOther = isMatrix.negate();
    Step<Object> base =
        Wrapped.step(
            baseOptimizer,
            subspaces.lowered(g, p).merge(updates.select(isOther)),
            state.baseOptimizerState(),
            subspaces.lowered(params.select(isMatrix), p).merge(params.select(isOther)),
            withoutLoss(extras));
    // u = scale P base(P' G)
    Tree u = subspaces.raised(base.updates().select(isMatrix), p).times(scale);
    return Step.of(
        u.merge(base.updates().select(isOther)),
        new GaLoreState(state.count().plus(1), base.state(), p));
  }

  private static Extras withoutLoss(Extras extras) {
    Extras left = extras;
    if (extras.has("grad_fn")) {
      left = left.withGradientFunction(NO_LOSS);
    }
    if (extras.has("value_fn")) {
      left = left.withLossFunction(NO_SEARCH);
    }
    return extras.has("hessian_product") ? left.withHessianProduct(NO_HESSIAN) : left;
  }

  private LowRank subspaces(Tree matrices) {
    return new LowRank(matrices.structure(), weightDimensionNumbers, rank);
  }

  private Predicate<String> matrices(Structure structure) {
    return path ->
        weightDimensionNumbers.of(path, structure.leaf(path), WeightLayout.IN_OUT).isMatrix();
  }
}
