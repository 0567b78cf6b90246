package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.records.Records;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the steps of sharpness-aware minimization (SAM) fit minibatches: its ascent and its descent
 * are on the same one, as in the paper. So a run has as many steps with it as with any other
 * optimizer, and takes sync_period gradients in each.
 *
 * @param gradientsPerStep steps of the optimizer for each minibatch
 * @param needsFunction whether it ascends by a gradient function within one step, its opaque mode
 */
record SamMode(int gradientsPerStep, boolean needsFunction) {

  /** Returns what an optimizer needs, wherever it has a sam in it. */
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
