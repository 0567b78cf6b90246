package dev.glissade.privacy;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.tree.Check;

/**
 * Adds up clipped gradients one example at a time, in the memory of two trees whatever the batch,
 * and draws one noise for the whole of it. The sum is divided by the expected size of a batch, a
 * number that does not depend on the data, as the accountants' proofs want it.
 *
 * <p>Not for use by two threads at once.
 */
public final class PrivateAggregator {
  private final Clipping clipping;
  private final double noiseMultiplier;
  private final double expectedBatch;
  private final Noise noise;
  private final Tree sum;
  private final Tree nothing;
  private final Stepper<?> adding;
  private final Stepper<?> clearing;
  private long examples;

  /** u = the example's clipped gradient; the parameters that it is added to are the sum. */
  private record Adding(Clipping clipping) implements GradientTransformation<Adding.Nothing> {
    record Nothing() {}

    @Override
    public Nothing initial(Tree sum) {
      return new Nothing();
    }

    @Override
    public Step<Nothing> step(Tree gradient, Nothing state, Tree sum, Extras extras) {
      return Step.of(clipping.clipped(gradient), state);
    }
  }

  /** u = g - x, so that the sum becomes g. */
  private record Clearing() implements GradientTransformation<Adding.Nothing> {
    @Override
    public Adding.Nothing initial(Tree sum) {
      return new Adding.Nothing();
    }

    @Override
    public Step<Adding.Nothing> step(Tree zeros, Adding.Nothing state, Tree sum, Extras extras) {
      return Step.of(zeros.minus(sum), state);
    }
  }

  /**
   * An aggregator of gradients of this form.
   *
   * @param params for their form
   * @param noiseMultiplier the noise's standard deviation over the clipping's sensitivity; 0 for
   *     none
   * @param expectedBatch the sampling rate times the number of examples
   */
  public PrivateAggregator(
      Tree params, Clipping clipping, double noiseMultiplier, double expectedBatch, Noise noise) {
    this.clipping = clipping;
    this.noiseMultiplier = Check.notNegative("noiseMultiplier", noiseMultiplier);
    this.expectedBatch = Check.positive("expectedBatch", expectedBatch);
    this.noise = noise;
    this.sum = params.as(params.structure().computed()).zeros().evaluate();
    this.adding = Stepper.borrowing(new Adding(clipping), sum);
    this.clearing = Stepper.borrowing(new Clearing(), sum);
    this.nothing = sum.copy();
  }

  /**
   * Clips one example's gradient and adds it.
   *
   * @throws IllegalArgumentException if it is not of the parameters' form, as a batch's gradients
   *     are not
   */
  public void add(Tree gradient) {
    adding.step(gradient);
    examples++;
  }

  /** How many examples were added since the last result. */
  public long examples() {
    return examples;
  }

  /** (sum + noise) / expectedBatch, for an optimizer; then begins anew. */
  public Tree result() {
    double deviation = noiseMultiplier * clipping.sensitivity();
    Tree noised = deviation == 0 ? sum : noise.added(sum, deviation, clipping.sensitivity());
    Tree mean = noised.dividedBy(expectedBatch).evaluate();
    discard();
    return mean;
  }

  /** Forgets what was added since the last result. */
  public void discard() {
    clearing.step(nothing);
    examples = 0;
  }
}
