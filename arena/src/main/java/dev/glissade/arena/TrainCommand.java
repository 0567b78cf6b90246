package dev.glissade.arena;

import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.report.Metric;
import dev.glissade.arena.report.ResultsJson;
import dev.glissade.arena.report.Run;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.CheckpointPolicy;
import dev.glissade.arena.train.Experiment;
import dev.glissade.arena.train.LabelNoise;
import dev.glissade.arena.train.NonFiniteHandling;
import dev.glissade.arena.train.OptimizerParser;
import dev.glissade.arena.train.OptimizerSpec;
import dev.glissade.arena.train.Plan;
import dev.glissade.arena.train.PrivacyMechanism;
import dev.glissade.arena.train.PrivateRun;
import dev.glissade.arena.train.ProgressListener;
import dev.glissade.arena.train.TrainedModel;
import dev.glissade.arena.use.ModelFile;
import dev.glissade.privacy.NormReport;
import dev.glissade.privacy.accounting.BoundFormat;
import dev.glissade.privacy.accounting.Guarantee;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a model with one optimizer. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Trains a model with one optimizer and, with --out, writes it to a file. If the training"
          + " diverges, writes nothing and exits with 3. It has diverged if the loss or a parameter"
          + " is not finite, a parameter is beyond 10^6, or the loss is more than 50 times that of an"
          + " untrained model (2 times if the model is no better than always predicting the most"
          + " frequent class)."
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--optimizer",
      paramLabel = "OPTIMIZER",
      defaultValue = "prodigy",
      description = "The optimizer, written as for compare. Default: ${DEFAULT-VALUE}.")
  private String optimizer = "";

  @Mixin private PlanOptions plan = new PlanOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Writes the model to this safetensors file, unless the training diverges. \"glissade predict\""
              + " and \"glissade evaluate\" read it.")
  private @Nullable Path out;

  @Option(
      names = "--target-epsilon",
      paramLabel = "E",
      description =
          "With dpsgd: trains privately within this epsilon, with secret noise on batches drawn by"
              + " Poisson sampling, and prints the epsilon spent.")
  private @Nullable Double targetEpsilon;

  @Option(
      names = "--delta",
      paramLabel = "D",
      description = "With --target-epsilon: the delta. Default: 1e-5.")
  private @Nullable Double givenDelta;

  @Option(
      names = "--report-norms",
      description =
          "With --target-epsilon: prints the norms of the gradients of the last batch, to help choose"
              + " l2_norm_clip. This output is not private: no epsilon covers it.")
  private boolean reportNorms;

  @Option(
      names = "--ledger-lost",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = "" + PrivateRun.Terms.ALL,
      description =
          "With --target-epsilon and --resume: continues although the privacy ledger is lost,"
              + " damaged or older than the checkpoint. Counts the steps in the checkpoint and N more"
              + " that may have been taken since. Default of N: all remaining steps of the run,"
              + " so that it takes no more.")
  private @Nullable Long ledgerLost;

  @Option(
      names = "--label-noise",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Gives this share of the train examples a wrong label, from 0 to 1. The test part stays"
              + " right. Default: ${DEFAULT-VALUE}.")
  private double labelNoise;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Mixin private CheckpointOptions checkpointing = new CheckpointOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  TrainCommand() {}

  @Override
  public Integer call() throws IOException {
    OptimizerSpec optimizerSpec = OptimizerParser.one(optimizer);
    Plan chosen = plan.plan();
    checkPrivateOptions();
    if (out != null) {
      Output.checkFile(out);
    }
    Examples examples =
        targetEpsilon == null
            ? data.read(spec.commandLine())
            : data.readPrivately(spec.commandLine());
    plan.check(examples.task(), targetEpsilon != null);
    Split split =
        targetEpsilon == null ? examples.split(plan.seed) : examples.publicSplit(plan.seed);
    if (targetEpsilon != null) {
      chosen = plan.privately(split.train().size());
      if (delta() >= 1.0 / split.train().size()) {
        Failures.say(
            spec.commandLine(), "a delta of 1 / N or more permits publishing a whole example");
      }
    }
    split = LabelNoise.apply(split, LabelNoise.check("--label-noise", labelNoise), plan.seed);
    RunsInProgress alone =
        RunsInProgress.ofOne(optimizerSpec.label(), chosen.epochs(), plan.seed, examples.task());
    CheckpointPolicy checkpoints =
        checkpointing.policy(sentence -> Failures.say(spec.commandLine(), sentence));
    TrainedModel trained;
    Map<String, String> facts;
    Termination termination = Termination.of(checkpoints);
    try (ProgressListener progress = ProgressDisplay.of(spec.commandLine(), alone)) {
      if (targetEpsilon == null) {
        trained = Experiment.train(optimizerSpec, split, chosen, plan.seed, checkpoints, progress);
        facts = facts(trained);
        show(trained, examples.task());
      } else {
        PrivateRun run =
            privately(optimizerSpec, split, chosen, targetEpsilon, checkpoints, progress);
        trained = run.trained();
        facts = run.facts();
        show(run, examples.task());
      }
    } finally {
      termination.close();
      checkpoints.close();
    }
    if (trained.run().diverged()) {
      return diverged(trained.run());
    }
    if (out != null) {
      ModelFile.write(
          out,
          trained.model(),
          trained.params(),
          split.train().encoding(),
          facts(trained, examples, chosen, facts));
      if (!json) {
        spec.commandLine().getOut().println("model: " + Text.plain(out.toString()));
      }
    }
    return 0;
  }

  private double delta() {
    return givenDelta == null ? PrivacyMechanism.DELTA : givenDelta;
  }

  private void checkPrivateOptions() {
    boolean isPrivate = targetEpsilon != null;
    if (reportNorms && !isPrivate) {
      throw new IllegalArgumentException(
          "--report-norms must be given with --target-epsilon, but was given alone");
    }
    if (givenDelta != null && !isPrivate) {
      throw new IllegalArgumentException(
          "--delta must be given with --target-epsilon, but was " + givenDelta + " alone");
    }
    if (ledgerLost != null && (!isPrivate || !checkpointing.resumes())) {
      throw new IllegalArgumentException(
          "--ledger-lost must be given with --target-epsilon and --resume, but was given alone");
    }
    if (isPrivate && plan.nonFinite != NonFiniteHandling.STOP) {
      throw new IllegalArgumentException(
          "--non-finite must be stop with --target-epsilon, where a gradient that is not finite adds"
              + " nothing, but was "
              + plan.nonFinite);
    }
  }

  private int diverged(Run run) {
    String remedy =
        targetEpsilon == null
            ? "try a smaller learning_rate, or prodigy, which finds its own"
            : "try a smaller learning_rate; the epsilon spent stays spent";
    spec.commandLine().getOut().flush();
    Failures.say(
        spec.commandLine(),
        "%s diverged%s: %s"
            .formatted(run.label(), out == null ? "" : ", so " + out + " was not written", remedy));
    return Glissade.DIVERGED;
  }

  private PrivateRun privately(
      OptimizerSpec optimizerSpec,
      Split split,
      Plan chosen,
      double epsilon,
      CheckpointPolicy checkpoints,
      ProgressListener progress)
      throws IOException {
    AtomicReference<NormReport> norms = new AtomicReference<>();
    PrivateRun run =
        PrivateRun.train(
            optimizerSpec,
            split,
            chosen,
            plan.seed,
            new PrivateRun.Terms(epsilon, delta(), ledgerLost, reportNorms ? norms::set : null),
            checkpoints,
            progress);
    if (reportNorms) {
      spec.commandLine().getErr().println("last batch: " + norms.get());
    }
    return run;
  }

  private void show(PrivateRun run, Task task) {
    if (json) {
      Map<String, @Nullable Object> plain = ResultsJson.of(run.trained().run(), Metric.of(task));
      plain.keySet().removeAll(List.of("train_loss", "learned_step_size"));
      plain.put("privacy", run.facts());
      print(plain);
      return;
    }
    Guarantee stated = run.stated();
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: test %s, %.2f s%n"
                + "spent: epsilon %s at delta %s (by %s), %s; noise multiplier %s, %,d steps%s%n",
            Text.plain(run.trained().run().label()),
            task.format(run.trained().run().testScore()),
            run.trained().run().seconds(),
            BoundFormat.upperBound(stated.epsilon()),
            delta(),
            stated.accountant(),
            stated.adjacency(),
            BoundFormat.lowerBound(run.noiseMultiplier(), 4),
            run.steps(),
            run.spent() == run.steps()
                ? ""
                : String.format(
                    Locale.ROOT,
                    ", %,d including those before the return to an older checkpoint",
                    run.spent()));
  }

  private void print(Map<String, @Nullable Object> plain) {
    plain.put("model", out == null ? null : out.toString());
    spec.commandLine().getOut().println(Text.json(plain));
    spec.commandLine().getOut().flush();
  }

  private void show(TrainedModel trained, Task task) {
    Run run = trained.run();
    if (json) {
      print(ResultsJson.of(run, Metric.of(task)));
      return;
    }
    PrintWriter writer = spec.commandLine().getOut();
    writer.printf(
        Locale.ROOT,
        "%s%s: train loss %.4g, test %s, %.2f s%n",
        Text.plain(run.label()),
        run.diverged() ? " (diverged)" : "",
        run.trainLoss(),
        task.format(run.testScore()),
        run.seconds());
    run.notes().stream()
        .filter(note -> note.contains("skipped") || note.contains("the best on"))
        .forEach(writer::println);
    if (!Double.isNaN(run.epsilon())) {
      writer.println(
          "This training was not private: pass --target-epsilon to train with secret noise.");
    }
  }

  /** Returns the facts about the train part, which a private run must not publish. */
  private static Map<String, String> facts(TrainedModel trained) {
    return Map.of("train_loss", String.valueOf(trained.run().trainLoss()));
  }

  private Map<String, String> facts(
      TrainedModel trained, Examples examples, Plan chosen, Map<String, String> more) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("optimizer", trained.run().optimizer());
    facts.put("data", examples.name());
    facts.put("task", examples.task().toString());
    facts.put("model", trained.model().toString());
    facts.put("epochs", String.valueOf(plan.epochs));
    facts.put("batch", String.valueOf(chosen.batch()));
    facts.put("seed", String.valueOf(plan.seed));
    facts.putAll(more);
    facts.put(Metric.of(examples.task()).key(), String.valueOf(trained.run().testScore()));
    facts.put("version", Glissade.Version.number());
    return facts;
  }
}
