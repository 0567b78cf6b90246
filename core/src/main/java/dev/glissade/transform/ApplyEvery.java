package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Adds up the updates of k steps and returns the sum in every k-th one, 0 in between:
 *
 * <pre>{@code
 * a <- g if c = 0, else a + g        u = a if c = k - 1, else 0        c <- (c + 1) mod k
 * }</pre>
 *
 * <p>It is a link of a chain: links before it step with each gradient, and links after it see the
 * zeros. To step with the mean of k gradients instead, which is as one large batch, wrap the whole
 * optimizer in {@code multiSteps}.
 *
 * <p>Differs from Optax in that a step in between is a choice, not a product with 0, so that an
 * infinite or NaN gradient waits for the k-th step; the sum of 16-bit updates is float32.
 *
 * @param k the number of updates to add up, at least 1
 */
@Withers
public record ApplyEvery(int k)
    implements GradientTransformation<ApplyEvery.ApplyEveryState>, ApplyEveryWithers {

  /**
   * The state of {@link ApplyEvery}.
   *
   * @param count the number of updates in the sum; 0 after a step that returned it
   * @param gradAcc the sum
   */
  public record ApplyEveryState(Scalar count, Tree gradAcc) {}

  /**
   * Checks the argument.
   *
   * @param k at least 1
   * @throws IllegalArgumentException if k is less than 1
   */
  public ApplyEvery {
    Check.atLeast("k", 1, k);
  }

  @Override
  public ApplyEveryState initialState(Tree params) {
    return new ApplyEveryState(Scalar.of(0), params.zeros());
  }

  @Override
  public Step<ApplyEveryState> step(Tree g, ApplyEveryState state, Tree params, Extras extras) {
    Scalar c = state.count();
    // a <- g if c = 0, else a + g
    Tree a = c.equalTo(0).choose(g.as(g.structure().computed()), state.gradAcc().plus(g));
    // u = a if c = k - 1, else 0
    Scalar last = c.equalTo(k - 1);
    Tree u = last.choose(a, a.zeros());
    return Step.of(u, new ApplyEveryState(last.choose(Scalar.of(0), c.plus(1)), a));
  }
}
