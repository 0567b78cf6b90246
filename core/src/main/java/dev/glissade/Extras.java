package dev.glissade;

import dev.glissade.records.Check;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The extra arguments of a step, by name: the loss value, a gradient function, a product with the
 * Hessian, a factor on the gradients, and any that a user adds. Every combinator passes them on to
 * the transformations that it wraps, except the factor. Immutable.
 *
 * <p>Inside a step, numbers and trees among the arguments are deferred, like all others. A {@link
 * Stepper} compares other arguments (objects, strings, booleans) by {@code equals} and prepares a
 * program for each different value.
 */
public final class Extras {
  /** No extra arguments. */
  public static final Extras NONE = new Extras(Map.of());

  static final String VALUE = "value";
  static final String GRADIENT_FUNCTION = "grad_fn";
  static final String LOSS_FUNCTION = "value_fn";
  private static final String GRADIENTS = "grad";
  static final String HESSIAN_PRODUCT = "hessian_product";
  private static final String GRADIENT_SCALE = "gradient_scale";

  private final Map<String, Object> arguments;

  /** How the parameters of the transformation relate to those of the functions. */
  private final PartOfParams part;

  private final boolean calls;
  private @Nullable Signature signature;

  private Extras(Map<String, Object> arguments) {
    this(arguments, PartOfParams.ALL);
  }

  private Extras(Map<String, Object> arguments, PartOfParams part) {
    this.arguments = arguments;
    this.part = part;
    this.calls = arguments.values().stream().anyMatch(Extras::isFunction);
  }

  private static boolean isFunction(Object argument) {
    return argument instanceof GradientFunction
        || argument instanceof HessianProduct
        || argument instanceof LossFunction;
  }

  /**
   * {@return these arguments and one more, which replaces any of the same name}
   *
   * @param name the name under which a transformation asks for the argument
   * @param argument a scalar, a tree, a gradient function or any other object; a {@link Number}
   *     becomes a {@link Scalar}
   */
  public Extras with(String name, Object argument) {
    Map<String, Object> more = new TreeMap<>(arguments);
    more.put(name, argument instanceof Number n ? Scalar.of(n.doubleValue()) : argument);
    return new Extras(Collections.unmodifiableMap(more), part);
  }

  /**
   * {@return these arguments and the loss value}
   *
   * @param value the loss at the parameters
   */
  public Extras withValue(double value) {
    return with(VALUE, value);
  }

  /**
   * {@return these arguments and a gradient function}
   *
   * @param function returns the gradients of the loss at any parameters
   */
  public Extras withGradientFunction(GradientFunction function) {
    return with(GRADIENT_FUNCTION, function);
  }

  /**
   * {@return these arguments and the loss as a function, for line searches}
   *
   * @param function returns the loss and its gradients at any parameters
   */
  public Extras withLossFunction(LossFunction function) {
    return with(LOSS_FUNCTION, function);
  }

  /**
   * {@return these arguments and a product with the Hessian}
   *
   * @param function returns the product of the loss's Hessian with any vector
   */
  public Extras withHessianProduct(HessianProduct function) {
    return with(HESSIAN_PRODUCT, function);
  }

  /**
   * Returns these arguments and a factor on the gradients: the step reads {@code factor *
   * gradients}, in the pass that reads the gradients anyway. So a sum over n replicas becomes their
   * mean, or scaled gradients are unscaled, without another pass over memory.
   *
   * <p>The results have the same bits as with {@code gradients.times(factor)} instead of the
   * gradients. The factor may change at each step. It does not apply to what a {@linkplain
   * #withGradientFunction gradient function} returns, and {@link Stepper#nonFinite} reads the
   * gradients without it.
   *
   * @param factor a finite number, such as 1.0 / n
   * @return the arguments
   * @throws IllegalArgumentException if the factor is not finite
   */
  public Extras withGradientScale(double factor) {
    Check.finite("factor", factor);
    return with(GRADIENT_SCALE, factor);
  }

  /**
   * {@return the loss value}
   *
   * @throws MissingExtraException if it was not given
   */
  public Scalar value() {
    return scalar(VALUE);
  }

  /**
   * {@return the gradient function; if it was not given, the gradients of the loss function}
   *
   * @throws MissingExtraException if neither was given
   */
  public GradientFunction gradientFunction() {
    if (!has(GRADIENT_FUNCTION) && has(LOSS_FUNCTION)) {
      LossFunction loss = lossFunction();
      return (params, i) -> loss.valueAndGradients(params, i).gradients();
    }
    return get(GRADIENT_FUNCTION, GradientFunction.class);
  }

  /**
   * {@return the loss as a function}
   *
   * @throws MissingExtraException if it was not given
   */
  public LossFunction lossFunction() {
    return get(LOSS_FUNCTION, LossFunction.class);
  }

  /**
   * Returns the gradients that the step was given, which a transformation late in a chain does not
   * get as its updates. Only a step with a {@linkplain #withLossFunction loss function} knows them.
   *
   * @return the gradients at the parameters before the step
   * @throws IllegalArgumentException if the step has no loss function
   */
  public Tree gradients() {
    if (!has(GRADIENTS)) {
      lossFunction(); // says what is missing
    }
    return tree(GRADIENTS);
  }

  /**
   * Returns the product with the Hessian; if it was not given, {@link HessianProduct#byDifferences}
   * of the gradient function.
   *
   * @return the product
   * @throws MissingExtraException if neither was given
   */
  public HessianProduct hessianProduct() {
    return !has(HESSIAN_PRODUCT) && (has(GRADIENT_FUNCTION) || has(LOSS_FUNCTION))
        ? HessianProduct.byDifferences(gradientFunction())
        : get(HESSIAN_PRODUCT, HessianProduct.class);
  }

  /**
   * Returns the gradients at some parameters, deferred: calls the {@link #gradientFunction} with
   * all of the model's parameters, also where the transformation sees some of them.
   *
   * @param params the parameters that the transformation sees, at another point
   * @param i counts the evaluations in this step, from 0
   * @return the gradients, in the form of {@code params}
   * @throws IllegalArgumentException if no function was given
   */
  public Tree gradientsAt(Tree params, int i) {
    return gradientsAt(params, i, UnaryOperator.identity());
  }

  /**
   * Returns what a function makes of the gradients at some parameters, deferred.
   *
   * @param params the parameters that the transformation sees, at another point
   * @param i counts the evaluations in this step, from 0
   * @param then takes and returns gradients of the whole model, such as their mean over replicas
   * @return the gradients, in the form of {@code params}
   * @throws IllegalArgumentException if no function was given
   */
  public Tree gradientsAt(Tree params, int i, UnaryOperator<Tree> then) {
    GradientFunction function = gradientFunction();
    return part.callback(
        List.of(params),
        trees -> new Tree[] {then.apply(function.gradients(trees[0], i))},
        params.structure().computed());
  }

  /**
   * Returns the product of the Hessian at some parameters with a vector, deferred, by {@link
   * #hessianProduct}. The vector is 0 for parameters that the transformation does not see.
   *
   * @param params the parameters that the transformation sees
   * @param vector the vector, in their form
   * @return the product, in their form
   * @throws IllegalArgumentException if no function was given
   */
  public Tree hessianProductAt(Tree params, Tree vector) {
    HessianProduct function = hessianProduct();
    return part.callback(
        List.of(params, vector),
        trees -> new Tree[] {function.product(trees[0], trees[1])},
        params.structure().computed());
  }

  /**
   * Returns these arguments for a transformation that sees some of the leaves: trees in the form of
   * the parameters lose the others, and functions get the others as they are before the step. A
   * combinator that masks leaves passes these on.
   *
   * @param mask accepts the paths of the leaves
   * @param params the parameters that the combinator sees
   * @return the arguments
   */
  public Extras select(Predicate<String> mask, Tree params) {
    return onTrees(
        part.selected(mask, params),
        tree -> tree.paths().equals(params.paths()) ? tree.select(mask) : tree);
  }

  /**
   * Returns these arguments for a transformation that sees all leaves as one vector.
   *
   * @param params the parameters that the combinator sees
   * @return the arguments
   */
  public Extras joined(Tree params) {
    return onTrees(
        part.joined(), tree -> tree.paths().equals(params.paths()) ? tree.joined() : tree);
  }

  /**
   * Returns these arguments for a transformation that sees the real and the imaginary part of a
   * complex leaf as two leaves.
   *
   * @param params the parameters that the combinator sees
   * @return the arguments
   */
  public Extras splitComplex(Tree params) {
    return onTrees(
        part.split(params.structure()),
        tree -> tree.paths().equals(params.paths()) ? tree.splitComplex() : tree);
  }

  private Extras onTrees(PartOfParams other, UnaryOperator<Tree> function) {
    if (this == NONE) {
      return this;
    }
    Map<String, Object> changed = new TreeMap<>(arguments);
    changed.replaceAll((name, value) -> value instanceof Tree tree ? function.apply(tree) : value);
    return new Extras(Collections.unmodifiableMap(changed), other);
  }

  PartOfParams part() {
    return part;
  }

  /**
   * {@return whether there is an argument with this name}
   *
   * @param name the argument's name
   */
  public boolean has(String name) {
    return arguments.containsKey(name);
  }

  /**
   * {@return the number with this name}
   *
   * @param name the argument's name
   * @throws MissingExtraException if it was not given
   * @throws IllegalArgumentException if it is not a number
   */
  public Scalar scalar(String name) {
    return get(name, Scalar.class);
  }

  /**
   * {@return the tree with this name}
   *
   * @param name the argument's name
   * @throws MissingExtraException if it was not given
   * @throws IllegalArgumentException if it is not a tree
   */
  public Tree tree(String name) {
    return get(name, Tree.class);
  }

  /**
   * {@return the argument with this name}
   *
   * @param <T> the argument's type
   * @param name the argument's name
   * @param type the class that the argument must have
   * @throws MissingExtraException if it was not given
   * @throws IllegalArgumentException if it has another type
   */
  public <T> T get(String name, Class<T> type) {
    @Nullable Object argument = arguments.get(name);
    if (argument == null) {
      throw new MissingExtraException(name, giver(name));
    }
    if (!type.isInstance(argument)) {
      throw new IllegalArgumentException(
          "extra argument \"%s\" must be a %s, but was %s"
              .formatted(name, type.getSimpleName(), argument));
    }
    return type.cast(argument);
  }

  /** Returns the call that gives the argument of this name, for messages. */
  private static String giver(String name) {
    return switch (name) {
      case VALUE -> "withValue(...)";
      case GRADIENT_FUNCTION -> "withGradientFunction(...)";
      case LOSS_FUNCTION -> "withLossFunction(...)";
      case HESSIAN_PRODUCT -> "withHessianProduct(...) or withGradientFunction(...)";
      case GRADIENT_SCALE -> "withGradientScale(...)";
      default -> "with(\"" + name + "\", ...)";
    };
  }

  Map<String, Object> arguments() {
    return arguments;
  }

  /** Returns the form of these arguments, computed once. */
  Signature signature() {
    Signature known = signature;
    if (known == null) {
      known = Signature.of(this);
      signature = known;
    }
    return known;
  }

  /** Returns the gradients times the factor among the arguments, deferred. */
  Tree scaled(Tree gradients) {
    return has(GRADIENT_SCALE) ? gradients.times(scalar(GRADIENT_SCALE)) : gradients;
  }

  /** Returns what a transformation is given: without the factor, with the gradients if it needs. */
  Extras inside(Tree gradients) {
    Extras rest = withoutGradientScale();
    return has(LOSS_FUNCTION) && !has(GRADIENTS) ? rest.with(GRADIENTS, gradients) : rest;
  }

  /** Returns these arguments without the factor on the gradients. */
  private Extras withoutGradientScale() {
    if (!has(GRADIENT_SCALE)) {
      return this;
    }
    Map<String, Object> rest = new TreeMap<>(arguments);
    rest.remove(GRADIENT_SCALE);
    return new Extras(Collections.unmodifiableMap(rest), part);
  }

  /** Returns whether a gradient function or a product with the Hessian is among the arguments. */
  boolean calls() {
    return calls;
  }

  /** Returns whether a loss value was given that is NaN or infinite. */
  boolean isLossNonFinite() {
    return arguments.get(VALUE) instanceof Scalar loss
        && loss.isEvaluated()
        && !Double.isFinite(loss.value());
  }

  static Extras of(Map<String, Object> arguments) {
    return arguments.isEmpty() ? NONE : new Extras(Collections.unmodifiableMap(arguments));
  }

  /** Thrown by a step whose optimizer asks for an extra argument that was not given. */
  public static final class MissingExtraException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String giver;

    private MissingExtraException(String name, String giver) {
      super(
          "extra argument \"%s\" must be given: step(gradients, Extras.NONE.%s)"
              .formatted(name, giver));
      this.name = name;
      this.giver = giver;
    }

    /** {@return the argument's name, such as "value"} */
    public String name() {
      return name;
    }

    /** {@return the call of {@link Extras} that gives it, such as "withValue(...)"} */
    public String giver() {
      return giver;
    }

    /**
     * {@return whether it is the loss as a function, rather than its gradients or anything else}
     */
    public boolean isLossFunction() {
      return name.equals(LOSS_FUNCTION);
    }

    /** {@return whether it is a function of the parameters that calls their gradients} */
    public boolean isGradientFunction() {
      return name.equals(GRADIENT_FUNCTION) || name.equals(HESSIAN_PRODUCT);
    }
  }
}
