package dev.glissade.combine;

import dev.glissade.GradientTransformation;
import dev.glissade.combine.Masked.MaskedState;
import dev.glissade.withers.Withers;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Updates of 0 on the leaves whose path the mask accepts; the others' pass as they are. It stands
 * last in a chain: what comes after it may move a frozen leaf again, as weight decay does.
 *
 * <p>A pattern of a {@link PathMask} must match the whole path, so "encoder/*" freezes what is in
 * the encoder and "encoder" does not. To unfreeze, go on with {@code freeze()}, which freezes
 * nothing and has a state of the same form, in its place: {@code Stepper.resuming(other,
 * stepper.params(), stepper.state(), stepper.steps())}.
 *
 * @param mask the paths of the leaves that stay as they are
 */
@Withers
public record Freeze(Predicate<String> mask) implements Composite<MaskedState>, FreezeWithers {
  public Freeze {
    Objects.requireNonNull(mask, "mask");
  }

  @Override
  public GradientTransformation<MaskedState> composed() {
    return new Masked(new SetToZero(), mask);
  }
}
