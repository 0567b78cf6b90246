package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.records.Records;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How sharpness-aware minimization (SAM) uses minibatches: it ascends and descends on the same one,
 * as in the paper. A run with SAM has as many minibatches as with any other optimizer and computes
 * sync_period gradients on each.
 *
 * @param gradientsPerStep the number of optimizer steps for each minibatch
 * @param needsFunction whether SAM runs in opaque mode and needs a gradient function
 */
record SamMode(int gradientsPerStep, boolean needsFunction) {

  /** Returns the mode of an optimizer that may have a sam anywhere inside. */
  static SamMode of(GradientTransformation<?> optimizer) {
    Map<String, @Nullable Object> arguments = Records.leaves(optimizer);
    int gradients = 1;
    boolean function = false;
    for (Map.Entry<String, @Nullable Object> argument : arguments.entrySet()) {
      if (argument.getKey().matches("(.*/)?syncPeriod")
          && argument.getValue() instanceof Integer period) {
        String sibling = argument.getKey().replaceFirst("syncPeriod$", "opaqueMode");
        boolean opaque = Boolean.TRUE.equals(arguments.get(sibling));
        function |= opaque;
        gradients = Math.max(gradients, opaque ? 1 : period);
      }
    }
    return new SamMode(gradients, function);
  }
}
