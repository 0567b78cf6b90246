package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.Tree;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.report.Run;
import dev.glissade.arena.text.Text;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.contrib.Dpsgd;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.ExampleGradient;
import dev.glissade.privacy.NormReport;
import dev.glissade.privacy.PrivateTraining;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.LedgerException;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.PrivacyLedger;
import dev.glissade.privacy.accounting.SampledGaussian;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A run within a privacy budget: batches by Poisson sampling, as much secret noise as the budget
 * requires, and no figures of the train part except the model itself.
 *
 * @param dpsgd the optimizer with the noise multiplier that meets the budget
 * @param samplingRate the probability of each example to be in a batch
 * @param steps the number of steps taken
 * @param spent the number of steps in the ledger, larger after a return to an older checkpoint
 * @param stated the guarantee for all steps in the ledger
 */
public record PrivateRun(
    TrainedModel trained,
    Dpsgd dpsgd,
    double samplingRate,
    long steps,
    long spent,
    Guarantee stated) {

  /**
   * The terms of the run.
   *
   * @param epsilon the most to spend at this delta
   * @param ledgerLost if the ledger is lost, the number of steps that may have been taken since the
   *     checkpoint; {@link #ALL} for all remaining steps of the run; null to refuse a lost ledger
   * @param norms receives each batch's norms, which are not private; or null
   */
  public record Terms(
      double epsilon,
      double delta,
      @Nullable Long ledgerLost,
      @Nullable Consumer<NormReport> norms) {
    public static final long ALL = Long.MAX_VALUE;

    /** Checks the number of steps. */
    public Terms {
      if (ledgerLost != null && ledgerLost < 0) {
        throw new IllegalArgumentException(
            "--ledger-lost must not be negative, but was " + ledgerLost);
      }
    }
  }

  /** Returns the noise multiplier of the run. */
  public double noiseMultiplier() {
    return dpsgd.noiseMultiplier();
  }

  /**
   * Returns the facts about privacy for a model file: epsilon and everything needed to recompute
   * it.
   */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("epsilon", String.valueOf(stated.epsilon()));
    facts.put("delta", String.valueOf(stated.delta()));
    facts.put("accountant", stated.accountant());
    facts.put("adjacency", stated.adjacency() + ", in the train part");
    facts.put("sampling", "poisson");
    facts.put("sampling_rate", String.valueOf(samplingRate));
    facts.put("noise_multiplier", String.valueOf(noiseMultiplier()));
    facts.put("l2_norm_clip", String.valueOf(dpsgd.l2NormClip()));
    facts.put("steps", String.valueOf(steps));
    facts.put("steps_spent", String.valueOf(spent));
    return facts;
  }

  /**
   * Trains with dpsgd. A folder of checkpoints also holds the ledger: after a return to an older
   * checkpoint, the steps spent since still count.
   *
   * @param spec a dpsgd, whose noise multiplier and seed are ignored
   * @throws IllegalArgumentException if the ledger allows not one step
   */
  public static PrivateRun train(
      OptimizerSpec spec,
      Split split,
      Plan plan,
      long seed,
      Terms terms,
      CheckpointPolicy checkpoints,
      ProgressListener progress)
      throws IOException {
    int examples = split.train().size();
    double q = Math.min(1, (double) plan.batch() / examples);
    int steps = steps(plan, q);
    GradientTransformation<?> chosen = spec.optimizer(plan.schedule(), steps);
    if (!(chosen instanceof Dpsgd given)) {
      throw new IllegalArgumentException(
          "--optimizer must be dpsgd with --target-epsilon, but was " + spec.label());
    }
    PrivacyBudget budget = PrivacyBudget.of(terms.epsilon(), terms.delta());
    Dpsgd dpsgd = used(given, budget.noiseMultiplierFor(q, steps), q * examples);
    // Primes the budget's cache, so that no step needs an accountant.
    budget.allows(new SampledGaussian(q, dpsgd.noiseMultiplier(), steps));
    checkpoints.privateRunMetadata(split.train(), plan, seed);
    checkpoints.metadata("target_epsilon", String.valueOf(terms.epsilon()));
    checkpoints.metadata("delta", String.valueOf(terms.delta()));
    OptimizerSpec.privateArguments(dpsgd)
        .forEach((name, value) -> checkpoints.metadata(name, Text.json(value)));
    try (PrivacyLedger ledger = ledger(checkpoints, terms.ledgerLost() != null)) {
      Network network = Network.of(plan, split.train());
      @Nullable Checkpoint checkpoint = checkpoints.checkpointToResume();
      Tree start = checkpoint == null ? network.model().initialParams(seed) : checkpoint.params();
      PrivateTraining training = training(dpsgd, start, examples, q).ledger(ledger).budget(budget);
      if (terms.norms() != null) {
        training.reportNorms(terms.norms());
      }
      Loop loop = new Loop(network, split, training, plan, steps, checkpoints, progress);
      if (checkpoint != null) {
        loop.resume(checkpoint, terms.ledgerLost());
      }
      loop.run(ledger, terms);
      return loop.result(spec, dpsgd, q, terms.delta());
    }
  }

  /** Returns the number of steps: an epoch draws each example once on average. */
  static int steps(Plan plan, double q) {
    double steps = Math.ceil(plan.epochs() / q);
    if (steps > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "--epochs must give at most 2^31 - 1 steps of private training, but was %d, which gives %.0f"
              .formatted(plan.epochs(), steps));
    }
    return (int) steps;
  }

  /** Returns the optimizer with the noise multiplier and the divisor of this run. */
  private static Dpsgd used(Dpsgd given, double noiseMultiplier, double expectedBatch) {
    Double divisor = given.expectedBatchSize();
    if (divisor != null && divisor != expectedBatch) {
      throw new IllegalArgumentException(
          ("expected_batch_size must be %s, the expected size of a batch, but was %s: leave it out"
                  + " and set --batch")
              .formatted(expectedBatch, divisor));
    }
    return new Dpsgd(
        given.learningRate(),
        given.l2NormClip(),
        noiseMultiplier,
        given.seed(),
        given.momentum(),
        given.nesterov(),
        expectedBatch);
  }

  private static PrivateTraining training(Dpsgd dpsgd, Tree start, int examples, double q) {
    return PrivateTraining.of(
        Optimizers.sgd(dpsgd.learningRate()).momentum(dpsgd.momentum()).nesterov(dpsgd.nesterov()),
        start,
        examples,
        q,
        new Clipping.Flat(dpsgd.l2NormClip()),
        dpsgd.noiseMultiplier());
  }

  private static PrivacyLedger ledger(CheckpointPolicy checkpoints, boolean lost)
      throws IOException {
    Path folder = checkpoints.folder();
    if (folder == null) {
      return PrivacyLedger.inMemory();
    }
    Path file = folder.resolve("privacy.ledger");
    try {
      return PrivacyLedger.at(file);
    } catch (LedgerException e) {
      if (!e.isDamage()) {
        throw e;
      }
      if (!lost) {
        throw new IllegalArgumentException(
            e.getMessage() + ". Without a copy, pass --resume --ledger-lost to continue without it",
            e);
      }
      Path aside = folder.resolve("privacy.ledger.damaged");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      checkpoints.report(e.getMessage() + ". Moved it to " + aside);
      return PrivacyLedger.at(file);
    }
  }

  /** The steps of one run. */
  private static final class Loop {
    private static final String RUN = "run";
    private static final String TRAINING = "training";

    /** The number of parameters above which a pass over them uses several threads. */
    private static final int LARGE = 1_000_000;

    private static final int MOST_THREADS = 8;

    private final Plan plan;
    private final Network network;
    private final Split split;
    private final PrivateTraining training;
    private final long steps;
    private final long perEpoch;
    private final CheckpointPolicy checkpoints;
    private final ProgressListener progress;
    private final Tree params;
    private double[] scores;
    private long nanos;

    /** The loop's part of a checkpoint, without times, which depend on the sizes of batches. */
    record PrivateProgress(double[] scores) {}

    Loop(
        Network network,
        Split split,
        PrivateTraining training,
        Plan plan,
        long steps,
        CheckpointPolicy checkpoints,
        ProgressListener progress) {
      this.network = network;
      this.split = split;
      this.training = training;
      this.steps = steps;
      this.plan = plan;
      this.perEpoch = (steps + plan.epochs() - 1) / plan.epochs();
      this.checkpoints = checkpoints;
      this.progress = progress;
      this.params = training.params();
      this.scores = new double[plan.epochs()];
    }

    void resume(Checkpoint checkpoint, @Nullable Long ledgerLost) throws IOException {
      PrivateTraining.State state = checkpoint.get(TRAINING, training.state());
      if (ledgerLost != null) {
        long left = Math.max(0, steps - state.steps());
        training.restoreLedger(state, ledgerLost == Terms.ALL ? left : ledgerLost);
      }
      training.resume(state);
      scores = checkpoint.get(RUN, PrivateProgress.class).scores();
    }

    void run(PrivacyLedger ledger, Terms terms) {
      List<ExampleGradient> workers = workers();
      progress.resumed(0, 0, (int) (training.steps() / perEpoch));
      boolean allowed = true;
      while (allowed && training.steps() < steps) {
        long begin = System.nanoTime();
        allowed = training.step(workers);
        nanos += System.nanoTime() - begin;
        if (allowed) {
          stepEnds();
        }
      }
      if (!allowed) {
        endsEarly(ledger, terms);
      }
      Metrics test = network.evaluate(params, split.test());
      progress.ended(0, 0, test.score(), Divergence.isLost(params));
    }

    /** Returns a gradient function for each thread. */
    private List<ExampleGradient> workers() {
      // The passes over a large model already use all processors.
      boolean isLarge = params.structure().size() > LARGE;
      int threads =
          isLarge ? 1 : Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
      return IntStream.range(0, threads).mapToObj(worker -> worker()).toList();
    }

    private ExampleGradient worker() {
      Network own = Network.of(plan, split.train());
      own.sequential();
      int[] row = new int[1];
      return (at, example) -> {
        row[0] = example;
        return own.objective().gradient(at, own.batch(split.train(), row, 0, 1)).gradient();
      };
    }

    private void stepEnds() {
      boolean ends = training.steps() == steps;
      boolean epochEnds = ends || training.steps() % perEpoch == 0;
      if (epochEnds) {
        epochEnds();
      }
      if (ends || checkpoints.isDue(training.steps(), epochEnds)) {
        keep();
      }
    }

    /** Ends the run because earlier steps in the ledger have spent part of the budget. */
    private void endsEarly(PrivacyLedger ledger, Terms terms) {
      String reason =
          "%s allows no more steps at epsilon %s and delta %s"
              .formatted(ledger, terms.epsilon(), Text.number(terms.delta()));
      if (training.steps() == 0) {
        throw new IllegalArgumentException(
            "--target-epsilon must allow at least one step, but "
                + reason
                + ": nothing was trained");
      }
      epochEnds();
      keep();
      checkpoints.report(
          "the run ended after %d of %d steps: %s".formatted(training.steps(), steps, reason));
    }

    private void epochEnds() {
      int epoch = (int) ((training.steps() - 1) / perEpoch) + 1;
      Metrics validation = network.evaluate(params, split.validation());
      scores[epoch - 1] = validation.score();
      progress.epoch(0, 0, epoch, validation);
    }

    private void keep() {
      if (checkpoints.isEnabled()) {
        checkpoints.save(
            Checkpoint.of(training.params())
                .step(training.steps())
                .with(TRAINING, training.state())
                .with(RUN, new PrivateProgress(scores)));
      }
      if (checkpoints.isStopRequested()) {
        throw checkpoints.stoppedException();
      }
    }

    PrivateRun result(OptimizerSpec spec, Dpsgd dpsgd, double q, double delta) {
      Guarantee stated = training.guarantee(delta);
      Metrics validation = network.evaluate(params, split.validation());
      Metrics test = network.evaluate(params, split.test());
      Run run =
          new Run(
              spec.label(),
              OptimizerSpec.privateJson(dpsgd),
              new long[0],
              new double[0],
              new double[0],
              scores,
              null,
              Double.NaN,
              validation.loss(),
              validation.score(),
              test.loss(),
              test.score(),
              nanos / 1e9,
              training.steps(),
              Divergence.isLost(params),
              stated.epsilon(),
              List.of());
      return new PrivateRun(
          new TrainedModel(run, network.model(), params),
          dpsgd,
          q,
          training.steps(),
          training.spent(),
          stated);
    }
  }
}
