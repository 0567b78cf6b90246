package dev.glissade.arena.train;

import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFiniteException;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.report.Run;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run of an optimizer. Model and stepper share the parameters' arrays. The seed determines the
 * initial parameters and the order of the examples, so equal runs give equal results.
 *
 * @param <S> the optimizer's state
 */
final class Training<S> {
  private static final String RUN = "run";

  private final OptimizerSpec spec;
  private final Split split;
  private final Plan plan;
  private final CheckpointPolicy checkpoints;
  private final Network network;
  private final Tree params;
  private final GradientTransformation<S> optimizer;
  private final Minibatch minibatch;
  private final PrivacyMechanism privacy;
  private final Selection selection;
  private final CurveRecorder recorder;
  private final int gradientsPerStep;
  private final double before;
  private final Stepper<S> stepper;
  private final Extras extras;

  /** Whether a line search leaves the loss and the gradients for the next step. */
  private final boolean searchesAgain;

  private final Plateau plateau = new Plateau();
  private final BestEpoch best;
  private double[] scores;
  private int step;
  private int resumedAt;
  private boolean endedBroken;
  private long skippedBefore;

  /** The time of training in this process. */
  private long nanos;

  private Training(
      OptimizerSpec spec,
      GradientTransformation<S> optimizer,
      Split split,
      Plan plan,
      long seed,
      CheckpointPolicy checkpoints) {
    this.spec = spec;
    this.optimizer = optimizer;
    this.split = split;
    this.plan = plan;
    this.checkpoints = checkpoints;
    plan.check(split.train(), optimizer.perExample());
    this.network = Network.of(plan, split.train());
    this.params = network.model().initialParams(seed);
    this.before = network.evaluate(params, split.train()).loss();
    this.privacy =
        PrivacyMechanism.of(optimizer, split.train().size(), plan.batch(split.train()), seed);
    this.minibatch = new Minibatch(network, split.train(), optimizer.perExample());
    this.selection =
        new Selection(plan, split.train(), minibatch, privacy, new SplittableRandom(seed).split());
    this.recorder = new CurveRecorder(plan.steps(split.train()));
    this.scores = new double[plan.epochs()];
    this.best = new BestEpoch(params);
    SamMode samMode = SamMode.of(optimizer);
    this.gradientsPerStep = samMode.gradientsPerStep();
    checkpoints.runMetadata(split.train(), plan, seed);
    this.stepper = stepper(checkpoints.checkpointToResume()).nonFinite(plan.nonFinite().policy());
    boolean searches = LineSearches.needLoss(stepper.liveState());
    this.searchesAgain =
        searches && selection.isFull() && samMode.equals(SamMode.NONE) && !optimizer.perExample();
    this.extras = extras(searches, samMode.needsFunction());
  }

  /** Returns the functions that the optimizer needs, of the current minibatch. */
  private Extras extras(boolean searches, boolean needsGradients) {
    Extras loss = searches ? Extras.NONE.withLossFunction(minibatch) : Extras.NONE;
    return needsGradients ? loss.withGradientFunction(function()) : loss;
  }

  /** Returns a stepper on the model's own arrays, new or resumed from a checkpoint. */
  private Stepper<S> stepper(@Nullable Checkpoint checkpoint) {
    if (checkpoint == null) {
      return Stepper.borrowing(optimizer, params);
    }
    try {
      RunProgress progress = checkpoint.get(RUN, RunProgress.class);
      Stepper<S> resumed = checkpoint.stepper(optimizer, params);
      scores = progress.scores();
      best.resume(progress.best());
      recorder.resume(progress.recorded());
      step = progress.step();
      resumedAt = step;
      skippedBefore = progress.skipped();
      minibatch.resume(progress.evaluations());
      plateau.resume(progress.plateau());
      selection.skip(step);
      return resumed;
    } catch (CheckpointException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Trains and returns the model.
   *
   * @param number the index of the optimizer and of the seed, for {@code progress}
   * @param alone whether it may use all processors
   */
  static TrainedModel run(
      OptimizerSpec spec,
      Split split,
      Plan plan,
      long seed,
      CheckpointPolicy checkpoints,
      ProgressListener progress,
      int[] number,
      boolean alone) {
    return of(spec, split, plan, seed, checkpoints, alone).run(progress, number);
  }

  private static Training<?> of(
      OptimizerSpec spec,
      Split split,
      Plan plan,
      long seed,
      CheckpointPolicy checkpoints,
      boolean alone) {
    GradientTransformation<?> optimizer =
        PrivacyMechanism.withDivisor(
            spec.optimizer(plan.schedule(), plan.steps(split.train())), plan.batch(split.train()));
    Training<?> training = new Training<>(spec, optimizer, split, plan, seed, checkpoints);
    if (!alone) {
      training.network.sequential();
    }
    return training;
  }

  /**
   * Trains at most one run and throws it away.
   *
   * @param end the time, as of {@link System#nanoTime}, after which no step begins
   */
  static void warmUp(
      OptimizerSpec spec, Split split, Plan plan, long seed, boolean alone, long end) {
    Training<?> training = of(spec, split, plan, seed, CheckpointPolicy.none(), alone);
    int batches = plan.batches(split.train());
    int all = plan.steps(split.train());
    boolean goesOn = true;
    while (goesOn && training.step < all && System.nanoTime() < end) {
      goesOn = training.next(training.step % batches);
    }
  }

  /** Returns the gradients of the current minibatch as a function of the parameters. */
  private GradientFunction function() {
    return (at, i) -> {
      minibatch.compute(at.evaluate());
      return minibatch.gradients();
    };
  }

  private TrainedModel run(ProgressListener progress, int[] number) {
    int batches = plan.batches(split.train());
    int all = plan.steps(split.train());
    boolean goesOn = !isOutOfPatience() && !plateau.isReached();
    progress.resumed(number[0], number[1], step / batches);
    while (goesOn && step < all) {
      long skippedYet = skipped();
      boolean finite = next(step % batches);
      if (skipped() > skippedYet) {
        progress.skipped(number[0], number[1], skipped());
      }
      boolean epochEnds = step % batches == 0 || !finite;
      if (epochEnds) {
        epochEnds((step - 1) / batches + 1, progress, number);
      }
      goesOn = finite && !(epochEnds && isOutOfPatience()) && !plateau.isReached();
      // A state that is not finite is not worth a checkpoint.
      if (finite && (checkpoints.isDue(step, epochEnds) || step == all || !goesOn)) {
        keep();
      }
      endedBroken |= !finite;
    }
    return trained((step + batches - 1) / batches, progress, number);
  }

  /** Returns the model of the best epoch, or the broken one, with its scores. */
  private TrainedModel trained(int epochs, ProgressListener progress, int[] number) {
    stepper.evalParams().copyTo(params);
    if (!endedBroken) {
      best.restore(params);
    }
    Metrics train = network.evaluate(params, split.train());
    boolean diverged = endedBroken || Divergence.hasDiverged(before, train, split.train(), params);
    Metrics validation = endedBroken ? validation(params) : best.metrics();
    Metrics test = network.evaluate(params, split.test());
    progress.ended(number[0], number[1], test.score(), diverged);
    Run run = result(train, validation, test, epochs, diverged);
    return new TrainedModel(run, network.model(), params);
  }

  /** Scores the validation part, or the train part if there is none. */
  private Metrics validation(Tree at) {
    return network.evaluate(
        at, split.validation().size() == 0 ? split.train() : split.validation());
  }

  private void epochEnds(int epoch, ProgressListener progress, int[] number) {
    Tree at = stepper.evalParams();
    Metrics validation = validation(at);
    scores[epoch - 1] = validation.score();
    best.add(epoch, validation, at);
    progress.epoch(number[0], number[1], epoch, validation);
  }

  private boolean isOutOfPatience() {
    int patience = plan.fit().patience();
    int epoch = step / plan.batches(split.train());
    return patience > 0 && epoch - best.state().epoch() >= patience;
  }

  private void keep() {
    if (checkpoints.isEnabled()) {
      RunProgress progress =
          new RunProgress(
              step,
              scores,
              skipped(),
              recorder.recorded(),
              best.state(),
              minibatch.evaluations(),
              plateau.state());
      checkpoints.save(Checkpoint.of(stepper).step(step).with(RUN, progress));
    }
    if (checkpoints.isStopRequested()) {
      throw checkpoints.stoppedException();
    }
  }

  /**
   * Trains on minibatch i of an epoch; returns whether training continues, which a loss that is not
   * finite ends under {@code STOP}.
   */
  private boolean next(int i) {
    selection.select(i);
    long begin = System.nanoTime();
    double loss = step();
    boolean ends = plan.nonFinite() == NonFiniteHandling.STOP && !Double.isFinite(loss);
    boolean wanted = recorder.add(++step, loss);
    if (wanted || ends) {
      recorder.point(step, stepper.liveState());
    }
    nanos += System.nanoTime() - begin;
    return !ends;
  }

  private long skipped() {
    return skippedBefore + stepper.skippedSteps();
  }

  /** Steps on one minibatch; returns its loss before the step, or one that is not finite. */
  private double step() {
    try {
      if (searchesAgain) {
        double loss = stepper.stepAgain(minibatch);
        plateau.add(loss);
        return loss;
      }
      return steps();
    } catch (NonFiniteException e) {
      throw resumedAt == 0
          ? e
          : new NonFiniteException(e.getMessage() + " after the checkpoint of step " + resumedAt);
    }
  }

  private double steps() {
    double first = 0;
    for (int i = 0; i < gradientsPerStep; i++) {
      double loss = minibatch.compute(params);
      if (plan.nonFinite() == NonFiniteHandling.STOP && !Double.isFinite(loss)) {
        return loss;
      }
      first = i == 0 ? loss : first;
      stepper.step(minibatch.gradients(), extras.withValue(loss));
    }
    return first;
  }

  private Run result(
      Metrics train, Metrics validation, Metrics test, int epochs, boolean diverged) {
    recorder.point(step, stepper.liveState());
    return new Run(
        spec.label(),
        OptimizerSpec.json(optimizer),
        recorder.steps(),
        recorder.losses(),
        recorder.smoothedLosses(),
        Arrays.copyOf(scores, epochs),
        recorder.stepSizes(),
        train.loss(),
        validation.loss(),
        validation.score(),
        test.loss(),
        test.score(),
        nanos / 1e9,
        minibatch.evaluations(),
        diverged,
        privacy.epsilon(step),
        notes());
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(privacy.notes(spec.notes()));
    int bestEpoch = best.state().epoch();
    int last = step / plan.batches(split.train());
    if (bestEpoch > 0 && bestEpoch < last) {
      notes.add(
          "The model is that of epoch %d of %d, the best on the validation part."
              .formatted(bestEpoch, last));
    }
    if (LineSearches.needLoss(stepper.liveState()) && !selection.isFull()) {
      notes.add(
          "It searches along lines on minibatches, whose losses differ from step to step: pass"
              + " --batch all.");
    }
    if (plateau.isReached()) {
      notes.add(
          "The run ended after %d steps, since its line search found no lower loss."
              .formatted(step));
    }
    if (skipped() > 0) {
      notes.add(skipped() + " steps were skipped because a loss or gradients were not finite.");
    }
    return notes;
  }
}
