package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.transform.Moments;
import dev.glissade.withers.Withers;

/**
 * Grokfast-EMA: adds a multiple of the mean of gradients to each gradient, which amplifies what
 * changes slowly (Lee et al., "Grokfast: Accelerated Grokking by Amplifying Slow Gradients", 2024,
 * arXiv 2405.20233):
 *
 * <pre>{@code
 * h <- alpha h + (1 - alpha) g, h = g at the first step        u = g + lamb h
 * }</pre>
 *
 * <p>For small data sets on which a model generalizes long after it has learned them by heart.
 * Chain it before any optimizer: {@code chain(grokfastEma(), adamw(1e-3).weightDecay(1e-2))}. The
 * paper tries alpha from 0.8 to 0.99 and lamb from 0.1 to 5.
 *
 * <p>As in the authors' code h starts at the first gradient. Gradients are {@linkplain
 * Tree#squarable made squarable}, so that a huge one does not overflow, and h is float32 for 16-bit
 * gradients. Optax has no counterpart.
 *
 * @param alpha decay of the mean, in [0, 1)
 * @param lamb weight of the mean, not negative
 */
@Withers
public record GrokfastEma(double alpha, double lamb)
    implements GradientTransformation<GrokfastEma.GrokfastEmaState>, GrokfastEmaWithers {

  /**
   * The state of {@link GrokfastEma}.
   *
   * @param count the number of steps taken
   * @param h the mean of gradients
   */
  public record GrokfastEmaState(Scalar count, Tree h) {}

  /**
   * Checks the arguments.
   *
   * @param alpha in [0, 1)
   * @param lamb finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public GrokfastEma {
    Check.decay("alpha", alpha);
    Check.notNegative("lamb", lamb);
  }

  /**
   * Returns Grokfast-EMA with alpha = 0.98 and lamb = 2.
   *
   * @return the transformation
   */
  public static GrokfastEma defaults() {
    return new GrokfastEma(0.98, 2);
  }

  @Override
  public GrokfastEmaState initialState(Tree params) {
    return new GrokfastEmaState(Scalar.of(0), params.zeros());
  }

  @Override
  public Step<GrokfastEmaState> step(
      Tree updates, GrokfastEmaState state, Tree params, Extras extras) {
    Tree g = updates.squarable();
    Tree before = state.count().equalTo(0).choose(g, state.h());
    Tree h = Moments.update(before, alpha, g);
    return Step.of(g.plus(h.times(lamb)), new GrokfastEmaState(state.count().plus(1), h));
  }
}
