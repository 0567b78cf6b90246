package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;

/**
 * Divides gradients by the root of a second moment that is kept as means of rows and of columns
 * (Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018, arXiv
 * 1804.04235):
 *
 * <pre>{@code
 * b = 1 - (t - stepOffset)^-decayRate        s = g^2 + epsilon
 * row <- b row + (1 - b) mean of s over d0   col <- b col + (1 - b) mean of s over d1
 * u = g / sqrt(row / mean of row over d1) / sqrt(col)
 * or, for a leaf that is not factored: v <- b v + (1 - b) s, u = g / sqrt(v)
 * }</pre>
 *
 * <p>with t the number of this step from 1, d0 the longest axis of a leaf and d1 the second
 * longest; of equal lengths the later axis counts as longer. Further axes are batches of matrices.
 * A leaf is factored if it has two axes of at least minDimSizeToFactor. Memory: a float32 matrix of
 * 4096 x 4096 needs 32 KB of state in place of 64 MB.
 *
 * <p>Differs from Optax in that t - stepOffset is at least 1, where Optax gives NaN for the offset
 * that its documentation recommends for fine-tuning; that b is computed in double; that moments of
 * 16-bit leaves are float32; and that gradients are {@linkplain Tree#squarable made squarable}. Row
 * and column means keep their reduced axes with length 1. {@code decay_rate_fn} is missing.
 *
 * @param factored whether to factor at all
 * @param decayRate how fast b approaches 1, positive
 * @param stepOffset the steps that do not count: those before a fine-tuning
 * @param minDimSizeToFactor the least length of the second longest axis of a factored leaf
 * @param epsilon added to squared gradients, not negative
 */
@Withers
public record ScaleByFactoredRms(
    boolean factored, double decayRate, int stepOffset, int minDimSizeToFactor, double epsilon)
    implements GradientTransformation<ScaleByFactoredRms.FactoredState>, ScaleByFactoredRmsWithers {

  /**
   * The state of {@link ScaleByFactoredRms}; all moments start at 0.
   *
   * @param count the number of steps taken
   * @param vRow the means over the longest axis of each factored leaf
   * @param vCol the means over the second longest axis of each factored leaf
   * @param v the second moments of all other leaves
   */
  public record FactoredState(Scalar count, Tree vRow, Tree vCol, Tree v) {}

  /**
   * Checks the arguments.
   *
   * @param factored true or false
   * @param decayRate positive and finite
   * @param stepOffset any number
   * @param minDimSizeToFactor at least 1
   * @param epsilon finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByFactoredRms {
    Check.positive("decayRate", decayRate);
    Check.atLeast("minDimSizeToFactor", 1, minDimSizeToFactor);
    Check.notNegative("epsilon", epsilon);
  }

  /**
   * Returns factored scaling with decayRate = 0.8, stepOffset = 0, minDimSizeToFactor = 128 and
   * epsilon = 1e-30.
   *
   * @return the transformation
   */
  public static ScaleByFactoredRms defaults() {
    return new ScaleByFactoredRms(true, 0.8, 0, 128, 1e-30);
  }

  @Override
  public FactoredState initialState(Tree params) {
    Predicate<String> isFactored = factoredPaths(params);
    Tree matrices = params.zeros().select(isFactored);
    return new FactoredState(
        Scalar.of(0),
        matrices.sumOver(ScaleByFactoredRms::longest),
        matrices.sumOver(ScaleByFactoredRms::secondLongest),
        params.zeros().select(isFactored.negate()));
  }

  @Override
  public Step<FactoredState> step(Tree gradients, FactoredState state, Tree x, Extras extras) {
    Tree g = gradients.squarable();
    Scalar t = state.count().plus(1);
    Scalar counted = t.minus(stepOffset).max(1);
    // 1 - b = (t - stepOffset)^-decayRate
    Scalar share = counted.pow(-decayRate);
    Tree s = g.square().plus(epsilon);
    Predicate<String> isFactored = factoredPaths(g);
    Tree plain = s.select(isFactored.negate());
    Tree matrices = s.select(isFactored);
    Tree row = mean(state.vRow(), matrices.meanOver(ScaleByFactoredRms::longest), share);
    Tree col = mean(state.vCol(), matrices.meanOver(ScaleByFactoredRms::secondLongest), share);
    Tree v = mean(state.v(), plain, share);
    Tree rest = g.select(isFactored.negate()).times(inverseRoot(v));
    Tree u = divided(g.select(isFactored), row, col).merge(rest);
    return Step.of(u, new FactoredState(t, row, col, v));
  }

  /** Returns b m + (1 - b) s, exactly s for b = 0. */
  private static Tree mean(Tree m, Tree s, Scalar share) {
    return m.times(share.negate().plus(1)).plus(s.times(share));
  }

  /** Returns g / sqrt(row / mean of row over d1) / sqrt(col). */
  private Tree divided(Tree g, Tree row, Tree col) {
    // of a mean over d0, d1 is the longest axis
    Tree mean = row.meanOver(ScaleByFactoredRms::longest);
    Tree rows = inverseRoot(row.dividedBy(mean.broadcast(row)));
    return g.times(rows.broadcast(g)).times(inverseRoot(col).broadcast(g));
  }

  /** Returns sqrt(1 / v); 0 where v is 0, which needs an epsilon of 0. */
  private Tree inverseRoot(Tree v) {
    Tree inverse = v.fill(1).dividedBy(v).sqrt();
    return epsilon == 0 ? v.greaterThan(0).choose(inverse, v) : inverse;
  }

  private Predicate<String> factoredPaths(Tree tree) {
    Structure structure = tree.structure();
    return path -> isFactored(structure.leaf(path));
  }

  private boolean isFactored(Structure.Leaf leaf) {
    return factored
        && leaf.shape().size() >= 2
        && leaf.shape().get(secondLongest(leaf)[0]) >= minDimSizeToFactor;
  }

  private static int[] longest(Structure.Leaf leaf) {
    return new int[] {longestBut(leaf, -1)};
  }

  private static int[] secondLongest(Structure.Leaf leaf) {
    return new int[] {longestBut(leaf, longestBut(leaf, -1))};
  }

  private static int longestBut(Structure.Leaf leaf, int other) {
    int longest = -1;
    for (int axis = 0; axis < leaf.shape().size(); axis++) {
      boolean longer = longest < 0 || leaf.shape().get(axis) >= leaf.shape().get(longest);
      longest = axis != other && longer ? axis : longest;
    }
    return longest;
  }
}
