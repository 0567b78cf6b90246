package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Reduces updates when a watched value, usually the loss, stops falling, as PyTorch's {@code
 * ReduceLROnPlateau} does. Put it last in a chain:
 *
 * <pre>{@code
 * var optimizer = Transforms.chain(Optimizers.adam(1e-3), Contrib.reduceOnPlateau().patience(5));
 * stepper.step(gradients, Extras.NONE.withValue(loss));
 * }</pre>
 *
 * <p>It takes the mean of accumulationSize values, and compares it with the best mean so far:
 *
 * <pre>{@code
 * better = mean < best - rtol |best| - atol      flat <- 0 if better, else flat + 1
 * in a cool-down: flat <- 0, and the cool-down is one mean shorter
 * else if flat = patience: scale <- max(factor scale, minScale), flat <- 0, a cool-down begins
 * u = scale g
 * }</pre>
 *
 * <p><b>patience counts means, and the loss of one minibatch is noisy</b>: set accumulationSize to
 * the number of steps in an epoch to have epochs, as in PyTorch.
 *
 * <p>Differs from Optax in two ways. The margin is relative to |best|, so that negative values
 * work, where Optax's margin has the wrong sign and it never reduces. A NaN is left out of the
 * mean, where Optax loses the whole mean.
 *
 * @param factor multiplies the scale at each reduction, in (0, 1)
 * @param patience the number of means without improvement after which to reduce, at least 1
 * @param rtol how much better a mean must be, relative to the best, in [0, 1]
 * @param atol how much better a mean must be, not negative; rtol and atol must not both be 0
 * @param cooldown the number of means after a reduction that do not count, not negative
 * @param accumulationSize the number of values in a mean, at least 1
 * @param minScale the least scale, not negative
 */
@Withers
public record ReduceOnPlateau(
    double factor,
    int patience,
    double rtol,
    double atol,
    int cooldown,
    int accumulationSize,
    double minScale)
    implements GradientTransformation<ReduceOnPlateau.ReduceLROnPlateauState>,
        ReduceOnPlateauWithers {

  /**
   * The state of {@link ReduceOnPlateau}.
   *
   * @param scale the factor of the updates
   * @param bestValue the best mean so far; infinite before the first
   * @param plateauCount the number of means in a row without improvement
   * @param cooldownCount the number of means left in the cool-down
   * @param count the number of values in the mean that is being taken
   * @param avgValue their mean
   */
  public record ReduceLROnPlateauState(
      Scalar scale,
      Scalar bestValue,
      Scalar plateauCount,
      Scalar cooldownCount,
      Scalar count,
      Scalar avgValue) {}

  /**
   * Checks the arguments.
   *
   * @param factor in (0, 1)
   * @param patience at least 1
   * @param rtol in [0, 1]
   * @param atol finite and not negative
   * @param cooldown at least 0
   * @param accumulationSize at least 1
   * @param minScale finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ReduceOnPlateau {
    Check.that(factor > 0 && factor < 1, "factor must be in (0, 1)", factor);
    Check.atLeast("patience", 1, patience);
    Check.that(rtol >= 0 && rtol <= 1, "rtol must be in [0, 1]", rtol);
    Check.notNegative("atol", atol);
    Check.that(rtol > 0 || atol > 0, "rtol or atol must be positive", "0 for both");
    Check.atLeast("cooldown", 0, cooldown);
    Check.atLeast("accumulationSize", 1, accumulationSize);
    Check.notNegative("minScale", minScale);
  }

  /**
   * Returns a reduction with factor = 0.1, patience = 10, rtol = 1e-4, atol = 0, cooldown = 0,
   * accumulationSize = 1 and minScale = 0.
   *
   * @return the transformation
   */
  public static ReduceOnPlateau defaults() {
    return new ReduceOnPlateau(0.1, 10, 1e-4, 0, 0, 1, 0);
  }

  @Override
  public ReduceLROnPlateauState initialState(Tree params) {
    Scalar zero = Scalar.of(0);
    return new ReduceLROnPlateauState(
        Scalar.of(1), Scalar.of(Double.POSITIVE_INFINITY), zero, zero, zero, zero);
  }

  @Override
  public Step<ReduceLROnPlateauState> step(
      Tree updates, ReduceLROnPlateauState state, Tree params, Extras extras) {
    Scalar value = extras.value();
    Scalar isNumber = value.equalTo(value);
    // mean <- (n mean + value) / (n + 1);  n <- n + 1
    Scalar n = state.count().plus(1);
    Scalar mean = state.avgValue().times(state.count()).plus(value).dividedBy(n);
    ReduceLROnPlateauState waiting =
        new ReduceLROnPlateauState(
            state.scale(), state.bestValue(), state.plateauCount(), state.cooldownCount(), n, mean);
    Scalar isFull = n.equalTo(accumulationSize);
    ReduceLROnPlateauState next =
        isNumber.choose(isFull.choose(decided(state, mean), waiting), state);
    return Step.of(updates.times(next.scale()), next);
  }

  private ReduceLROnPlateauState decided(ReduceLROnPlateauState state, Scalar mean) {
    Scalar best = state.bestValue();
    // better = mean < best - rtol |best| - atol, and any mean is better than an infinite best
    Scalar margin = best.abs().times(rtol).plus(atol);
    Scalar better = mean.lessThan(best.isFinite().choose(best.minus(margin), best));
    Scalar zero = Scalar.of(0);
    Scalar flat = better.choose(zero, state.plateauCount().plus(1));
    Scalar cools = state.cooldownCount().greaterThan(0);
    Scalar reduces = cools.not().and(flat.lessThan(patience).not());
    Scalar reduced = state.scale().times(factor).max(minScale);
    return new ReduceLROnPlateauState(
        reduces.choose(reduced, state.scale()),
        better.choose(mean, best),
        cools.or(reduces).choose(zero, flat),
        reduces.choose(Scalar.of(cooldown), cools.choose(state.cooldownCount().minus(1), zero)),
        zero,
        zero);
  }
}
