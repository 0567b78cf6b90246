package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Identity;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.Trace;
import dev.glissade.tree.Check;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent: {@code u = -learningRate g}, or of the momentum's trace in place of
 * g (Sutskever et al. 2013).
 *
 * @param momentum the trace's decay; null for none
 * @param nesterov whether the momentum looks ahead
 */
public record Sgd(Schedule learningRate, @Nullable Double momentum, boolean nesterov)
    implements Composite<ChainState> {

  public Sgd {
    if (momentum != null) {
      Check.notNegative("momentum", momentum);
    }
  }

  /** Without momentum. */
  public static Sgd of(Schedule learningRate) {
    return new Sgd(learningRate, null, false);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        momentum == null ? new Identity() : new Trace(momentum, nesterov),
        ScaleByLearningRate.of(learningRate));
  }

  /** This with momentum; null for none. */
  public Sgd momentum(@Nullable Double momentum) {
    return new Sgd(learningRate, momentum, nesterov);
  }

  /** This with Nesterov momentum, or without. */
  public Sgd nesterov(boolean nesterov) {
    return new Sgd(learningRate, momentum, nesterov);
  }
}
