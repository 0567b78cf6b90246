package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Latest weight averaging: the mean of the parameters at the end of the last k epochs (Kaddour,
 * "Stop Wasting My Time! Saving Days of ImageNet and BERT Training with Latest Weight Averaging",
 * 2022, arXiv 2209.14981).
 *
 * <p>The parameters take the inner optimizer's steps as without it. After every period-th step they
 * are copied into a ring of k trees, in place of the oldest. Test and save the mean of the ring,
 * {@code Stepper.evalParams()}, which is the parameters themselves until the ring has one. Wrap the
 * whole optimizer. Statistics of batch normalization must be computed again for the average.
 *
 * <p>The ring takes k times the memory of the parameters, in their own types. Optax has no
 * counterpart.
 *
 * @param inner the optimizer of the parameters
 * @param k the number of trees in the ring, at least 1; the paper's is 6
 * @param period the number of steps from one copy to the next, at least 1: those of an epoch
 */
@Withers
public record Lawa(GradientTransformation<?> inner, int k, int period)
    implements GradientTransformation<Lawa.LawaState>, LawaWithers {

  /**
   * The state of {@link Lawa}.
   *
   * @param innerState the optimizer's state
   * @param count the number of steps taken
   * @param ring the latest parameters, the newest at {@code (count / period - 1) mod k}; 0 where
   *     there is none yet
   */
  public record LawaState(Object innerState, Scalar count, List<Tree> ring) {}

  /**
   * Checks the arguments.
   *
   * @param inner any optimizer
   * @param k at least 1
   * @param period at least 1
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Lawa {
    Check.atLeast("k", 1, k);
    Check.atLeast("period", 1, period);
  }

  @Override
  public LawaState initialState(Tree params) {
    Tree none = params.zeros().as(params.structure());
    return new LawaState(
        Wrapped.initialState(inner, params), Scalar.of(0), Collections.nCopies(k, none));
  }

  @Override
  public Step<LawaState> step(Tree g, LawaState state, Tree x, Extras extras) {
    Step<Object> step = Wrapped.step(inner, g, state.innerState(), x, extras);
    Scalar t = state.count().plus(1);
    Tree next = x.plus(step.updates()).as(x.structure());
    // the place of this step's parameters in the ring; -1 between two epochs
    Scalar place = t.map(count -> count % period == 0 ? (count / period - 1) % k : -1);
    List<Tree> ring = new ArrayList<>();
    for (Tree old : state.ring()) {
      ring.add(place.equalTo(ring.size()).choose(next, old));
    }
    return Step.of(step.updates(), new LawaState(step.state(), t, ring));
  }

  /** Returns the mean of the ring; the parameters if the ring is empty. */
  @Override
  public Tree evalParams(LawaState state, Tree params) {
    Scalar n = state.count().map(count -> Math.min(k, Math.floor(count / period)));
    Tree sum = params.zeros();
    for (Tree one : state.ring()) {
      sum = sum.plus(one);
    }
    return n.equalTo(0).choose(params, sum.dividedBy(n).as(params.structure()));
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
