package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.Wrapped;
import dev.glissade.contrib.Sophia.SophiaState;
import dev.glissade.records.Check;
import dev.glissade.transform.Moments;
import org.jspecify.annotations.Nullable;

/** The part of {@link Sophia} in front of weight decay and learning rate. */
record ScaleBySophia(
    double b1,
    double b2,
    double eps,
    double gamma,
    @Nullable Double clipThreshold,
    int updateInterval,
    GradientTransformation<?> hessianDiagonalFn,
    @Nullable DType muDtype,
    boolean estimateFirst)
    implements GradientTransformation<SophiaState> {

  ScaleBySophia {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.positive("eps", eps);
    Check.positive("gamma", gamma);
    if (clipThreshold != null) {
      Check.positive("clipThreshold", clipThreshold);
    } else if (!estimateFirst) {
      throw new IllegalArgumentException(
          "clipThreshold must not be null without estimateFirst, since the first steps would be of"
              + " the size of mu / eps: set estimateFirst(true)");
    }
    Check.atLeast("updateInterval", 1, updateInterval);
    Wrapped.requireMeanGradients(
        "hessianDiagonalFn", hessianDiagonalFn, "estimate from mean gradients");
    Moments.checkStorage("muDtype", muDtype);
  }

  /**
   * The mean of estimates and the state of what estimates.
   *
   * @param nu the mean, h
   * @param state the estimator's state
   */
  private record Curvature(Tree nu, Object state) {}

  @Override
  public SophiaState initialState(Tree params) {
    return new SophiaState(
        Scalar.of(0),
        Moments.stored(params.zeros(), muDtype),
        params.zeros(),
        Wrapped.initialState(hessianDiagonalFn, params));
  }

  @Override
  public Step<SophiaState> step(Tree updates, SophiaState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree mu = Moments.termwise(Moments.computed(state.mu(), g), b1, g);
    // every updateInterval steps: h <- b2 h + (1 - b2) estimate
    Step<Object> estimate =
        Wrapped.step(hessianDiagonalFn, updates, state.hessianFnState(), params, extras);
    Scalar isDue = state.count().map(count -> count % updateInterval).equalTo(0);
    Curvature before = new Curvature(state.nu(), state.hessianFnState());
    Curvature updated =
        new Curvature(Moments.termwise(state.nu(), b2, estimate.updates()), estimate.state());
    Curvature now = isDue.choose(updated, before);
    // u = clamp(muHat / max(gamma h, eps), -clip, clip)
    Tree h = estimateFirst ? now.nu() : state.nu();
    Tree u = Moments.debiased(mu, b1, t).dividedBy(h.times(gamma).max(eps));
    return Step.of(
        clipThreshold == null ? u : u.max(-clipThreshold).min(clipThreshold),
        new SophiaState(t, Moments.stored(mu, muDtype), now.nu(), now.state()));
  }
}
