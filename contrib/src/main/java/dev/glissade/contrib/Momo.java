package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.withers.Withers;

/**
 * MoMo: momentum whose step size comes from the loss, so that the learning rate is only a cap
 * (Schaipp, Ohana, Eickenberg, Defazio and Gower, "MoMo: Momentum Models for Adaptive Learning
 * Rates", 2023, arXiv 2305.07583). The mean of earlier linear models of the loss predicts it, and a
 * step goes to where the prediction meets the lower bound, lb. With f the loss before the step, b =
 * beta but 0 in the first step, and w = 1 + learningRate weightDecay:
 *
 * <pre>{@code
 * barf <- b barf + (1 - b) f     gamma <- b gamma + (1 - b) <g, x>     m <- b m + (1 - b) g
 * tau = min(learningRate, max(w (barf - lb - gamma) + <m, x>, 0) / ||m||^2)
 * u = -tau m - learningRate weightDecay / w x
 * }</pre>
 *
 * <p>The step needs the loss: {@code stepper.step(gradients, Extras.NONE.withValue(loss))}. With
 * adaptLowerBound, lb follows the loss: see {@link MomoState#lb}; without it, a loss below lb gives
 * steps of 0, which {@link MomoState#stopped} counts.
 *
 * <p>Differs from Optax as follows. Only m = 0 stops a step, where Optax stops below {@code ||m||^2
 * = 2.2e-16}. A step whose loss is not finite changes nothing. The numbers of the state are doubles
 * whatever the type of the parameters, and m of 16-bit parameters is float32. The state counts
 * steps of 0.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate the largest step; read at count 0 at the first step
 * @param beta decay of the means, in [0, 1)
 * @param lowerBound the least loss that is possible, such as 0
 * @param weightDecay decoupled weight decay, not negative
 * @param adaptLowerBound whether to raise the lower bound while training
 */
@Withers
public record Momo(
    Schedule learningRate,
    double beta,
    double lowerBound,
    double weightDecay,
    boolean adaptLowerBound)
    implements GradientTransformation<Momo.MomoState>, MomoWithers {

  /**
   * The state of {@link Momo}.
   *
   * @param expAvg the mean of gradients, m
   * @param barf the mean of losses
   * @param gamma the mean of the inner products of gradients and parameters
   * @param lb the lower bound; with adaptLowerBound it is lowered before a step whose prediction is
   *     below it, and raised after each step to the prediction there
   * @param count the number of steps taken
   * @param stopped the number of steps in a row, up to the last one, of size 0 with m not 0
   */
  public record MomoState(
      Tree expAvg, Scalar barf, Scalar gamma, Scalar lb, Scalar count, Scalar stopped) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param beta in [0, 1)
   * @param lowerBound finite
   * @param weightDecay finite and not negative
   * @param adaptLowerBound true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Momo {
    Check.decay("beta", beta);
    Check.finite("lowerBound", lowerBound);
    Check.notNegative("weightDecay", weightDecay);
  }

  /**
   * Returns MoMo with learningRate = 1, beta = 0.9, lowerBound = 0, which stays, and no weight
   * decay.
   *
   * @return the optimizer
   */
  public static Momo defaults() {
    return new Momo(new ConstantSchedule(1), 0.9, 0, 0, false);
  }

  @Override
  public MomoState initialState(Tree x) {
    Scalar zero = Scalar.of(0);
    return new MomoState(x.zeros(), zero, zero, Scalar.of(lowerBound), zero, zero);
  }

  @Override
  public Step<MomoState> step(Tree updates, MomoState state, Tree x, Extras extras) {
    Scalar first = state.count().equalTo(0);
    Scalar b = first.choose(Scalar.of(0), Scalar.of(beta));
    Tree g = updates.squarable();
    // m <- b m + (1 - b) g, with weights that add up to 1 in float, too
    Tree m = state.expAvg().plus(g.minus(state.expAvg()).times(b.negate().plus(1)));
    PolyakModel model =
        new PolyakModel(b, state.barf(), state.gamma(), state.lb(), Scalar.of(1))
            .next(extras.value(), g.dot(x));
    // tau = min(lr, max(w (barf - lb - gamma) + <m, x>, 0) / ||m||^2)
    PolyakModel.Terms terms =
        new PolyakModel.Terms(
            learningRate.at(state.count()),
            weightDecay,
            lowerBound,
            adaptLowerBound,
            m.dot(x),
            m.normSquared());
    PolyakModel.Result result = model.result(terms);
    Tree u = PolyakModel.decayed(m.times(result.tau().negate()), x, terms);
    MomoState next =
        new MomoState(
            m,
            model.f(),
            model.q(),
            result.lb(),
            state.count().plus(1),
            result.stopped(state.stopped()));
    return PolyakModel.ofFinite(extras.value(), Step.of(u, next), state);
  }
}
