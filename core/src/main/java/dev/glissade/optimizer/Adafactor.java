package dev.glissade.optimizer;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Identity;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ClipByBlockRms;
import dev.glissade.transform.Ema;
import dev.glissade.transform.Moments;
import dev.glissade.transform.Scale;
import dev.glissade.transform.ScaleByFactoredRms;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByParamBlockRms;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Adafactor: Adam in little memory, with steps relative to the size of the parameters (Shazeer and
 * Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018, arXiv 1804.04235):
 *
 * <pre>{@code
 * a = factored(g) / max(1, rms(factored(g)) / clippingThreshold)
 * b = learningRate max(rms(x), 1e-3) a
 * m <- momentum m + (1 - momentum) b             m = b without momentum
 * u = -(m + weightDecayRate x)
 * }</pre>
 *
 * <p>where factored(g) is the result of {@link ScaleByFactoredRms} and rms that of one leaf. The
 * second moment of a matrix is kept as means of its rows and columns. As in Optax, the decay is not
 * multiplied by the learning rate.
 *
 * <p>Differs from Optax as {@link ScaleByFactoredRms} and {@link ClipByBlockRms} do. State: a chain
 * of the states of its links.
 *
 * @param learningRate the relative size of a step; null for 1; read at count 0 at the first step
 * @param minDimSizeToFactor the least length of the second longest axis of a factored leaf
 * @param decayRate how fast the decay of the second moment approaches 1, positive
 * @param decayOffset the steps that do not count for the decay: those before a fine-tuning
 * @param multiplyByParameterScale whether steps are relative to the size of the parameters
 * @param clippingThreshold the largest root mean square of a leaf's scaled gradient; null for no
 *     limit
 * @param momentum decay of the momentum, in [0, 1); null for no momentum
 * @param dtypeMomentum the type in which the momentum is stored; null for that of its arithmetic
 * @param weightDecayRate weight decay, not multiplied by the learning rate; null for none
 * @param eps added to squared gradients, not negative
 * @param factored whether to factor second moments at all
 * @param weightDecayMask accepts the paths of the leaves that decay; null for all leaves
 */
@Withers
public record Adafactor(
    @Nullable Schedule learningRate,
    int minDimSizeToFactor,
    double decayRate,
    int decayOffset,
    boolean multiplyByParameterScale,
    @Nullable Double clippingThreshold,
    @Nullable Double momentum,
    @Nullable DType dtypeMomentum,
    @Nullable Double weightDecayRate,
    double eps,
    boolean factored,
    @Nullable Predicate<String> weightDecayMask)
    implements Composite<ChainState>, AdafactorWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule, or null
   * @param minDimSizeToFactor at least 1
   * @param decayRate positive and finite
   * @param decayOffset any number
   * @param multiplyByParameterScale true or false
   * @param clippingThreshold positive and finite, or null
   * @param momentum in [0, 1), or null
   * @param dtypeMomentum a real type, or null
   * @param weightDecayRate finite, or null
   * @param eps finite and not negative
   * @param factored true or false
   * @param weightDecayMask any predicate, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Adafactor {
    new ScaleByFactoredRms(factored, decayRate, decayOffset, minDimSizeToFactor, eps);
    if (clippingThreshold != null) {
      Check.positive("clippingThreshold", clippingThreshold);
    }
    if (momentum != null) {
      Check.decay("momentum", momentum);
    }
    if (weightDecayRate != null) {
      Check.finite("weightDecayRate", weightDecayRate);
    }
    Moments.checkStorage("dtypeMomentum", dtypeMomentum);
  }

  /**
   * Returns Adafactor with minDimSizeToFactor = 128, decayRate = 0.8, decayOffset = 0, eps = 1e-30,
   * a clipping threshold of 1, steps relative to the parameters, no momentum and no weight decay.
   *
   * @return the optimizer, with a learning rate of 1: set {@code learningRate}
   */
  public static Adafactor defaults() {
    ScaleByFactoredRms core = ScaleByFactoredRms.defaults();
    return new Adafactor(
        null,
        core.minDimSizeToFactor(),
        core.decayRate(),
        core.stepOffset(),
        true,
        1.0,
        null,
        null,
        null,
        core.epsilon(),
        core.factored(),
        null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    List<GradientTransformation<?>> links = new ArrayList<>();
    links.add(new ScaleByFactoredRms(factored, decayRate, decayOffset, minDimSizeToFactor, eps));
    links.add(clippingThreshold == null ? new Identity() : new ClipByBlockRms(clippingThreshold));
    links.add(
        learningRate == null
            ? new Identity()
            : ScaleByLearningRate.of(learningRate).flipSign(false));
    links.add(multiplyByParameterScale ? ScaleByParamBlockRms.defaults() : new Identity());
    links.add(
        momentum == null
            ? new Identity()
            : Ema.of(momentum).debias(false).accumulatorDtype(dtypeMomentum));
    links.add(
        weightDecayRate == null
            ? new Identity()
            : AddDecayedWeights.of(new ConstantSchedule(weightDecayRate)).mask(weightDecayMask));
    links.add(new Scale(-1));
    return Chain.of(links.toArray(GradientTransformation<?>[]::new));
  }
}
