package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.Wrapped;
import dev.glissade.withers.Withers;

/**
 * Runs an optimizer for real parameters on complex ones: the inner transformation sees each complex
 * leaf "z" as two real leaves, "z/real" and "z/imaginary"; their updates are merged afterwards.
 * Real leaves pass through as they are.
 *
 * <p>Gradients follow the conjugate convention: for a real loss f at z = a + ib they are df/da + i
 * df/db, so that z - rate g descends. Frameworks that return df/da - i df/db, as JAX does, need a
 * conjugate first.
 *
 * <p>Differs from Optax in that an infinite part leaves the other part as it is, where Optax makes
 * it NaN, and that extra arguments reach the inner transformation. State: the inner state.
 *
 * @param inner the transformation of the real leaves
 */
@Withers
public record SplitRealAndImaginary(GradientTransformation<?> inner)
    implements GradientTransformation<SplitRealAndImaginary.SplitRealAndImaginaryState>,
        SplitRealAndImaginaryWithers {

  /**
   * The state of {@link SplitRealAndImaginary}.
   *
   * @param innerState the inner state, of the split leaves
   */
  public record SplitRealAndImaginaryState(Object innerState) {}

  @Override
  public SplitRealAndImaginaryState initialState(Tree params) {
    return new SplitRealAndImaginaryState(Wrapped.initialState(inner, params.splitComplex()));
  }

  @Override
  public Step<SplitRealAndImaginaryState> step(
      Tree updates, SplitRealAndImaginaryState state, Tree params, Extras extras) {
    Step<Object> step =
        Wrapped.step(
            inner,
            updates.splitComplex(),
            state.innerState(),
            params.splitComplex(),
            extras.splitComplex(params));
    return Step.of(
        step.updates().mergeComplex(params.structure()),
        new SplitRealAndImaginaryState(step.state()));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same tree needs no merge
  public Tree evalParams(SplitRealAndImaginaryState state, Tree params) {
    Tree split = params.splitComplex();
    Tree at = Wrapped.evalParams(inner, state.innerState(), split);
    return at == split ? params : at.mergeComplex(params.structure());
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
