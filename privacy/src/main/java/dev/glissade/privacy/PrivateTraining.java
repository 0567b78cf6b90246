package dev.glissade.privacy;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.combine.MultiSteps;
import dev.glissade.privacy.accounting.Adjacency;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.PrivacyLedger;
import dev.glissade.privacy.accounting.TightestAccountant;
import dev.glissade.records.Check;
import dev.glissade.records.Records;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Differentially private training in one object: it draws batches by Poisson sampling, clips and
 * adds up their gradients, adds secret noise, lets an optimizer take the step, and keeps account of
 * the steps whose noise was drawn. With a budget it stops before that is exceeded.
 *
 * <pre>
 * var training = PrivateTraining.of(Optimizers.sgd(1.0), params, 60_000, 256 / 60_000.0,
 *     new Clipping.Flat(0.5), 1.1).budget(3, 1e-5);
 * while (training.step((at, example) -&gt; gradientOf(at, example))) { }
 * System.out.println(training.guarantee(1e-5));
 * </pre>
 *
 * <p>Whoever computes gradients in other ways takes {@link #draw}, {@link #add} for each example
 * drawn, and {@link #finish}, in place of {@link #step}.
 *
 * <p>A step in which a gradient function throws changes nothing and counts for nothing: its noise
 * is not drawn yet. Not for use by two threads at once.
 */
public final class PrivateTraining {
  private final Sampler sampler;
  private final PrivateAggregator aggregator;
  private final Stepper<?> stepper;
  private final BudgetTracker tracker;
  private long steps;
  private long counted;
  private int @Nullable [] drawn;

  /**
   * What a checkpoint keeps, besides the parameters.
   *
   * @param optimizer the optimizer's state
   * @param steps of this training
   * @param counted what of it an accountant counts: steps, or epochs of shuffled batches
   * @param l2NormClip the clip of the next batch
   * @param spent everything that the ledger had, of this training and of others; see {@link
   *     PrivacyLedger#text}
   */
  public record State(
      Object optimizer, long steps, long counted, double l2NormClip, String spent) {}

  private PrivateTraining(
      GradientTransformation<?> optimizer,
      Tree params,
      Sampler sampler,
      Clipping clipping,
      double noiseMultiplier) {
    requireMeanGradients(optimizer);
    if (!(noiseMultiplier > 0)) {
      throw new IllegalArgumentException(
          "noiseMultiplier must be positive, since there is no epsilon without noise, but was "
              + noiseMultiplier);
    }
    this.stepper = Stepper.of(optimizer, params);
    this.sampler = sampler;
    this.tracker = new BudgetTracker(sampler.unit(noiseMultiplier));
    this.aggregator =
        new PrivateAggregator(
            params, clipping, noiseMultiplier, sampler.expectedBatch(), new SecureNoise());
  }

  private static void requireMeanGradients(GradientTransformation<?> optimizer) {
    if (optimizer.perExample()) {
      throw new IllegalArgumentException(
          "optimizer must take mean gradients: clipping and noise are done before it");
    }
    if (!Records.parts(optimizer, MultiSteps.class).isEmpty()) {
      throw new IllegalArgumentException(
          "multiSteps must not gather gradients after the noise: take a larger samplingRate, one"
              + " noise is drawn for a batch of any size");
    }
  }

  /**
   * Training of a copy of the parameters on batches by Poisson sampling.
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
    if (!(samplingRate > 0) || examples < 1) {
      throw new IllegalArgumentException(
          "samplingRate and examples must be positive, but was %s of %d"
              .formatted(samplingRate, examples));
    }
    Sampler sampler = new PoissonSampler(examples, samplingRate);
    return new PrivateTraining(optimizer, params, sampler, clipping, noiseMultiplier);
  }

  /**
   * Training of a copy of the parameters on batches of one size from shuffled examples. Poisson
   * sampling reveals much less for the same noise: see {@link #guaranteeWithoutAmplification}.
   */
  public static PrivateTraining shuffled(
      GradientTransformation<?> optimizer,
      Tree params,
      int examples,
      int batch,
      Clipping clipping,
      double noiseMultiplier) {
    Sampler sampler = new ShuffledSampler(examples, batch);
    return new PrivateTraining(optimizer, params, sampler, clipping, noiseMultiplier);
  }

  /**
   * Lets {@link #step} stop before more than this is spent, by {@link TightestAccountant}; what the
   * ledger has counts. On shuffled batches it is the budget without amplification.
   *
   * @return this
   */
  public PrivateTraining budget(double epsilon, double delta) {
    return budget(PrivacyBudget.of(epsilon, delta));
  }

  /**
   * Lets {@link #step} stop before more than this budget is spent; what the ledger has counts. A
   * budget that has looked at the planned number of steps answers at once for all of them.
   *
   * @return this
   */
  public PrivateTraining budget(PrivacyBudget budget) {
    tracker.budget(budget);
    return this;
  }

  /**
   * Counts what is spent in this ledger, besides what it already has. Each step is on disk before
   * its noise is drawn. Trainings in any number of threads may share one: what one spends the
   * others have less.
   *
   * @return this
   */
  public PrivateTraining ledger(PrivacyLedger ledger) {
    if (steps > 0) {
      throw new IllegalStateException("a ledger must be there before the first step");
    }
    tracker.ledger(ledger);
    return this;
  }

  /**
   * Shows the norms of each batch's gradients before they are clipped. <b>What is shown is not
   * private.</b>
   *
   * @return this
   */
  public PrivateTraining reportNorms(Consumer<NormReport> listener) {
    aggregator.reportNorms(listener);
    return this;
  }

  /** What the budget still allows: steps, or whole epochs of shuffled batches. */
  public long stepsLeft() {
    return tracker.left();
  }

  /**
   * Takes a step. Returns false, and changes nothing, if that would exceed the budget, also where
   * another training spends the rest of it while this one computes gradients.
   */
  public boolean step(ExampleGradient gradients) {
    int[] batch = sampled();
    if (batch == null) {
      return false;
    }
    for (int example : batch) {
      add(gradients.at(stepper.params(), example));
    }
    return finished();
  }

  /** The next batch; null if the budget does not allow it. */
  private int @Nullable [] sampled() {
    drawn = null;
    aggregator.discard();
    int[] batch = sampler.next();
    if (sampler.beginsUnit() && !tracker.allowsOne()) {
      return null;
    }
    drawn = batch;
    return batch;
  }

  /**
   * Draws a batch; what was added to one before that is not finished is forgotten.
   *
   * @return the examples' numbers; may be none, which is a step, too
   * @throws IllegalStateException if the budget allows no more steps
   */
  public int[] draw() {
    int[] batch = sampled();
    if (batch == null) {
      throw new IllegalStateException("the budget allows no more than these steps: " + steps);
    }
    return batch.clone();
  }

  /**
   * Adds the gradient of one of the examples drawn.
   *
   * @throws IllegalStateException if those of the whole batch were added already
   * @throws IllegalArgumentException if it is not of the parameters' form
   */
  public void add(Tree gradient) {
    int[] batch = requireDrawn();
    if (aggregator.examples() >= batch.length) {
      throw new IllegalStateException(
          "a batch of %d examples was sampled, it must not get more gradients"
              .formatted(batch.length));
    }
    aggregator.add(gradient);
  }

  /**
   * Draws the noise and lets the optimizer take the step.
   *
   * @throws IllegalStateException if gradients are missing, or if another training has spent the
   *     rest of the budget since the batch was drawn; then no noise is drawn
   */
  public void finish() {
    if (!finished()) {
      throw new IllegalStateException(
          "the rest of the budget was spent by another training, the step was not taken");
    }
  }

  private boolean finished() {
    int[] batch = requireDrawn();
    if (aggregator.examples() < batch.length) {
      throw new IllegalStateException(
          "a batch of %d examples was sampled but %d gradients were added"
              .formatted(batch.length, aggregator.examples()));
    }
    if (sampler.beginsUnit()) {
      if (!tracker.spend()) {
        drawn = null;
        aggregator.discard();
        return false;
      }
      counted++;
    }
    sampler.used();
    // From here on the noise is drawn, so that the step counts even if the optimizer fails.
    drawn = null;
    steps++;
    stepper.step(aggregator.result());
    return true;
  }

  private int[] requireDrawn() {
    if (drawn == null) {
      throw new IllegalStateException("a batch must be drawn first");
    }
    return drawn;
  }

  /** The parameters; the numbers change with each step. */
  public Tree params() {
    return stepper.params();
  }

  /** How many steps this training has taken; the ledger may have more. */
  public long steps() {
    return steps;
  }

  /** How many steps, or epochs of shuffled batches, of this kind the ledger has in all. */
  public long spent() {
    return tracker.known();
  }

  /** The clip of the next batch. */
  public double l2NormClip() {
    return aggregator.l2NormClip();
  }

  /** A copy of what a checkpoint keeps, besides the parameters. */
  public State state() {
    return new State(stepper.state(), steps, counted, aggregator.l2NormClip(), tracker.text());
  }

  /**
   * Goes on from a checkpoint, whose parameters this training was made with. Steps that the ledger
   * has beyond the checkpoint's stay spent, and a warning says so.
   *
   * @return this
   * @throws IllegalArgumentException if the ledger lacks steps that it had at the checkpoint: then
   *     it is another run's, or an old copy; {@link #restoreLedger} is the way on if it is lost
   */
  public PrivateTraining resume(State state) {
    if (steps > 0) {
      throw new IllegalStateException("a training must be resumed before its first step");
    }
    Check.that(state.steps() >= 0, "steps must not be negative", state.steps());
    tracker.requireKnown(state);
    aggregator.l2NormClip(Check.positive("l2NormClip", state.l2NormClip()));
    goOn(stepper, state.optimizer());
    steps = state.steps();
    counted = state.counted();
    return this;
  }

  /**
   * Counts in a ledger that was lost, and is a new one or an old copy now, what it had at a
   * checkpoint, and the steps that may have been taken after that. What other trainings spent after
   * the checkpoint is not known here: add it to the ledger, if there are any.
   *
   * @param state the newest checkpoint's
   * @param since how many steps, or epochs of shuffled batches, this training may have taken after
   *     the checkpoint; a number above the true one gives a larger epsilon, one below it a false
   *     one
   * @return this, to be resumed
   */
  public PrivateTraining restoreLedger(State state, long since) {
    Check.that(since >= 0, "since must not be negative", since);
    tracker.restore(state, since);
    return this;
  }

  @SuppressWarnings("unchecked") // a state of another optimizer fails when the step is written
  private static <S> void goOn(Stepper<S> stepper, Object state) {
    stepper.updateState(old -> {
      if (old != null && old.getClass() != state.getClass()) {
        throw new IllegalArgumentException(
            "the optimizer's state must be %s, but was %s"
                .formatted(old.getClass().getSimpleName(), state.getClass().getSimpleName()));
      }
      return (S) state;
    });
  }

  /**
   * What may be stated of all that the ledger has, by {@link TightestAccountant}, as the budget is
   * kept; takes some tenths of a second.
   *
   * @throws IllegalStateException on shuffled batches
   */
  public Guarantee guarantee(double delta) {
    return tracker.stated(new TightestAccountant(), delta, true);
  }

  /**
   * What may be stated whatever the batches: each epoch on shuffled batches counts as one sum
   * without sampling, and neighbours are those of {@link Adjacency#ZERO_OUT_ONE}.
   */
  public Guarantee guaranteeWithoutAmplification(double delta) {
    return tracker.stated(new TightestAccountant(), delta, false);
  }
}
