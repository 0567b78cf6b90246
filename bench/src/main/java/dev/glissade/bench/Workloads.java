package dev.glissade.bench;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stateless;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.bench.Workload.Pass;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The workloads to measure. */
final class Workloads {
  private static final double RATE = 1e-3;

  private Workloads() {}

  /** Returns the optimizers of the table. */
  static List<Workload> optimizers() {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    return List.of(
        workload("sgd", Optimizers.sgd(RATE), new Pass(2, 1)),
        workload("adam", Optimizers.adam(RATE), new Pass(4, 3)),
        workload("adamw", Optimizers.adamw(RATE), new Pass(4, 3)),
        workload(
            "clip+adamw",
            Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.adamw(RATE)),
            new Pass(1, 0),
            new Pass(4, 3)),
        workload("cocob", Contrib.cocob(), new Pass(7, 5)),
        workload("dadapt_adamw", Contrib.dadaptAdamw(), new Pass(5, 4)),
        workload("prodigy", Contrib.prodigy(), new Pass(4, 1), new Pass(4, 3)),
        workload(
            "mechanize(adamw)",
            Contrib.mechanize(Optimizers.adamw(1.0)),
            new Pass(3, 0),
            new Pass(5, 3)),
        new Workload(
            "sam(sgd)",
            Contrib.sam(Optimizers.sgd(RATE), adversary),
            List.of(new Pass(1, 0), new Pass(2, 2, 1), new Pass(2, 1, 1)),
            2));
  }

  /** Returns the workload of private training for each example's gradient. */
  static Workload example() {
    return workload(Workload.EXAMPLE, Optimizers.sgd(RATE), new Pass(1, 0), new Pass(2, 1));
  }

  /** Returns chains as users write them, with many states. */
  static List<Workload> compounds() {
    return List.of(
        workload(
            "adamw, ema of params",
            Transforms.chain(Optimizers.adamw(RATE), new ParamsEma(0.99)),
            new Pass(5, 4)),
        workload("adan, 4 states", new Adan(RATE), new Pass(6, 5)),
        workload(
            "2 clips, 2 emas",
            Transforms.chain(
                Transforms.clipByGlobalNorm(1),
                Transforms.ema(0.9),
                Transforms.clip(1),
                Transforms.ema(0.99),
                Transforms.scaleByLearningRate(RATE)),
            new Pass(1, 0),
            new Pass(4, 3)),
        workload("50 multiply-adds", new Series(50), new Pass(2, 1)));
  }

  /** Returns all other optimizers that need gradients alone, with their passes on a form. */
  static List<Workload> others(TreeShape form) {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("lbfgs", Optimizers.lbfgs().learningRate(RATE).linesearch(Transforms.identity()));
    all.put("adabelief", Optimizers.adabelief(RATE));
    all.put("adadelta", Optimizers.adadelta(RATE));
    all.put("adafactor", Optimizers.adafactor(RATE));
    all.put("adagrad", Optimizers.adagrad(RATE));
    all.put("adamax", Optimizers.adamax(RATE));
    all.put("adamaxw", Optimizers.adamaxw(RATE));
    all.put("adan", Optimizers.adan(RATE));
    all.put("amsgrad", Optimizers.amsgrad(RATE));
    all.put("fromage", Optimizers.fromage(RATE));
    all.put("lamb", Optimizers.lamb(RATE));
    all.put("lars", Optimizers.lars(RATE));
    all.put("lion", Optimizers.lion(RATE));
    all.put("nadam", Optimizers.nadam(RATE));
    all.put("nadamw", Optimizers.nadamw(RATE));
    all.put("novograd", Optimizers.novograd(RATE));
    all.put("radam", Optimizers.radam(RATE));
    all.put("rmsprop", Optimizers.rmsprop(RATE));
    all.put("rprop", Optimizers.rprop(RATE));
    all.put("sign_sgd", Optimizers.signSgd(RATE));
    all.put("signum", Optimizers.signum(RATE));
    all.put("sm3", Optimizers.sm3(RATE));
    all.put("yogi", Optimizers.yogi(RATE));
    all.putAll(ofContrib());
    return all.entrySet().stream()
        .map(each -> Workload.of(each.getKey(), each.getValue(), form))
        .toList();
  }

  private static Map<String, GradientTransformation<?>> ofContrib() {
    Map<String, GradientTransformation<?>> all = new LinkedHashMap<>();
    all.put("acprop", Contrib.acprop(RATE));
    all.put("ademamix", Contrib.ademamix(RATE));
    all.put("simplified_ademamix", Contrib.simplifiedAdemamix(RATE));
    all.put("adopt", Contrib.adopt(RATE));
    all.put("dog", Contrib.dog().learningRate(RATE));
    all.put("dowg", Contrib.dowg().learningRate(RATE));
    all.put("madgrad", Contrib.madgrad(RATE));
    all.put("schedule_free_sgd", Contrib.scheduleFreeSgd(RATE));
    all.put("schedule_free_adamw", Contrib.scheduleFreeAdamw(RATE));
    all.put("adam_mini", Contrib.adamMini(RATE));
    all.put("galore", Contrib.galore(RATE));
    all.put("muon", Contrib.muon(RATE));
    all.put("soap", Contrib.soap(RATE));
    all.put("laprop", Contrib.laprop(RATE));
    all.put("mars", Contrib.mars(RATE));
    all.put("stable_adamw", Contrib.stableAdamw(RATE));
    return all;
  }

  private static Workload workload(
      String name, GradientTransformation<?> optimizer, Pass... passes) {
    return new Workload(name, optimizer, List.of(passes), 1);
  }

  /** Averages the params, as a user might after an optimizer. */
  record ParamsEma(double decay) implements GradientTransformation<Tree> {
    @Override
    public Tree initialState(Tree params) {
      return params;
    }

    @Override
    public Step<Tree> step(Tree u, Tree average, Tree x, Extras extras) {
      return Step.of(u, average.times(decay).plus(x.plus(u).times(1 - decay)));
    }
  }

  /** Computes a value of so many operations that arithmetic, not memory, is the limit. */
  record Series(int terms) implements Stateless {
    @Override
    public Tree step(Tree g, Tree x) {
      Tree u = g;
      for (int term = 0; term < terms; term++) {
        u = u.times(0.9 + 1e-3 * term).plus(g);
      }
      return u.times(-RATE);
    }
  }

  /** Adan without restarts (Xie et al. 2022), with the previous gradient as the fourth state. */
  record Adan(double rate) implements GradientTransformation<Adan.State> {
    record State(Tree m, Tree v, Tree n, Tree before) {}

    @Override
    public State initialState(Tree params) {
      return new State(params.zeros(), params.zeros(), params.zeros(), params.zeros());
    }

    @Override
    public Step<State> step(Tree g, State s, Tree x, Extras extras) {
      Tree change = g.minus(s.before());
      Tree m = s.m().times(0.98).plus(g.times(0.02));
      Tree v = s.v().times(0.92).plus(change.times(0.08));
      Tree sum = g.plus(change.times(0.92));
      Tree n = s.n().times(0.99).plus(sum.times(sum).times(0.01));
      Tree u = m.plus(v.times(0.92)).times(-rate).dividedBy(n.sqrt().plus(1e-8));
      return Step.of(u, new State(m, v, n, g));
    }
  }
}
