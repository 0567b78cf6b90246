package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.Wrapped;
import dev.glissade.withers.Withers;

/**
 * Gives the inner transformation each complex leaf "z" as two real ones, "z/real" and
 * "z/imaginary", and merges them afterwards; real leaves pass through.
 *
 * <p>Gradients are of the conjugate convention: of a real loss f at z = a + ib they are df/da + i
 * df/db, so that z - rate g descends. (Frameworks that give df/da - i df/db need a conjugate
 * first.)
 *
 * <p>An infinite part leaves the other one as it is, and extra arguments reach the inner
 * transformation; the original does neither.
 *
 * @param inner the transformation of the real leaves
 */
@Withers
public record SplitRealAndImaginary(GradientTransformation<?> inner)
    implements GradientTransformation<SplitRealAndImaginary.SplitRealAndImaginaryState>,
        SplitRealAndImaginaryWithers {

  /** The inner state, on the split leaves. */
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
            inner, updates.splitComplex(), state.innerState(), params.splitComplex(), extras);
    return Step.of(
        step.updates().mergeComplex(params.structure()),
        new SplitRealAndImaginaryState(step.state()));
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
