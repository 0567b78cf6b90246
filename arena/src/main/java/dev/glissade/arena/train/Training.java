package dev.glissade.arena.train;

import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.arena.data.RandomOrder;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.model.Evaluation;
import dev.glissade.arena.model.Model;
import dev.glissade.arena.report.Run;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One optimizer's run. Model and stepper share the parameters' arrays; the seed decides on the
 * first parameters and on the order of the examples, so equal runs give equal results.
 *
 * @param <S> the optimizer's state
 */
final class Training<S> {
  private final Contestant contestant;
  private final Split split;
  private final Plan plan;
  private final SplittableRandom orders;
  private final Model model;
  private final Map<String, float[]> params;
  private final GradientTransformation<S> optimizer;
  private final Stepper<S> stepper;
  private final Minibatch minibatch;
  private final Mechanism mechanism;
  private final Recorder recorder;
  private final int gradientsPerStep;
  private final Extras extras;
  private final double[] accuracies;
  private int step;
  private long nanos;

  private Training(
      Contestant contestant,
      GradientTransformation<S> optimizer,
      Split split,
      Plan plan,
      long seed) {
    this.contestant = contestant;
    this.optimizer = optimizer;
    this.split = split;
    this.plan = plan;
    this.orders = new SplittableRandom(seed).split();
    this.model = plan.model(split.train());
    this.params = model.init(seed);
    this.stepper = Stepper.borrowing(optimizer, Minibatch.tree(model, params, 0));
    this.mechanism = Mechanism.of(optimizer, split.train().size(), plan.batch(), seed);
    this.minibatch = new Minibatch(model, split.train(), optimizer.perExample());
    this.recorder = new Recorder(plan.steps(split.train()));
    this.accuracies = new double[plan.epochs()];
    Climbs climbs = Climbs.of(optimizer);
    this.gradientsPerStep = climbs.gradientsPerStep();
    this.extras =
        climbs.needsFunction() ? Extras.NONE.withGradientFunction(function()) : Extras.NONE;
  }

  /** Trains; {@code progress} hears of it as this contestant and seed, by their numbers. */
  static Trained run(
      Contestant contestant, Split split, Plan plan, long seed, Progress progress, int[] number) {
    GradientTransformation<?> optimizer =
        Mechanism.withDivisor(
            contestant.optimizer(plan.schedule(), plan.steps(split.train())), plan.batch());
    return new Training<>(contestant, optimizer, split, plan, seed).run(progress, number);
  }

  /** Gradients of the current minibatch at other parameters. */
  private GradientFunction function() {
    return (at, i) -> {
      Map<String, float[]> arrays = new LinkedHashMap<>();
      at.toMap().forEach((path, tensor) -> arrays.put(path, tensor.toFloats()));
      minibatch.compute(arrays);
      return minibatch.gradients();
    };
  }

  private Trained run(Progress progress, int[] number) {
    double before = model.evaluate(params, split.train()).loss();
    int epoch = 0;
    boolean finite = true;
    while (finite && epoch < plan.epochs()) {
      finite = epoch();
      Evaluation test = model.evaluate(params, split.test());
      accuracies[epoch++] = test.accuracy();
      progress.epoch(number[0], number[1], epoch, test);
    }
    Evaluation train = model.evaluate(params, split.train());
    boolean diverged = !finite || !(train.loss() <= before);
    progress.ended(number[0], number[1], diverged);
    Run run = result(train, model.evaluate(params, split.test()), epoch, diverged);
    return new Trained(run, model, params);
  }

  /** Whether all losses were finite; training stops at the first that is not. */
  private boolean epoch() {
    int[] order = RandomOrder.of(split.train().size(), orders.nextLong());
    long begin = System.nanoTime();
    boolean finite = true;
    int batches = plan.batches(split.train());
    for (int i = 0; finite && i < batches; i++) {
      if (mechanism.isPrivate()) {
        int[] drawn = mechanism.batch();
        minibatch.move(drawn, 0, drawn.length);
      } else {
        minibatch.move(order, plan.edge(i, split.train()), plan.edge(i + 1, split.train()));
      }
      double loss = step();
      finite = Double.isFinite(loss);
      boolean wanted = recorder.add(++step, loss);
      if (wanted || !finite) {
        recorder.point(step, stepper.liveState());
      }
    }
    nanos += System.nanoTime() - begin;
    return finite;
  }

  /** One minibatch; returns the loss before, or a later one that is not finite. */
  private double step() {
    double first = 0;
    for (int i = 0; i < gradientsPerStep; i++) {
      double loss = minibatch.compute(params);
      if (!Double.isFinite(loss)) {
        return loss;
      }
      first = i == 0 ? loss : first;
      stepper.step(minibatch.gradients(), extras.withValue(loss));
    }
    return first;
  }

  private Run result(Evaluation train, Evaluation test, int epochs, boolean diverged) {
    recorder.point(step, stepper.liveState());
    return new Run(
        contestant.label(),
        Contestant.json(optimizer),
        recorder.steps(),
        recorder.losses(),
        recorder.smoothedLosses(),
        Arrays.copyOf(accuracies, epochs),
        recorder.stepSizes(),
        train.loss(),
        test.loss(),
        test.accuracy(),
        nanos / 1e9,
        diverged,
        mechanism.epsilon(step),
        mechanism.notes(contestant.notes()));
  }
}
