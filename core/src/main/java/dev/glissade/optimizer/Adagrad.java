package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByRss;
import dev.glissade.withers.Withers;

/**
 * Adagrad (Duchi et al. 2011): {@link ScaleByRss} times -learningRate.
 *
 * @param learningRate multiplies the scaled gradients
 * @param initialAccumulatorValue what the sum of squares starts at
 * @param eps added under the root
 */
@Withers
public record Adagrad(Schedule learningRate, double initialAccumulatorValue, double eps)
    implements Composite<ChainState>, AdagradWithers {

  public Adagrad {
    new ScaleByRss(initialAccumulatorValue, eps);
  }

  /** Returns Adagrad with the defaults of {@link ScaleByRss#defaults}. */
  public static Adagrad of(Schedule learningRate) {
    ScaleByRss rss = ScaleByRss.defaults();
    return new Adagrad(learningRate, rss.initialAccumulatorValue(), rss.eps());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByRss(initialAccumulatorValue, eps), ScaleByLearningRate.of(learningRate));
  }
}
