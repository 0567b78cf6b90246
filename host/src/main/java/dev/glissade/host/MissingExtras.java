package dev.glissade.host;

import dev.glissade.Extras.MissingExtraException;

/**
 * What the user of an adapter can do if the optimizer asks for an extra argument that a step lacks.
 *
 * @param value what to do about the loss's value
 * @param gradients why gradients at other parameters are not available, or what to do
 * @param losses why losses at other parameters are not available, or what to do
 * @param others what to do about any other argument, with {@code %s} for the call that gives it to
 *     {@link dev.glissade.Extras}
 */
public record MissingExtras(String value, String gradients, String losses, String others) {

  /**
   * Returns this with another reason for both kinds of functions.
   *
   * @param why why gradients and losses at other parameters are not available, or what to do
   * @return the new one
   */
  public MissingExtras functions(String why) {
    return new MissingExtras(value, why, why, others);
  }

  /** Returns the error to throw in place of the core's, which names a call of the core. */
  RuntimeException error(MissingExtraException missing) {
    if (missing.isLossFunction()) {
      return new IllegalStateException(
          "the optimizer asks for losses at other parameters: " + losses, missing);
    }
    if (missing.isGradientFunction()) {
      return new IllegalStateException(
          "the optimizer asks for gradients at other parameters: " + gradients, missing);
    }
    String remedy = missing.name().equals("value") ? value : others.replace("%s", missing.giver());
    return new IllegalArgumentException(
        "extra argument \"%s\" must be given: %s".formatted(missing.name(), remedy), missing);
  }
}
