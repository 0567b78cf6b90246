package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.withers.Withers;

/**
 * Adds to each gradient its difference from the gradient before, a guess of the next one (Mokhtari,
 * Ozdaglar and Pattathil, "A Unified Analysis of Extra-gradient and Optimistic Gradient Methods for
 * Saddle Point Problems", 2019, arXiv 1901.08511):
 *
 * <pre>{@code
 * u = (alpha + beta) g - beta gBefore, with gBefore = g at the first step
 * }</pre>
 *
 * <p>Descent by these updates converges in games between two players, such as a generator and its
 * discriminator, where plain gradients go in circles. Updates point uphill, as gradients do, so
 * chain a {@link ScaleByLearningRate} after it, or use {@code
 * Optimizers.optimisticGradientDescent}.
 *
 * <p>Differs from Optax in that alpha and beta may be schedules, which fail there, and the state
 * has a count to read them at. Updates are as large as the arithmetic makes them: huge gradients
 * are not tamed, as Adam's are.
 *
 * @param alpha weight of the gradient; read at count 0 at the first step
 * @param beta weight of the difference; read at count 0 at the first step
 */
@Withers
public record ScaleByOptimisticGradient(Schedule alpha, Schedule beta)
    implements GradientTransformation<ScaleByOptimisticGradient.ScaleByOptimisticGradientState>,
        ScaleByOptimisticGradientWithers {

  /**
   * The state of {@link ScaleByOptimisticGradient}.
   *
   * @param count the number of steps taken
   * @param isInitialStep 1 before the first step, then 0
   * @param previousGradient the gradient of the step before, which starts at 0
   */
  public record ScaleByOptimisticGradientState(
      Scalar count, Scalar isInitialStep, Tree previousGradient) {}

  /**
   * Returns optimistic gradients with alpha = beta = 1.
   *
   * @return the transformation
   */
  public static ScaleByOptimisticGradient defaults() {
    return new ScaleByOptimisticGradient(new ConstantSchedule(1), new ConstantSchedule(1));
  }

  @Override
  public ScaleByOptimisticGradientState initialState(Tree params) {
    return new ScaleByOptimisticGradientState(Scalar.of(0), Scalar.of(1), params.zeros());
  }

  @Override
  public Step<ScaleByOptimisticGradientState> step(
      Tree updates, ScaleByOptimisticGradientState state, Tree params, Extras extras) {
    Scalar count = state.count();
    Tree g = updates.as(updates.structure().computed());
    Tree before = state.isInitialStep().choose(g, state.previousGradient());
    Scalar b = beta.at(count);
    // u = (alpha + beta) g - beta gBefore
    Tree u = g.times(alpha.at(count).plus(b)).minus(before.times(b));
    return Step.of(u, new ScaleByOptimisticGradientState(count.plus(1), Scalar.of(0), g));
  }
}
