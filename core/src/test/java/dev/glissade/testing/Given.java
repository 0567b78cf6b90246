package dev.glissade.testing;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.HessianProduct;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.Wrapped;

/** Gives a transformation a loss, which falls and rises, and a product with a Hessian. */
public record Given(GradientTransformation<?> inner)
    implements GradientTransformation<Given.GivenState> {
  private static final HessianProduct PRODUCT = (x, v) -> v.times(2).evaluate();

  public record GivenState(Scalar count, Object innerState) {}

  /** Returns the transformation with what it asks for; itself if it asks for nothing. */
  public static GradientTransformation<?> to(GradientTransformation<?> optimizer) {
    return asks(optimizer) ? new Given(optimizer) : optimizer;
  }

  private static <S> boolean asks(GradientTransformation<S> optimizer) {
    if (optimizer.perExample()) {
      return false;
    }
    Tree x = Tree.of("dense/kernel", Tensor.of(new float[] {1}), "k", Tensor.of(new float[] {1}));
    try {
      optimizer.update(x, optimizer.init(x), x);
      return false;
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage()).startsWith("extra argument");
    }
  }

  @Override
  public GivenState initialState(Tree params) {
    return new GivenState(Scalar.of(0), Wrapped.initialState(inner, params));
  }

  @Override
  public Step<GivenState> step(Tree updates, GivenState state, Tree params, Extras extras) {
    Scalar loss = state.count().map(count -> 2 + Math.sin(count));
    Extras more = extras.with("value", loss).withHessianProduct(PRODUCT);
    Step<Object> step = Wrapped.step(inner, updates, state.innerState(), params, more);
    return Step.of(step.updates(), new GivenState(state.count().plus(1), step.state()));
  }

  @Override
  public Tree evalParams(GivenState state, Tree params) {
    return Wrapped.evalParams(inner, state.innerState(), params);
  }
}
