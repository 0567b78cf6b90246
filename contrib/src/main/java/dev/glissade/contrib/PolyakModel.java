package dev.glissade.contrib;

import static java.util.Objects.requireNonNull;

import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Records;

/**
 * The mean of the linear models of the loss that MoMo steps by.
 *
 * @param b decay of the means
 * @param f the mean of losses
 * @param q the mean of the inner products of gradients and parameters
 * @param lb the lower bound of the loss
 * @param c the sum of the weights of both means: 1, or less before they are debiased
 */
record PolyakModel(Scalar b, Scalar f, Scalar q, Scalar lb, Scalar c) {

  /**
   * What a step's size depends on, besides the model.
   *
   * @param rate the learning rate
   * @param decay the weight decay
   * @param lowerBound the least lower bound
   * @param adapts whether the lower bound follows the loss
   * @param p the inner product of the mean gradient and the parameters
   * @param n the squared norm of the mean gradient, scaled or not
   */
  record Terms(Scalar rate, double decay, double lowerBound, boolean adapts, Scalar p, Scalar n) {

    /** Returns 1 + lr wd. */
    Scalar w() {
      return rate.times(decay).plus(1);
    }
  }

  /**
   * The result of a step.
   *
   * @param tau the step size
   * @param lb the next lower bound
   * @param stops whether the step is 0 although the mean gradient is not
   */
  record Result(Scalar tau, Scalar lb, Scalar stops) {

    /** Returns the number of stopped steps in a row, given the number before this one. */
    Scalar stopped(Scalar before) {
      return stops.choose(before.plus(1), Scalar.of(0));
    }
  }

  /** Returns the model with another loss and inner product; this one if they are not finite. */
  PolyakModel next(Scalar value, Scalar product) {
    Scalar finite = value.isFinite().and(product.isFinite());
    return new PolyakModel(
        b, finite.choose(mean(f, value), f), finite.choose(mean(q, product), q), lb, c);
  }

  private Scalar mean(Scalar before, Scalar now) {
    return before.times(b).plus(now.times(b.negate().plus(1)));
  }

  /** Returns the step size, at most lr / c, and the next lower bound. */
  Result result(Terms terms) {
    Scalar w = terms.w();
    Scalar cap = f.minus(q).times(w).plus(terms.p());
    Scalar bound = terms.adapts() ? lowered(cap, w, terms.lowerBound()) : lb;
    // max(w (f - c lb - q) + p, 0)
    Scalar gap = f.minus(bound.times(c)).minus(q).times(w).plus(terms.p()).max(0);
    Scalar moves = terms.n().greaterThan(0);
    Scalar capped = terms.rate().dividedBy(c).min(gap.dividedBy(terms.n()));
    Scalar still = terms.n().equalTo(0).choose(Scalar.of(0), capped);
    Scalar stops = moves.and(still.equalTo(0)).and(terms.rate().equalTo(0).not());
    return new Result(still, terms.adapts() ? raised(still, bound, terms) : bound, stops);
  }

  /** Returns max(cap / (2 c w), lowerBound) if cap is below w c lb, else lb. */
  private Scalar lowered(Scalar cap, Scalar w, double lowerBound) {
    Scalar half = cap.dividedBy(w.times(c).times(2)).max(lowerBound);
    return cap.lessThan(w.times(c).times(lb)).choose(half, lb);
  }

  /** Returns max((f + p - q - tau n / 2) / c, lowerBound); the bound if that is not finite. */
  private Scalar raised(Scalar tau, Scalar bound, Terms terms) {
    Scalar there = f.plus(terms.p()).minus(q).minus(tau.times(terms.n()).dividedBy(2));
    Scalar next = there.dividedBy(c).max(terms.lowerBound());
    return DAdaptation.finiteOr(next, DAdaptation.finiteOr(bound, lb));
  }

  /** Returns a step; updates of 0 and the state before it where the loss is not finite. */
  static <S> Step<S> ofFinite(Scalar loss, Step<S> step, S before) {
    Scalar finite = loss.isFinite();
    S state =
        Records.zip(
            step.state(),
            before,
            (now, old) ->
                now instanceof Tree tree && old instanceof Tree same
                    ? finite.choose(tree, same)
                    : finite.choose((Scalar) requireNonNull(now), (Scalar) requireNonNull(old)));
    return Step.of(finite.choose(step.updates(), step.updates().zeros()), state);
  }

  /** Returns u - lr wd / w x. */
  static Tree decayed(Tree u, Tree x, Terms terms) {
    Scalar shrink = terms.rate().times(terms.decay()).dividedBy(terms.w());
    return terms.decay() == 0 ? u : u.minus(x.times(shrink));
  }
}
