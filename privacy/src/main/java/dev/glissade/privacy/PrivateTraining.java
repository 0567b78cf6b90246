package dev.glissade.privacy;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.security.SecureRandom;

/**
 * Differentially private training in one object: it draws batches by Poisson sampling, clips and
 * adds up their gradients, adds secret noise, lets an optimizer take the step, and keeps account of
 * the steps that were really taken. With a budget it stops before that is exceeded.
 *
 * <pre>
 * var training = PrivateTraining.of(Optimizers.sgd(1.0), params, 60_000, 256 / 60_000.0,
 *     new Clipping.Flat(0.5), 1.1).budget(3, 1e-5);
 * while (training.step((at, example) -&gt; gradientOf(at, example))) { }
 * System.out.println(training.guarantee(1e-5));
 * </pre>
 *
 * <p>A step in which a gradient function throws changes nothing and counts for nothing: its noise
 * is not drawn yet. Not for use by two threads at once.
 */
public final class PrivateTraining {
  private final PoissonSampler sampler;
  private final PrivateAggregator aggregator;
  private final Stepper<?> stepper;
  private final double noiseMultiplier;
  private long steps;
  private long mostSteps = Long.MAX_VALUE;

  private PrivateTraining(
      Stepper<?> stepper,
      PoissonSampler sampler,
      PrivateAggregator aggregator,
      double noiseMultiplier) {
    this.stepper = stepper;
    this.sampler = sampler;
    this.aggregator = aggregator;
    this.noiseMultiplier = noiseMultiplier;
  }

  /**
   * Training of a copy of the parameters.
   *
   * @param optimizer of mean gradients; it may do with them whatever it likes
   * @param examples how many there are, a number that is taken as public
   * @param samplingRate the probability of an example to be in a batch
   * @param noiseMultiplier the noise's standard deviation over the clipping's sensitivity, positive
   */
  public static PrivateTraining of(
      GradientTransformation<?> optimizer,
      Tree params,
      int examples,
      double samplingRate,
      Clipping clipping,
      double noiseMultiplier) {
    if (optimizer.perExample()) {
      throw new IllegalArgumentException(
          "optimizer must take mean gradients: clipping and noise are done before it");
    }
    if (!(noiseMultiplier > 0)) {
      throw new IllegalArgumentException(
          "noiseMultiplier must be positive, without noise there is no epsilon: "
              + noiseMultiplier);
    }
    if (!(samplingRate > 0) || examples < 1) {
      throw new IllegalArgumentException(
          "samplingRate and examples must be positive: %s of %d".formatted(samplingRate, examples));
    }
    return new PrivateTraining(
        Stepper.of(optimizer, params),
        new PoissonSampler(examples, samplingRate, new SecureRandom()),
        new PrivateAggregator(
            params, clipping, noiseMultiplier, samplingRate * examples, new SecureNoise()),
        noiseMultiplier);
  }

  /**
   * Lets {@link #step} stop before more than this is spent, by Renyi orders.
   *
   * @return this
   */
  public PrivateTraining budget(double epsilon, double delta) {
    mostSteps = Calibration.of(epsilon, delta).stepsFor(sampler.samplingRate(), noiseMultiplier);
    return this;
  }

  /** How many more steps the budget allows. */
  public long stepsLeft() {
    return Math.max(0, mostSteps - steps);
  }

  /** Takes a step; false, and nothing is done, if that would exceed the budget. */
  public boolean step(ExampleGradient gradients) {
    if (steps >= mostSteps) {
      return false;
    }
    aggregator.discard();
    for (int example : sampler.next()) {
      aggregator.add(gradients.at(stepper.params(), example));
    }
    // From here on the noise is drawn, so that the step counts even if the optimizer fails.
    Tree mean = aggregator.result();
    steps++;
    stepper.step(mean);
    return true;
  }

  /** The parameters; the numbers change with each step. */
  public Tree params() {
    return stepper.params();
  }

  /** How many steps were taken. */
  public long steps() {
    return steps;
  }

  private SampledGaussian spent() {
    return new SampledGaussian(sampler.samplingRate(), noiseMultiplier, steps);
  }

  /** What may be stated of the steps taken so far, by Renyi orders. */
  public Guarantee guarantee(double delta) {
    RenyiAccountant accountant = new RenyiAccountant();
    accountant.add(spent());
    return accountant.epsilon(delta);
  }

  /** The same by the distribution of the loss: smaller, and takes some seconds to compute. */
  public Guarantee tightestGuarantee(double delta) {
    LossDistributionAccountant accountant = new LossDistributionAccountant();
    accountant.add(spent());
    return accountant.epsilon(delta);
  }
}
