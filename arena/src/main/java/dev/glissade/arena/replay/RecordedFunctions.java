package dev.glissade.arena.replay;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.catalog.Entry;
import java.util.List;

/**
 * The functions that are lambdas in the original, under the names that recorded cases give them.
 */
final class RecordedFunctions {
  private RecordedFunctions() {}

  /** Returns the standard catalog with these functions. */
  static Catalog catalog() {
    return Catalog.standard()
        .with(
            List.of(
                Entry.of("power", new Power(1), "exponent"),
                Entry.of("given_hessian_diagonal", new GivenHessianDiagonal())));
  }

  /** ADOPT's bound: count^exponent. */
  record Power(double exponent) implements Schedule {
    @Override
    public double at(double count) {
      return Math.pow(count, exponent);
    }
  }

  /** Sophia's estimate, given as an extra argument of the step. */
  record GivenHessianDiagonal() implements GradientTransformation<GivenHessianDiagonal.NoState> {
    record NoState() {}

    @Override
    public NoState initialState(Tree params) {
      return new NoState();
    }

    @Override
    public Step<NoState> step(Tree updates, NoState state, Tree params, Extras extras) {
      return Step.of(extras.tree("hessian_diagonal"), state);
    }
  }
}
