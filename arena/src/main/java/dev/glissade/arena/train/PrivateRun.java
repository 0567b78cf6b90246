package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.model.Evaluation;
import dev.glissade.arena.model.Model;
import dev.glissade.arena.report.Run;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.contrib.Dpsgd;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.NormReport;
import dev.glissade.privacy.PrivateTraining;
import dev.glissade.privacy.accounting.Calibration;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run that keeps a privacy budget: batches by Poisson sampling, secret noise as large as the
 * budget asks for, and no figures of the train part but the model itself.
 *
 * @param noiseMultiplier the noise that keeps the budget
 * @param steps how many were taken
 * @param spent how many the ledger has, which are more after going back to an older checkpoint
 * @param stated what may be stated, by Renyi orders
 * @param tightest the same by the distribution of the loss
 */
public record PrivateRun(
    Trained trained,
    double noiseMultiplier,
    long steps,
    long spent,
    Guarantee stated,
    Guarantee tightest) {

  /** What may be spent. */
  public record Budget(double epsilon, double delta) {}

  /**
   * Trains by dpsgd. Of a run that is kept the folder has a ledger, too: after going back to an
   * older checkpoint, what was spent since counts.
   *
   * @param contestant a dpsgd, whose noise multiplier and seed are not used
   * @param norms hears of each batch's norms, which are not private; null for nobody
   */
  public static PrivateRun train(
      Contestant contestant,
      Split split,
      Plan plan,
      long seed,
      Budget budget,
      @Nullable Consumer<NormReport> norms,
      Keeping keeping,
      Progress progress)
      throws IOException {
    int examples = split.train().size();
    double q = Math.min(1, (double) plan.batch() / examples);
    long steps = (long) Math.ceil(plan.epochs() / q);
    GradientTransformation<?> chosen = contestant.optimizer(plan.schedule(), (int) steps);
    if (!(chosen instanceof Dpsgd dpsgd)) {
      throw new IllegalArgumentException(
          "--target-epsilon is for the optimizer dpsgd: " + contestant.label());
    }
    double noise = Calibration.of(budget.epsilon(), budget.delta()).noiseMultiplierFor(q, steps);
    keeping.facts(split.train(), plan, seed);
    try (PrivacyLedger ledger = ledger(keeping)) {
      Model model = plan.model(split.train());
      @Nullable Checkpoint checkpoint = keeping.resumed();
      Tree start =
          checkpoint == null ? Minibatch.tree(model, model.init(seed), 0) : checkpoint.params();
      PrivateTraining training =
          PrivateTraining.of(
                  Optimizers.sgd(dpsgd.learningRate())
                      .momentum(dpsgd.momentum())
                      .nesterov(dpsgd.nesterov()),
                  start,
                  examples,
                  q,
                  new Clipping.Flat(dpsgd.l2NormClip()),
                  noise)
              .ledger(ledger)
              .budget(budget.epsilon(), budget.delta());
      if (norms != null) {
        training.reportNorms(norms);
      }
      double before = model.evaluate(model.init(seed), split.test()).loss();
      Loop loop = new Loop(model, split, before, training, plan.epochs(), steps, keeping, progress);
      if (checkpoint != null) {
        loop.resume(checkpoint);
      }
      loop.run();
      return loop.result(contestant, chosen, noise, budget.delta());
    }
  }

  private static PrivacyLedger ledger(Keeping keeping) throws IOException {
    Path folder = keeping.folder();
    return folder == null
        ? PrivacyLedger.inMemory()
        : PrivacyLedger.at(folder.resolve("privacy.ledger"));
  }

  /** The steps of one run. */
  private static final class Loop {
    private static final String RUN = "run";
    private static final String TRAINING = "training";

    private final Model model;
    private final Split split;
    private final PrivateTraining training;
    private final long steps;
    private final long perEpoch;
    private final Keeping keeping;
    private final Progress progress;
    private final Map<String, float[]> params;
    private double[] accuracies;
    private final double before;
    private long nanos;

    /** What a checkpoint has of the loop. */
    record Passed(double[] accuracies, long nanos) {}

    Loop(
        Model model,
        Split split,
        double before,
        PrivateTraining training,
        int epochs,
        long steps,
        Keeping keeping,
        Progress progress) {
      this.model = model;
      this.split = split;
      this.training = training;
      this.steps = steps;
      this.perEpoch = (steps + epochs - 1) / epochs;
      this.keeping = keeping;
      this.progress = progress;
      this.params = arrays(training.params());
      this.before = before;
      this.accuracies = new double[epochs];
    }

    void resume(Checkpoint checkpoint) throws IOException {
      Passed passed = checkpoint.get(RUN, Passed.class);
      training.resume(checkpoint.get(TRAINING, training.state()));
      accuracies = passed.accuracies();
      nanos = passed.nanos();
    }

    void run() {
      Map<String, float[]> gradients = model.zeros();
      Tree gradient = Minibatch.tree(model, gradients, 0);
      int[] row = new int[1];
      boolean goesOn = training.steps() < steps && training.stepsLeft() > 0;
      progress.resumed(0, 0, (int) (training.steps() / perEpoch));
      while (goesOn) {
        long begin = System.nanoTime();
        training.step((at, example) -> {
          row[0] = example;
          model.gradients(params, split.train(), row, 0, 1, gradients);
          return gradient;
        });
        nanos += System.nanoTime() - begin;
        goesOn = training.steps() < steps && training.stepsLeft() > 0;
        boolean epochEnds = training.steps() % perEpoch == 0 || !goesOn;
        if (epochEnds) {
          epochEnds();
        }
        if (keeping.isDue(training.steps(), epochEnds) || !goesOn) {
          keep();
        }
      }
      Evaluation test = model.evaluate(params, split.test());
      progress.ended(0, 0, test.accuracy(), diverged(test));
    }

    /** By parameters and test examples: the train part tells nothing but the model. */
    private boolean diverged(Evaluation test) {
      return Divergence.is(before, test.loss(), split.test().classes(), params.values());
    }

    private void epochEnds() {
      int epoch = (int) ((training.steps() - 1) / perEpoch) + 1;
      Evaluation test = model.evaluate(params, split.test());
      accuracies[epoch - 1] = test.accuracy();
      progress.epoch(0, 0, epoch, test);
    }

    private void keep() {
      if (keeping.isKept()) {
        keeping.save(
            Checkpoint.of(training.params())
                .step(training.steps())
                .with(TRAINING, training.state())
                .with(RUN, new Passed(accuracies, nanos)));
      }
      if (keeping.stops()) {
        throw keeping.stopped();
      }
    }

    PrivateRun result(
        Contestant contestant, GradientTransformation<?> optimizer, double noise, double delta) {
      Guarantee stated = training.guarantee(delta);
      Evaluation test = model.evaluate(params, split.test());
      Run run =
          new Run(
              contestant.label(),
              Contestant.json(optimizer),
              new long[0],
              new double[0],
              new double[0],
              accuracies,
              null,
              Double.NaN,
              test.loss(),
              test.accuracy(),
              nanos / 1e9,
              diverged(test),
              stated.epsilon(),
              List.of());
      return new PrivateRun(
          new Trained(run, model, params),
          noise,
          training.steps(),
          training.spent(),
          stated,
          training.tightestGuarantee(delta));
    }
  }

  private static Map<String, float[]> arrays(Tree params) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> leaf : params.toMap().entrySet()) {
      arrays.put(leaf.getKey(), (float[]) leaf.getValue().array());
    }
    return arrays;
  }
}
