package dev.glissade.arena.replay;

import dev.glissade.Applied;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;

/** An optimizer on its way through a case, in place or by the functional interface. */
abstract class CaseRun {
  static <S> CaseRun of(GradientTransformation<S> optimizer, Tree params, boolean inPlace) {
    return inPlace
        ? new InPlace<>(Stepper.of(optimizer, params))
        : new Functional<>(optimizer, new Applied<>(params, optimizer.init(params)));
  }

  abstract void step(Tree gradients, Extras extras);

  /** Returns params that later steps do not change. */
  abstract Tree params();

  abstract Tree evalParams();

  abstract Object state();

  private static final class InPlace<S> extends CaseRun {
    private final Stepper<S> stepper;

    InPlace(Stepper<S> stepper) {
      this.stepper = stepper;
    }

    @Override
    void step(Tree gradients, Extras extras) {
      stepper.step(gradients, extras);
    }

    @Override
    Tree params() {
      return stepper.params().copy();
    }

    @Override
    Tree evalParams() {
      return stepper.evalParams();
    }

    @Override
    Object state() {
      return stepper.state();
    }
  }

  private static final class Functional<S> extends CaseRun {
    private final GradientTransformation<S> optimizer;
    private Applied<S> now;

    Functional(GradientTransformation<S> optimizer, Applied<S> start) {
      this.optimizer = optimizer;
      this.now = start;
    }

    @Override
    void step(Tree gradients, Extras extras) {
      now = optimizer.apply(gradients, now.state(), now.params(), extras);
    }

    @Override
    Tree params() {
      return now.params();
    }

    @Override
    Tree evalParams() {
      return optimizer.evalParams(now.state(), now.params()).evaluate();
    }

    @Override
    Object state() {
      return now.state();
    }
  }
}
