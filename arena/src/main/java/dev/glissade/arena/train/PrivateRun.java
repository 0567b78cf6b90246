package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.model.Evaluation;
import dev.glissade.arena.model.Model;
import dev.glissade.arena.report.Run;
import dev.glissade.contrib.Dpsgd;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.NormReport;
import dev.glissade.privacy.PrivateTraining;
import dev.glissade.privacy.accounting.Calibration;
import dev.glissade.privacy.accounting.Guarantee;
import java.util.Arrays;
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
 * @param stated what may be stated, by Renyi orders
 * @param tightest the same by the distribution of the loss
 */
public record PrivateRun(
    Trained trained, double noiseMultiplier, long steps, Guarantee stated, Guarantee tightest) {

  /**
   * Trains by dpsgd.
   *
   * @param contestant a dpsgd, whose noise multiplier and seed are not used
   * @param norms hears of each batch's norms, which are not private; null for nobody
   */
  public static PrivateRun train(
      Contestant contestant,
      Split split,
      Plan plan,
      long seed,
      double epsilon,
      double delta,
      @Nullable Consumer<NormReport> norms,
      Progress progress) {
    int examples = split.train().size();
    double q = Math.min(1, (double) plan.batch() / examples);
    long perEpoch = (long) Math.ceil(1 / q);
    long steps = (long) Math.ceil(plan.epochs() / q);
    GradientTransformation<?> chosen = contestant.optimizer(plan.schedule(), (int) steps);
    if (!(chosen instanceof Dpsgd dpsgd)) {
      throw new IllegalArgumentException(
          "--target-epsilon is for the optimizer dpsgd: " + contestant.label());
    }
    double noise = Calibration.of(epsilon, delta).noiseMultiplierFor(q, steps);
    Model model = plan.model(split.train());
    PrivateTraining training =
        PrivateTraining.of(
                Optimizers.sgd(dpsgd.learningRate())
                    .momentum(dpsgd.momentum())
                    .nesterov(dpsgd.nesterov()),
                Minibatch.tree(model, model.init(seed), 0),
                examples,
                q,
                new Clipping.Flat(dpsgd.l2NormClip()),
                noise)
            .budget(epsilon, delta);
    if (norms != null) {
      training.reportNorms(norms);
    }
    Map<String, float[]> params = arrays(training.params());
    Map<String, float[]> gradients = model.zeros();
    Tree gradient = Minibatch.tree(model, gradients, 0);
    int[] row = new int[1];
    double[] accuracies = new double[plan.epochs()];
    long begin = System.nanoTime();
    for (long step = 1; step <= steps; step++) {
      training.step((at, example) -> {
        row[0] = example;
        model.gradients(params, split.train(), row, 0, 1, gradients);
        return gradient;
      });
      if (step % perEpoch == 0 || step == steps) {
        int epoch = (int) Math.min(plan.epochs(), (step + perEpoch - 1) / perEpoch);
        Evaluation test = model.evaluate(params, split.test());
        accuracies[epoch - 1] = test.accuracy();
        progress.epoch(0, 0, epoch, test);
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    progress.ended(0, 0, false);
    Guarantee stated = training.guarantee(delta);
    Evaluation test = model.evaluate(params, split.test());
    Run run = run(contestant, chosen, test, accuracies, seconds, stated.epsilon());
    return new PrivateRun(
        new Trained(run, model, params),
        noise,
        training.steps(),
        stated,
        training.tightestGuarantee(delta));
  }

  private static Map<String, float[]> arrays(Tree params) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> leaf : params.toMap().entrySet()) {
      arrays.put(leaf.getKey(), (float[]) leaf.getValue().array());
    }
    return arrays;
  }

  private static Run run(
      Contestant contestant,
      GradientTransformation<?> optimizer,
      Evaluation test,
      double[] accuracies,
      double seconds,
      double epsilon) {
    return new Run(
        contestant.label(),
        Contestant.json(optimizer),
        new long[0],
        new double[0],
        new double[0],
        Arrays.copyOf(accuracies, accuracies.length),
        null,
        Double.NaN,
        test.loss(),
        test.accuracy(),
        seconds,
        false,
        epsilon,
        List.of());
  }
}
