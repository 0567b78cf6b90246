package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.contrib.HutchinsonEstimatorDiagHessian;
import dev.glissade.records.Records;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How sharpness-aware minimization (SAM, ASAM) uses minibatches: it ascends and descends on the
 * same one, as in the paper. A run with SAM has as many minibatches as with any other optimizer and
 * computes sync_period gradients on each. Estimates of the Hessian take gradients of the same
 * minibatch, too.
 *
 * @param gradientsPerStep the number of optimizer steps for each minibatch
 * @param needsFunction whether SAM runs in opaque mode, or the Hessian is estimated, so that a step
 *     needs a gradient function
 */
record SamMode(int gradientsPerStep, boolean needsFunction) {
  /** The mode of optimizers that take one gradient a step. */
  static final SamMode NONE = new SamMode(1, false);

  /** Returns the mode of an optimizer that may have a sam, or a sophia, anywhere inside. */
  static SamMode of(GradientTransformation<?> optimizer) {
    Map<String, @Nullable Object> arguments = Records.leaves(optimizer);
    int gradients = 1;
    boolean function = false;
    for (Map.Entry<String, @Nullable Object> argument : arguments.entrySet()) {
      if (argument.getKey().matches("(.*/)?opaqueMode")) {
        String sibling = argument.getKey().replaceFirst("opaqueMode$", "syncPeriod");
        boolean opaque = Boolean.TRUE.equals(argument.getValue());
        int period = arguments.get(sibling) instanceof Integer given ? given : 2;
        function |= opaque;
        gradients = Math.max(gradients, opaque ? 1 : period);
      }
    }
    boolean estimates = !Records.parts(optimizer, HutchinsonEstimatorDiagHessian.class).isEmpty();
    return new SamMode(gradients, function || estimates);
  }
}
