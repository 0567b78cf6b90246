package dev.glissade.testing;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.HessianProduct;
import dev.glissade.LossFunction;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.combine.Wrapped;

/**
 * Gives a transformation a loss, which falls and rises, and a product with a Hessian; one with a
 * line search also the loss as a function, half the sum of squares, and its value and gradients.
 */
public record Given(GradientTransformation<?> inner, boolean searches)
    implements GradientTransformation<Given.GivenState> {
  private static final HessianProduct PRODUCT = (x, v) -> v.times(2).evaluate();
  private static final LossFunction LOSS =
      (x, i) -> new ValueAndGradients(half(x).evaluate().value(), x.as(x.structure().computed()));

  public record GivenState(Scalar count, Object innerState) {}

  /** Returns the transformation with what it asks for; itself if it asks for nothing. */
  public static GradientTransformation<?> to(GradientTransformation<?> optimizer) {
    String missing = missing(optimizer);
    return missing.startsWith("extra argument")
        ? new Given(optimizer, missing.contains("value_fn"))
        : optimizer;
  }

  private static Scalar half(Tree x) {
    return x.dot(x).times(0.5);
  }

  private static <S> String missing(GradientTransformation<S> optimizer) {
    if (optimizer.perExample()) {
      return "";
    }
    Tree x = Tree.of("dense/kernel", Tensor.of(new float[] {1}), "k", Tensor.of(new float[] {1}));
    try {
      optimizer.update(x, optimizer.init(x), x);
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public GivenState initialState(Tree params) {
    return new GivenState(Scalar.of(0), Wrapped.initialState(inner, params));
  }

  @Override
  public Step<GivenState> step(Tree updates, GivenState state, Tree params, Extras extras) {
    Scalar loss = state.count().map(count -> 2 + Math.sin(count));
    Extras more = extras.withHessianProduct(PRODUCT).with("value", loss);
    if (searches) {
      Tree gradients = params.as(params.structure().computed());
      more = more.withLossFunction(LOSS).with("grad", gradients).with("value", half(params));
    }
    Step<Object> step = Wrapped.step(inner, updates, state.innerState(), params, more);
    return Step.of(step.updates(), new GivenState(state.count().plus(1), step.state()));
  }

  @Override
  public Tree evalParams(GivenState state, Tree params) {
    return Wrapped.evalParams(inner, state.innerState(), params);
  }
}
