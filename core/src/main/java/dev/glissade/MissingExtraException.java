package dev.glissade;

/** Thrown by a step whose optimizer asks for an extra argument that was not given. */
public final class MissingExtraException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final String giver;

  MissingExtraException(String name, String giver) {
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

  /** {@return whether it is the loss as a function, rather than its gradients or anything else} */
  public boolean isLossFunction() {
    return name.equals(Extras.LOSS_FUNCTION);
  }

  /** {@return whether it is a function of the parameters that calls their gradients} */
  public boolean isGradientFunction() {
    return name.equals(Extras.GRADIENT_FUNCTION) || name.equals(Extras.HESSIAN_PRODUCT);
  }
}
