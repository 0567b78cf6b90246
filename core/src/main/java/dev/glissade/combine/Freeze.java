package dev.glissade.combine;

import dev.glissade.GradientTransformation;
import dev.glissade.combine.Masked.MaskedState;
import dev.glissade.withers.Withers;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Sets the updates of some leaves to 0, so that these leaves keep their values, bit for bit; other
 * updates pass unchanged.
 *
 * <p>Put it last in a chain: what comes after it may move a frozen leaf again, as weight decay
 * does. Transformations before it still see, and keep state for, frozen leaves; {@link
 * SelectiveTransform} spares both.
 *
 * <p>A pattern of a {@link PathMask} must match the whole path: "encoder/*" freezes everything in
 * the encoder, "encoder" does not. To unfreeze, replace it by {@code freeze()}, which freezes
 * nothing and has a state of the same form, and continue with {@code Stepper.resuming(other,
 * stepper.params(), stepper.state(), stepper.steps())}.
 *
 * @param mask accepts the paths of the leaves to freeze
 */
@Withers
public record Freeze(Predicate<String> mask) implements Composite<MaskedState>, FreezeWithers {
  /**
   * Checks that there is a mask.
   *
   * @param mask not null
   * @throws NullPointerException if the mask is null
   */
  public Freeze {
    Objects.requireNonNull(mask, "mask");
  }

  @Override
  public GradientTransformation<MaskedState> composed() {
    return new Masked(new SetToZero(), mask);
  }
}
