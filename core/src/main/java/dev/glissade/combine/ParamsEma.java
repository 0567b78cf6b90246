package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Keeps an exponential moving average of the parameters, which generalizes better than the last
 * parameters at a high learning rate (Polyak and Juditsky, "Acceleration of Stochastic
 * Approximation by Averaging", 1992):
 *
 * <pre>{@code
 * a <- decay a + (1 - decay) (x + u)        u of the inner optimizer
 * }</pre>
 *
 * <p>The parameters take the inner optimizer's steps as without it. Test and save the average,
 * {@code Stepper.evalParams()}: {@code a / (1 - decay^t)} if debiased, else a. Wrap the whole
 * optimizer, since the average is of the parameters after the wrapped one's updates:
 *
 * <pre>{@code
 * Transforms.paramsEma(Transforms.chain(Transforms.clipByGlobalNorm(1), adamw), 0.999)
 * }</pre>
 *
 * <p>The average of 16-bit parameters is float32. Optax has no counterpart; its users average by
 * hand, as with {@code Updates.incrementalUpdate}.
 *
 * @param inner the optimizer of the parameters
 * @param decay weight of the old average, in [0, 1); 1 / (1 - decay) is about how many steps it
 *     averages over
 * @param debias whether the average is of the parameters after each step only; if not, it starts at
 *     the first parameters, as that of a target network
 */
@Withers
public record ParamsEma(GradientTransformation<?> inner, double decay, boolean debias)
    implements GradientTransformation<ParamsEma.ParamsEmaState>, ParamsEmaWithers {

  /**
   * The state of {@link ParamsEma}.
   *
   * @param innerState the optimizer's state
   * @param count the number of steps taken
   * @param average the average, not debiased
   */
  public record ParamsEmaState(Object innerState, Scalar count, Tree average) {}

  /**
   * Checks the arguments.
   *
   * @param inner any optimizer
   * @param decay in [0, 1)
   * @param debias true or false
   * @throws IllegalArgumentException if decay is not in [0, 1)
   */
  public ParamsEma {
    Check.decay("decay", decay);
  }

  /**
   * Returns a debiased average.
   *
   * @param inner the optimizer of the parameters
   * @param decay weight of the old average, in [0, 1)
   * @return the optimizer
   * @throws IllegalArgumentException if decay is not in [0, 1)
   */
  public static ParamsEma of(GradientTransformation<?> inner, double decay) {
    return new ParamsEma(inner, decay, true);
  }

  @Override
  public ParamsEmaState initialState(Tree params) {
    Tree start = debias ? params.zeros() : params.as(params.structure().computed());
    return new ParamsEmaState(Wrapped.initialState(inner, params), Scalar.of(0), start);
  }

  @Override
  public Step<ParamsEmaState> step(Tree g, ParamsEmaState state, Tree x, Extras extras) {
    Step<Object> step = Wrapped.step(inner, g, state.innerState(), x, extras);
    // a <- decay a + (1 - decay) (x + u)
    Tree next = x.plus(step.updates()).as(x.structure());
    Tree a = state.average().times(decay).plus(next.times(1 - decay));
    return Step.of(step.updates(), new ParamsEmaState(step.state(), state.count().plus(1), a));
  }

  /** Returns the average; the parameters if it is debiased and there is none yet. */
  @Override
  public Tree evalParams(ParamsEmaState state, Tree params) {
    if (!debias) {
      return state.average().as(params.structure());
    }
    Scalar t = state.count();
    Tree average = state.average().dividedBy(t.powerOf(decay).negate().plus(1));
    return t.equalTo(0).choose(params, average.as(params.structure()));
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
