package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Identity;
import dev.glissade.records.Check;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.Trace;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent: {@code u = -learningRate g}, or of the momentum's trace in place of
 * g (Sutskever et al. 2013).
 *
 * @param learningRate multiplies the gradients
 * @param momentum the trace's decay, not negative; null for no momentum
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record Sgd(Schedule learningRate, @Nullable Double momentum, boolean nesterov)
    implements Composite<ChainState>, SgdWithers {

  public Sgd {
    if (momentum != null) {
      Check.notNegative("momentum", momentum);
    }
  }

  /** Returns descent without momentum, and not Nesterov's if one is set. */
  public static Sgd of(Schedule learningRate) {
    return new Sgd(learningRate, null, false);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        momentum == null ? new Identity() : new Trace(momentum, nesterov),
        ScaleByLearningRate.of(learningRate));
  }
}
