package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Stochastic weight averaging: the mean of the parameters at the end of each cycle (Izmailov et
 * al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018, arXiv 1803.05407,
 * Algorithm 1):
 *
 * <pre>{@code
 * a <- (a n + x + u) / (n + 1)        n <- n + 1        after steps start, start + period, ...
 * }</pre>
 *
 * <p>where n is the number of parameters in the mean and u the update of the inner optimizer. The
 * parameters take the inner optimizer's steps as without it; give it a high learning rate, constant
 * or cyclical, from the start on. Test and save the average, {@code Stepper.evalParams()}, which is
 * the parameters themselves until there is one. Wrap the whole optimizer. Statistics of batch
 * normalization must be computed again for the average, in one pass over the training data.
 *
 * <p>With a start of 0 the first parameters are in the mean. The average of 16-bit parameters is
 * float32. Optax has no counterpart.
 *
 * @param inner the optimizer of the parameters
 * @param start the number of the step whose parameters are the first in the mean, not negative:
 *     about three quarters of all steps
 * @param period the number of steps from one to the next, at least 1: those of an epoch or a cycle
 */
@Withers
public record Swa(GradientTransformation<?> inner, int start, int period)
    implements GradientTransformation<Swa.SwaState>, SwaWithers {

  /**
   * The state of {@link Swa}.
   *
   * @param innerState the optimizer's state
   * @param count the number of steps taken
   * @param averaged the number of parameters in the mean
   * @param average the mean
   */
  public record SwaState(Object innerState, Scalar count, Scalar averaged, Tree average) {}

  /**
   * Checks the arguments.
   *
   * @param inner any optimizer
   * @param start at least 0
   * @param period at least 1
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Swa {
    Check.atLeast("start", 0, start);
    Check.atLeast("period", 1, period);
  }

  @Override
  public SwaState initialState(Tree params) {
    Tree average = params.as(params.structure().computed());
    Scalar averaged = Scalar.of(start == 0 ? 1 : 0);
    return new SwaState(Wrapped.initialState(inner, params), Scalar.of(0), averaged, average);
  }

  @Override
  public Step<SwaState> step(Tree g, SwaState state, Tree x, Extras extras) {
    Step<Object> step = Wrapped.step(inner, g, state.innerState(), x, extras);
    Scalar t = state.count().plus(1);
    Scalar n = state.averaged();
    // a <- (a n + x + u) / (n + 1)
    Tree next = x.plus(step.updates()).as(x.structure());
    Scalar share = Scalar.of(1).dividedBy(n.plus(1));
    Tree mean = next.times(share).plus(state.average().times(n.times(share)));
    SwaState averaging = new SwaState(step.state(), t, n.plus(1), mean);
    SwaState passing = new SwaState(step.state(), t, n, state.average());
    Scalar ends = t.map(count -> count >= start && (count - start) % period == 0 ? 1 : 0);
    return Step.of(step.updates(), ends.choose(averaging, passing));
  }

  /** Returns the average; the parameters if there is none yet. */
  @Override
  public Tree evalParams(SwaState state, Tree params) {
    Tree average = state.average().as(params.structure());
    return state.averaged().equalTo(0).choose(params, average);
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
