package dev.glissade.privacy;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.combine.MultiSteps;
import dev.glissade.privacy.accounting.Adjacency;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.PrivacyLedger;
import dev.glissade.privacy.accounting.SampledGaussian;
import dev.glissade.privacy.accounting.TightestAccountant;
import dev.glissade.records.Check;
import dev.glissade.records.Records;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Differentially private training in one object: it draws batches by Poisson sampling, clips and
 * adds up their gradients, adds secret noise, lets an optimizer take the step, and counts the steps
 * whose noise was drawn. With a budget, it stops before exceeding it.
 *
 * <pre>
 * var training = PrivateTraining.of(Optimizers.sgd(1.0), params, 60_000, 256 / 60_000.0,
 *     new Clipping.Flat(0.5), 1.1).budget(3, 1e-5);
 * while (training.step((at, example) -&gt; gradientOf(at, example))) { }
 * System.out.println(training.guarantee(1e-5));
 * </pre>
 *
 * <p>If you compute a batch's gradients in another way, call {@link #draw}, {@link #add(Tree)} for
 * each example drawn, and {@link #finish} in place of {@link #step}.
 *
 * <p>If a gradient function throws, the step changes nothing and does not count, because its noise
 * has not been drawn. Not thread-safe.
 */
public final class PrivateTraining {
  private final Sampler sampler;
  private final PrivateAggregator aggregator;
  private final Stepper<?> stepper;
  private final BudgetTracker tracker;
  private final WorkerSums workerSums = new WorkerSums();
  private long steps;
  private long counted;
  private boolean isBegun;

  /** The parts that a batch drawn elsewhere still lacks. */
  private final BitSet missing = new BitSet();

  /** The number of examples in the batch, if this training has drawn it. */
  private OptionalLong drawn = OptionalLong.empty();

  /**
   * What a checkpoint keeps besides the parameters.
   *
   * @param optimizer the optimizer's state
   * @param steps the steps that this training took
   * @param counted what an accountant counts of them: steps, or epochs of shuffled batches
   * @param l2NormClip the clip of the next batch
   * @param spent everything that the ledger had, from this training and others; see {@link
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
          "optimizer must take mean gradients, but takes per-example ones: PrivateTraining clips"
              + " and adds noise itself");
    }
    if (!Records.parts(optimizer, MultiSteps.class).isEmpty()) {
      throw new IllegalArgumentException(
          "multiSteps must not accumulate gradients after the noise: use a larger samplingRate,"
              + " which adds noise once for a batch of any size");
    }
  }

  /**
   * Returns private training on a copy of the parameters, with batches drawn by Poisson sampling.
   *
   * @param optimizer an optimizer of mean gradients; it may use them in any way, since they are
   *     private already
   * @param params the initial parameters
   * @param examples the number of examples, which is taken as public
   * @param samplingRate the probability that an example is in a batch
   * @param clipping how each example's gradient is clipped
   * @param noiseMultiplier the noise's standard deviation divided by the sensitivity, positive
   * @return the training, without a budget and with a ledger in memory
   * @throws IllegalArgumentException if a number is out of its range, the optimizer takes
   *     per-example gradients or accumulates them with multiSteps, or a parameter is complex
   */
  public static PrivateTraining of(
      GradientTransformation<?> optimizer,
      Tree params,
      int examples,
      double samplingRate,
      Clipping clipping,
      double noiseMultiplier) {
    requireExamples(samplingRate, examples);
    Sampler sampler = new PoissonSampler(examples, samplingRate);
    return new PrivateTraining(optimizer, params, sampler, clipping, noiseMultiplier);
  }

  /**
   * Returns private training on a copy of the parameters, with batches of fixed size from shuffled
   * examples. Poisson sampling reveals much less with the same noise: see {@link
   * #guaranteeWithoutAmplification}.
   *
   * @param optimizer an optimizer of mean gradients
   * @param params the initial parameters
   * @param examples the number of examples, which is taken as public
   * @param batch the number of examples in a batch, from 1 to {@code examples}
   * @param clipping how each example's gradient is clipped
   * @param noiseMultiplier the noise's standard deviation divided by the sensitivity, positive
   * @return the training, without a budget and with a ledger in memory
   * @throws IllegalArgumentException if a number is out of its range, the optimizer takes
   *     per-example gradients or accumulates them with multiSteps, or a parameter is complex
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
   * Returns private training on data that other processes hold and sample: each draws from its part
   * with {@link PoissonSampler#of} and adds up a {@link ClippedSum}. Call {@link #begin}, {@link
   * #add(int, ClippedSum)} for each part, and {@link #finish}.
   *
   * @param optimizer an optimizer of mean gradients
   * @param params the initial parameters
   * @param examples the number of examples in all parts, which is taken as public
   * @param samplingRate the probability that an example is in a batch
   * @param clipping how each example's gradient is clipped
   * @param noiseMultiplier the noise's standard deviation divided by the sensitivity, positive
   * @return the training, without a budget and with a ledger in memory
   * @throws IllegalArgumentException if a number is out of its range, the optimizer takes
   *     per-example gradients or accumulates them with multiSteps, or a parameter is complex
   */
  public static PrivateTraining sampledElsewhere(
      GradientTransformation<?> optimizer,
      Tree params,
      long examples,
      double samplingRate,
      Clipping clipping,
      double noiseMultiplier) {
    requireExamples(samplingRate, examples);
    double rate = new SampledGaussian(samplingRate, 1, 1).samplingRate();
    Sampler sampler = new RemoteSampler(rate, rate * examples);
    return new PrivateTraining(optimizer, params, sampler, clipping, noiseMultiplier);
  }

  private static void requireExamples(double samplingRate, long examples) {
    if (!(samplingRate > 0) || examples < 1) {
      throw new IllegalArgumentException(
          "samplingRate and examples must be positive, but were %s and %d"
              .formatted(samplingRate, examples));
    }
  }

  /**
   * Makes {@link #step} stop before it spends more than this, by {@link TightestAccountant}. All
   * steps in the ledger count. For shuffled batches, the budget is without amplification.
   *
   * @param epsilon the largest epsilon allowed, positive
   * @param delta the delta that the epsilon is stated for, between 0 and 1
   * @return this
   */
  public PrivateTraining budget(double epsilon, double delta) {
    return budget(PrivacyBudget.of(epsilon, delta));
  }

  /**
   * Makes {@link #step} stop before it spends more than this budget. All steps in the ledger count.
   *
   * <p>Now and then a step asks the accountant, which can take some seconds. A budget that found
   * the noise multiplier ({@link PrivacyBudget#noiseMultiplierFor}), or has already allowed the
   * planned number of steps, allows each of these steps at once, provided that the ledger has no
   * others.
   *
   * @param budget the budget for everything in the ledger
   * @return this
   */
  public PrivateTraining budget(PrivacyBudget budget) {
    tracker.budget(budget);
    return this;
  }

  /**
   * Records spent steps in this ledger, in addition to those it already has. A ledger in a file has
   * each step on disk before the step's noise is drawn. Any number of {@code PrivateTraining}s, in
   * any threads, may share one ledger, and then share the budget too.
   *
   * @param ledger the ledger to record in; by default one in memory
   * @return this
   */
  public PrivateTraining ledger(PrivacyLedger ledger) {
    if (steps > 0) {
      throw new IllegalStateException(
          "ledger must be set before the first step, but was set after step " + steps);
    }
    tracker.ledger(ledger);
    return this;
  }

  /**
   * Reports the norms of each batch's gradients before clipping. <b>These norms are not
   * private.</b>
   *
   * @param listener receives the report of each batch
   * @return this
   */
  public PrivateTraining reportNorms(Consumer<NormReport> listener) {
    aggregator.reportNorms(listener);
    return this;
  }

  /**
   * Returns what the budget still allows. The search takes seconds.
   *
   * @return the number of steps, or of whole epochs of shuffled batches; {@link Long#MAX_VALUE}
   *     without a budget
   */
  public long stepsLeft() {
    return tracker.left();
  }

  /**
   * Takes a step, unless that would exceed the budget.
   *
   * @param gradients computes the gradient of one example
   * @return false if the step would exceed the budget, even if only because another training spent
   *     the rest of it while this one computed gradients; then nothing has changed
   */
  public boolean step(ExampleGradient gradients) {
    int[] batch = sampled();
    if (batch == null) {
      return false;
    }
    for (int example : batch) {
      add(gradients.at(stepper.params(), example));
    }
    return tryFinish();
  }

  /**
   * Takes a step on several threads, unless that would exceed the budget. Each gradient function
   * computes the gradients of a part of the batch; how the batch is cut does not change the sum.
   * Each part needs memory for two more trees.
   *
   * @param workers compute the gradient of one example from the same parameters; no function runs
   *     on two threads at a time, but several functions do
   * @return false if the step would exceed the budget; then nothing has changed
   */
  public boolean step(List<? extends ExampleGradient> workers) {
    Check.that(!workers.isEmpty(), "workers must have at least one function", "none");
    int[] batch = sampled();
    if (batch == null) {
      return false;
    }
    workerSums.of(workers, stepper.params(), terms(), batch).forEach(this::add);
    return tryFinish();
  }

  /** Returns the next batch, or null if the budget does not allow it. */
  private int @Nullable [] sampled() {
    drop();
    int[] batch = sampler.next();
    if (sampler.beginsUnit() && !tracker.allowsOne()) {
      return null;
    }
    drawn = OptionalLong.of(batch.length);
    isBegun = true;
    return batch;
  }

  private void drop() {
    isBegun = false;
    drawn = OptionalLong.empty();
    missing.clear();
    aggregator.discard();
  }

  /**
   * Draws a batch and drops an unfinished one.
   *
   * @return the examples' numbers, from 0; an empty batch is a step too
   * @throws IllegalStateException if the budget allows no more steps
   */
  public int[] draw() {
    int[] batch = sampled();
    if (batch == null) {
      throw new IllegalStateException(
          "the budget must allow another step, but was spent after step " + steps);
    }
    return batch.clone();
  }

  /**
   * Begins a batch that other processes draw, and drops an unfinished one.
   *
   * @param count the number of parts, positive
   * @return false if the step would exceed the budget; then there is no batch
   * @throws IllegalStateException if this training draws its batches itself
   */
  public boolean begin(int count) {
    Check.atLeast("count", 1, count);
    if (!(sampler instanceof RemoteSampler)) {
      throw new IllegalStateException(
          "the batch must be drawn by draw or step: only sampledElsewhere has batches that others"
              + " draw");
    }
    drop();
    missing.set(0, count);
    isBegun = tracker.allowsOne();
    return isBegun;
  }

  /**
   * Adds the gradient of one of the examples drawn.
   *
   * @param gradient a tree with the parameters' paths, shapes and computed types
   * @throws IllegalStateException if no batch was drawn, or if all its gradients were already added
   * @throws IllegalArgumentException if the gradient does not match the parameters
   */
  public void add(Tree gradient) {
    requireRoomFor(1);
    aggregator.add(gradient);
  }

  /**
   * Adds the sum over some of the examples drawn, which another thread has computed.
   *
   * @param part a sum on the {@link #terms} of this batch, which keeps its value
   * @throws IllegalStateException if no batch was drawn, or if it has fewer examples
   * @throws IllegalArgumentException if the part's terms or structure are others
   */
  public void add(ClippedSum part) {
    requireRoomFor(part.examples());
    aggregator.add(part);
  }

  /**
   * Adds the sum of a part of a batch that other processes draw.
   *
   * @param number the part's number, from 0; each part counts once
   * @param part a sum on the {@link #terms} of this batch, which keeps its value
   * @throws IllegalStateException if no batch was begun, or if this part has been added
   * @throws IllegalArgumentException if the part's terms or structure are others
   */
  public void add(int number, ClippedSum part) {
    requireBegun();
    if (number < 0 || !missing.get(number)) {
      throw new IllegalStateException(
          "the part must be among those missing, %s, but was %d".formatted(missing, number));
    }
    aggregator.add(part);
    missing.clear(number);
  }

  private void requireRoomFor(int examples) {
    requireBegun();
    if (sampler instanceof RemoteSampler) {
      throw new IllegalStateException(
          "the gradients of a batch drawn elsewhere must come in parts: call add(number, part)");
    }
    requireGradients(aggregator.examples() + examples <= drawn.orElse(Long.MAX_VALUE), examples);
  }

  private void requireGradients(boolean holds, int more) {
    if (!holds) {
      throw new IllegalStateException(
          "the batch must have %d gradients, one for each example drawn, but had %d"
              .formatted(drawn.orElse(0), aggregator.examples() + more));
    }
  }

  /** {@return the terms of this batch, for sums of its parts} */
  public ClippedSum.Terms terms() {
    return aggregator.terms();
  }

  /**
   * Draws the noise and lets the optimizer take the step.
   *
   * @throws IllegalStateException if gradients are missing, or if another training has spent the
   *     rest of the budget since the batch was drawn; then no noise is drawn
   */
  public void finish() {
    if (!tryFinish()) {
      throw new IllegalStateException(
          "the budget must allow the step, but another training spent the rest: the step was not"
              + " taken");
    }
  }

  /**
   * Draws the noise and lets the optimizer take the step, unless another training has spent the
   * rest of the budget since the batch was drawn.
   *
   * @return false if the step would exceed the budget; then no noise is drawn and the batch is
   *     dropped
   * @throws IllegalStateException if gradients are missing
   */
  public boolean tryFinish() {
    requireBegun();
    requireGradients(aggregator.examples() >= drawn.orElse(0), 0);
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "the batch must have all parts, but had none of the numbers " + missing);
    }
    if (sampler.beginsUnit()) {
      if (!tracker.spend()) {
        drop();
        return false;
      }
      counted++;
    }
    sampler.used();
    // The noise is drawn now, so the step counts even if the optimizer fails.
    isBegun = false;
    steps++;
    stepper.step(aggregator.result());
    return true;
  }

  private void requireBegun() {
    if (!isBegun) {
      throw new IllegalStateException(
          sampler instanceof RemoteSampler
              ? "a batch must be begun first: call begin"
              : "a batch must be drawn first: call draw");
    }
  }

  /** {@return the parameters, on this training's own arrays, which each step changes} */
  public Tree params() {
    return stepper.params();
  }

  /**
   * {@return a copy of the parameters to evaluate and to save, which are not always {@link
   * #params}: see {@link GradientTransformation#evalParams}}
   */
  public Tree evalParams() {
    return stepper.evalParams();
  }

  /** {@return the number of steps that this training has taken; the ledger may have more} */
  public long steps() {
    return steps;
  }

  /**
   * Returns how many steps of this kind the ledger has, from this training and others.
   *
   * @return the number of steps, or of epochs of shuffled batches
   */
  public long spent() {
    return tracker.known();
  }

  /** {@return the clip of the next batch, which {@link Clipping.Adaptive} changes} */
  public double l2NormClip() {
    return aggregator.l2NormClip();
  }

  /** {@return a copy of what a checkpoint keeps besides the parameters} */
  public State state() {
    return new State(stepper.state(), steps, counted, aggregator.l2NormClip(), tracker.text());
  }

  /**
   * Continues from a checkpoint. Create this training with the checkpoint's parameters. Steps that
   * the ledger has beyond the checkpoint's stay spent, and a warning says so.
   *
   * @param state what {@link #state} returned for the checkpoint
   * @return this
   * @throws IllegalArgumentException if the ledger lacks steps that it had at the checkpoint, so
   *     that it belongs to another run or is an old copy; if the right one is lost, call {@link
   *     #restoreLedger} first
   */
  public PrivateTraining resume(State state) {
    if (steps > 0) {
      throw new IllegalStateException(
          "a training must be resumed before its first step, but was after step " + steps);
    }
    Check.that(state.steps() >= 0, "steps must not be negative", state.steps());
    tracker.requireKnown(state);
    aggregator.l2NormClip(Check.positive("l2NormClip", state.l2NormClip()));
    setOptimizerState(stepper, state.optimizer());
    steps = state.steps();
    counted = state.counted();
    return this;
  }

  /**
   * Restores a lost ledger. Adds to the ledger, which is new or an old copy, what it lacks of the
   * totals in a checkpoint, and the steps that may have followed the checkpoint. The checkpoint
   * does not know what other trainings spent later: add that to the ledger yourself.
   *
   * @param state the newest checkpoint's state
   * @param since how many steps, or epochs of shuffled batches, this training may have taken after
   *     the checkpoint; too large a number gives a larger epsilon, too small a number a false one
   * @return this; call {@link #resume} next
   */
  public PrivateTraining restoreLedger(State state, long since) {
    Check.that(since >= 0, "since must not be negative", since);
    tracker.restore(state, since);
    return this;
  }

  @SuppressWarnings("unchecked") // the class is checked; a wrong part of it fails at the next step
  private static <S> void setOptimizerState(Stepper<S> stepper, Object state) {
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
   * Returns the epsilon of everything in the ledger, by {@link TightestAccountant}. Takes some
   * tenths of a second.
   *
   * @param delta the delta to state the epsilon for, between 0 and 1
   * @return the guarantee
   * @throws IllegalStateException if the ledger has shuffled batches
   */
  public Guarantee guarantee(double delta) {
    return tracker.stated(new TightestAccountant(), delta, true);
  }

  /**
   * Returns the epsilon of everything in the ledger, whatever the batches: each epoch of shuffled
   * batches counts as one sum without sampling, for the neighbors of {@link
   * Adjacency#ZERO_OUT_ONE}.
   *
   * @param delta the delta to state the epsilon for, between 0 and 1
   * @return the guarantee, which names its adjacency
   */
  public Guarantee guaranteeWithoutAmplification(double delta) {
    return tracker.stated(new TightestAccountant(), delta, false);
  }
}
