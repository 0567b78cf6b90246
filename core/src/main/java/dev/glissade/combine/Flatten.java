package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Records;
import dev.glissade.withers.Withers;

/**
 * Gives the inner transformation all leaves as one vector, in the order of their paths, each row by
 * row. So what it computes for each leaf, such as a trust ratio or a block's root mean square, it
 * computes for the whole tree:
 *
 * <pre>{@code
 * Transforms.flatten(Optimizers.lamb(1e-3)) // one trust ratio for all leaves
 * }</pre>
 *
 * <p>It changes nothing in an optimizer that works element by element or with sums of the whole
 * tree, and makes no step faster; for many small leaves, {@link Tree#packed} does. The inner
 * transformation sees a leaf of one axis under another path, so masks by path don't work inside,
 * and rules for matrices find no matrix.
 *
 * <p>Nothing is copied: the vector is another view of the same arrays ({@link Tree#joined}), and
 * the state keeps each tree in the form of the parameters, so that it can be read and saved by
 * leaf. Two kinds of inner transformations pay for that: a {@code callback} gets a copy as one
 * vector, and noise is drawn with a key for each leaf, as without flatten, where Optax draws it
 * with one key. Differs from Optax also in that each leaf keeps its own type, where Optax's updates
 * all get the widest. Real leaves only: put {@code splitRealAndImaginary} around it for complex
 * ones. Extra arguments that are trees are passed on as they are.
 *
 * @param inner the transformation of the vector
 */
@Withers
public record Flatten(GradientTransformation<?> inner)
    implements GradientTransformation<Flatten.FlattenState>, FlattenWithers {

  /**
   * The state of {@link Flatten}.
   *
   * @param innerState the inner state, whose trees have the leaves of the parameters
   */
  public record FlattenState(Object innerState) {}

  /**
   * Checks the inner transformation.
   *
   * @param inner a transformation of mean gradients
   * @throws IllegalArgumentException if inner takes per-example gradients
   */
  public Flatten {
    Wrapped.requireMeanGradients("inner", inner, "aggregate them before flatten");
  }

  @Override
  public FlattenState initialState(Tree params) {
    return new FlattenState(separated(Wrapped.initialState(inner, params.joined())));
  }

  @Override
  public Step<FlattenState> step(Tree updates, FlattenState state, Tree params, Extras extras) {
    Object before = joined(state, params);
    Step<Object> step =
        Wrapped.step(inner, updates.joined(), before, params.joined(), extras.joined(params));
    return Step.of(step.updates().separated(), new FlattenState(separated(step.state())));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same tree needs no other view
  public Tree evalParams(FlattenState state, Tree params) {
    Tree vector = params.joined();
    Tree at = Wrapped.evalParams(inner, joined(state, params), vector);
    return at == vector ? params : at.separated();
  }

  private static Object separated(Object state) {
    return Records.map(state, leaf -> leaf instanceof Tree tree ? tree.separated() : leaf);
  }

  /** Returns the inner state with trees of the parameters' form as vectors again. */
  private static Object joined(FlattenState state, Tree params) {
    return Records.map(
        state.innerState(),
        leaf -> leaf instanceof Tree tree && isAlike(tree, params) ? tree.joined() : leaf);
  }

  private static boolean isAlike(Tree tree, Tree params) {
    return tree.paths().equals(params.paths())
        && tree.paths().stream()
            .allMatch(path ->
                tree.structure().leaf(path).shape().equals(params.structure().leaf(path).shape()));
  }
}
