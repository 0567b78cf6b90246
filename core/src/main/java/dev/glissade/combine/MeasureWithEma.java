package dev.glissade.combine;

import dev.glissade.Scalar;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Measures an exponential moving average of another measure over the steps:
 *
 * <pre>{@code
 * e <- decay e + (1 - decay) measure(g)        e / (1 - decay^t) if debiased, else e
 * }</pre>
 *
 * <p>with t the number of measurements. A measurement that is NaN or infinite is left out, where
 * Optax's average stays NaN for ever. The average is a double, so there is no {@code
 * accumulator_dtype}.
 *
 * @param measure what to average
 * @param decay weight of the old average, in [0, 1)
 * @param debias whether to divide by {@code 1 - decay^t}, because the average starts at 0
 */
@Withers
public record MeasureWithEma(Measure measure, double decay, boolean debias)
    implements StatefulMeasure<MeasureWithEma.MeasureWithEmaState>, MeasureWithEmaWithers {

  /**
   * The state of {@link MeasureWithEma}.
   *
   * @param count the number of measurements in the average
   * @param ema the average, not debiased
   */
  public record MeasureWithEmaState(Scalar count, Scalar ema) {}

  /**
   * Checks the arguments.
   *
   * @param measure any measure
   * @param decay in [0, 1)
   * @param debias true or false
   * @throws IllegalArgumentException if decay is not in [0, 1)
   */
  public MeasureWithEma {
    Check.decay("decay", decay);
  }

  /**
   * Returns a debiased average.
   *
   * @param measure what to average
   * @param decay weight of the old average, in [0, 1)
   * @return the measure
   * @throws IllegalArgumentException if decay is not in [0, 1)
   */
  public static MeasureWithEma of(Measure measure, double decay) {
    return new MeasureWithEma(measure, decay, true);
  }

  @Override
  public MeasureWithEmaState initialState() {
    return new MeasureWithEmaState(Scalar.of(0), Scalar.of(0));
  }

  @Override
  public Measured<MeasureWithEmaState> measured(Tree updates, MeasureWithEmaState state) {
    Scalar now = measure.of(updates);
    // e <- decay e + (1 - decay) measure(g)
    Scalar averaged = state.ema().times(decay).plus(now.times(1 - decay));
    Scalar e = now.isFinite().choose(averaged, state.ema());
    Scalar t = state.count().plus(now.isFinite());
    Scalar value = debias ? e.dividedBy(t.powerOf(decay).negate().plus(1)) : e;
    return new Measured<>(value, new MeasureWithEmaState(t, e));
  }
}
