package dev.glissade.tribuo;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Split;
import dev.glissade.contrib.Contrib;
import dev.glissade.contrib.Prodigy;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.sgd.fm.FMClassificationTrainer;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.datasource.ListDataSource;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.math.optimisers.Adam;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Linear models and factorization machines learn the handwritten digits with Tribuo's optimizers
 * and with Glissade's.
 */
final class Digits {
  private static final int EPOCHS = 10;
  private static final int MACHINE_EPOCHS = 5;
  private static final int BATCH = 16;
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");
  private static final LabelFactory LABELS = new LabelFactory();

  private final MutableDataset<Label> train;
  private final MutableDataset<Label> test;

  Digits() {
    TRIBUO.setLevel(Level.WARNING);
    Split split = Datasets.digits().split(0);
    this.train = converted(split.train());
    this.test = converted(split.test());
  }

  /**
   * Trains with each and prints the mean accuracies.
   *
   * @param arguments the number of seeds, by default 1
   */
  public static void main(String[] arguments) {
    int seeds = arguments.length == 0 ? 1 : Integer.parseInt(arguments[0]);
    Digits digits = new Digits();
    System.out.println("linear");
    digits.print(digits.linear(seeds));
    System.out.println("factorization machine");
    digits.print(digits.machine(seeds));
  }

  private void print(Map<String, Double> accuracies) {
    accuracies.forEach((name, mean) -> System.out.printf("  %-18s %.4f%n", name, mean));
  }

  private static MutableDataset<Label> converted(Dataset data) {
    List<Example<Label>> examples = new ArrayList<>();
    float[] inputs = data.inputs();
    for (int i = 0; i < data.size(); i++) {
      ArrayExample<Label> example = new ArrayExample<>(new Label("" + data.label(i)));
      for (int j = 0; j < data.features(); j++) {
        example.add("pixel%02d".formatted(j), inputs[i * data.features() + j]);
      }
      examples.add(example);
    }
    return new MutableDataset<>(
        new ListDataSource<>(examples, LABELS, new SimpleDataSourceProvenance("digits", LABELS)));
  }

  /**
   * The optimizers of linear models, on minibatches of 16. Adam of Tribuo 4.3.2 multiplies where it
   * ought to divide; its others are correct. Prodigy ends in small steps, as in its paper.
   */
  Map<String, Double> linear(int seeds) {
    Map<String, StochasticGradientOptimiser> all = new LinkedHashMap<>();
    all.put("Tribuo's Adam", new Adam(1e-2, 1e-6));
    all.put("Tribuo's AdaGrad", new AdaGrad(0.1));
    all.put("Adam", GlissadeOptimiser.of(Optimizers.adam(1e-2)).minibatchSize(BATCH));
    all.put("Prodigy", GlissadeOptimiser.of(prodigy(EPOCHS)).minibatchSize(BATCH));
    return accuracies(
        all,
        seeds,
        (optimiser, seed) ->
            new LinearSGDTrainer(new LogMulticlass(), optimiser, EPOCHS, -1, BATCH, seed));
  }

  /** The optimizers of factorization machines, which Tribuo trains by one example at a time. */
  Map<String, Double> machine(int seeds) {
    Map<String, StochasticGradientOptimiser> all = new LinkedHashMap<>();
    all.put("Tribuo's Adam", new Adam(1e-3, 1e-6));
    all.put("Tribuo's AdaGrad", new AdaGrad(0.1));
    all.put("Prodigy", GlissadeOptimiser.of(prodigy(MACHINE_EPOCHS)).accumulate(BATCH));
    return accuracies(
        all,
        seeds,
        (optimiser, seed) ->
            new FMClassificationTrainer(
                new LogMulticlass(), optimiser, MACHINE_EPOCHS, -1, 1, seed, 6, 0.1));
  }

  private Prodigy prodigy(int epochs) {
    int steps = epochs * ((train.size() + BATCH - 1) / BATCH);
    return Contrib.prodigy().learningRate(Schedules.cosineDecaySchedule(1.0, steps));
  }

  /** Makes a trainer. */
  interface Trainers {
    Trainer<Label> of(StochasticGradientOptimiser optimiser, int seed);
  }

  private Map<String, Double> accuracies(
      Map<String, StochasticGradientOptimiser> optimisers, int seeds, Trainers trainers) {
    Map<String, Double> means = new LinkedHashMap<>();
    optimisers.forEach(
        (name, optimiser) -> means.put(name, mean(seeds, seed -> trainers.of(optimiser, seed))));
    return means;
  }

  /** The mean test accuracy of trainers with seeds from 1 on. */
  double mean(int seeds, IntFunction<Trainer<Label>> trainer) {
    double sum = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      sum += accuracy(trainer.apply(seed));
    }
    return sum / seeds;
  }

  /** The accuracy on the test part after a training. */
  double accuracy(Trainer<Label> trainer) {
    return new LabelEvaluator().evaluate(trainer.train(train), test).accuracy();
  }
}
