package dev.glissade.arena;

import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.report.Metric;
import dev.glissade.arena.report.ResultsJson;
import dev.glissade.arena.report.Run;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Candidate;
import dev.glissade.arena.train.CheckpointPolicy;
import dev.glissade.arena.train.Experiment;
import dev.glissade.arena.train.FewSteps;
import dev.glissade.arena.train.LabelNoise;
import dev.glissade.arena.train.OptimizerParser;
import dev.glissade.arena.train.OptimizerSpec;
import dev.glissade.arena.train.Plan;
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
import picocli.CommandLine;
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
          "Writes the model to this safetensors file, unless the training diverges. \"glissade"
              + " predict\" and \"glissade evaluate\" read it.")
  private @Nullable Path out;

  @Mixin private PrivateOptions privacy = new PrivateOptions();

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

  /** What to train, on what and how. */
  private record Job(OptimizerSpec optimizer, Examples examples, Split split, Plan plan) {
    Task task() {
      return examples.task();
    }

    Map<String, @Nullable Object> options(CommandSpec spec) {
      return OptionValues.of(spec, task(), plan, plan.model(split.train()));
    }
  }

  /**
   * What came of it.
   *
   * @param facts what the model file says besides what it says of every model
   */
  private record Result(TrainedModel trained, Map<String, String> facts) {}

  @Override
  public Integer call() throws IOException {
    OptimizerSpec chosen = OptimizerParser.one(optimizer);
    check(chosen);
    if (out != null) {
      Output.checkFile(out);
    }
    Job job;
    Result result;
    Termination termination = losing();
    try {
      job = job(chosen);
      result = train(job);
    } finally {
      termination.close();
    }
    warn(job);
    if (result.trained().run().diverged()) {
      return diverged(result.trained().run());
    }
    if (out != null) {
      write(out, job, result);
    }
    return 0;
  }

  /** Says on Ctrl-C that the training is lost, unless it saves checkpoints. */
  private Termination losing() {
    CommandLine command = spec.commandLine();
    return Termination.losing(() -> {
      if (!checkpointing.isGiven()) {
        Failures.say(
            command, "stopped: nothing was saved; pass --checkpoint DIR to be able to resume");
      }
    });
  }

  /** Warns of sizes that are too small to judge by. */
  private void warn(Job job) {
    CommandLine command = spec.commandLine();
    SmallTest.warn(command, job.split().test().size());
    if (!privacy.isPrivate()) {
      Candidate alone = new Candidate(job.optimizer(), job.plan());
      FewSteps.note(List.of(alone), job.split().train())
          .ifPresent(note -> Failures.say(command, note));
    }
  }

  /** Refuses wrong options before the data is read. */
  private void check(OptimizerSpec chosen) {
    privacy.check(chosen, checkpointing.resumes(), plan.nonFinite);
    plan.check(data.task(), privacy.isPrivate());
    data.check(spec.commandLine(), privacy.isPrivate(), labelNoise);
    checkpointing.check();
  }

  /** Reads and divides the data. */
  private Job job(OptimizerSpec chosen) {
    CommandLine command = spec.commandLine();
    boolean isPrivate = privacy.isPrivate();
    Examples examples = isPrivate ? data.readPrivately(command) : data.read(command);
    Split split = isPrivate ? examples.publicSplit(plan.seed) : examples.split(plan.seed);
    int size = split.train().size();
    if (isPrivate && privacy.delta() >= 1.0 / size) {
      Failures.say(command, "a delta of 1 / N or more permits publishing a whole example");
    }
    return new Job(
        chosen,
        examples,
        LabelNoise.apply(split, labelNoise, plan.seed),
        isPrivate ? plan.privately(size) : plan.plan());
  }

  /** Trains and shows the result; a signal saves a checkpoint first. */
  private Result train(Job job) throws IOException {
    CommandLine command = spec.commandLine();
    RunsInProgress alone =
        RunsInProgress.ofOne(job.optimizer().label(), plan.epochs, plan.seed, job.task());
    CheckpointPolicy checkpoints =
        checkpointing.policy(sentence -> Failures.say(command, sentence));
    Termination termination = Termination.of(checkpoints);
    try (ProgressListener progress = ProgressDisplay.of(command, alone)) {
      return privacy.isPrivate()
          ? privately(job, checkpoints, progress)
          : ordinarily(job, checkpoints, progress);
    } finally {
      termination.close();
      checkpoints.close();
    }
  }

  private Result ordinarily(Job job, CheckpointPolicy checkpoints, ProgressListener progress) {
    TrainedModel trained =
        Experiment.train(
            job.optimizer(), job.split(), job.plan(), plan.seed, checkpoints, progress);
    show(trained, job);
    // A private run must not publish this figure of the train part.
    return new Result(trained, Map.of("train_loss", String.valueOf(trained.run().trainLoss())));
  }

  private Result privately(Job job, CheckpointPolicy checkpoints, ProgressListener progress)
      throws IOException {
    AtomicReference<NormReport> norms = new AtomicReference<>();
    PrivateRun run =
        PrivateRun.train(
            job.optimizer(),
            job.split(),
            job.plan(),
            plan.seed,
            privacy.terms(norms::set),
            checkpoints,
            progress);
    if (privacy.reportsNorms()) {
      spec.commandLine().getErr().println("last batch: " + norms.get());
    }
    show(run, job);
    return new Result(run.trained(), run.facts());
  }

  private void write(Path file, Job job, Result result) throws IOException {
    TrainedModel trained = result.trained();
    ModelFile.write(
        file,
        trained.model(),
        trained.params(),
        job.split().train().encoding(),
        facts(job, result));
    if (!json) {
      spec.commandLine().getOut().println("model: " + Text.plain(file.toString()));
    }
  }

  private int diverged(Run run) {
    String remedy =
        privacy.isPrivate()
            ? "try a smaller learning_rate; the epsilon spent stays spent"
            : "try a smaller learning_rate, or prodigy, which finds its own";
    spec.commandLine().getOut().flush();
    Failures.say(
        spec.commandLine(),
        "%s diverged%s: %s"
            .formatted(run.label(), out == null ? "" : ", so " + out + " was not written", remedy));
    return Glissade.DIVERGED;
  }

  private void show(PrivateRun run, Job job) {
    if (json) {
      Map<String, @Nullable Object> plain = plain(run.trained().run(), job);
      plain.keySet().removeAll(List.of("train_loss", "learned_step_size", "evaluations"));
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
            job.task().format(run.trained().run().testScore()),
            run.trained().run().seconds(),
            BoundFormat.upperBound(stated.epsilon()),
            Text.number(privacy.delta()),
            stated.accountant(),
            stated.adjacency(),
            BoundFormat.lowerBound(run.noiseMultiplier(), 4),
            run.steps(),
            stepsBefore(run));
  }

  /** Says how many steps the ledger counts if there are more than the run's. */
  private static String stepsBefore(PrivateRun run) {
    return run.spent() == run.steps()
        ? ""
        : String.format(
            Locale.ROOT,
            ", %,d including those before the return to an older checkpoint",
            run.spent());
  }

  private Map<String, @Nullable Object> plain(Run run, Job job) {
    Map<String, @Nullable Object> plain = ResultsJson.of(run, Metric.of(job.task()));
    plain.put("command", CommandText.of(spec, null));
    plain.put("options", job.options(spec));
    return plain;
  }

  private void print(Map<String, @Nullable Object> plain) {
    plain.put("model_file", out == null ? null : out.toString());
    spec.commandLine().getOut().println(Text.json(plain));
    spec.commandLine().getOut().flush();
  }

  private void show(TrainedModel trained, Job job) {
    Run run = trained.run();
    if (json) {
      print(plain(run, job));
      return;
    }
    PrintWriter writer = spec.commandLine().getOut();
    writer.printf(
        Locale.ROOT,
        "%s%s: train loss %.4g, test %s, %.2f s%n",
        Text.plain(run.label()),
        run.diverged() ? " (diverged)" : "",
        run.trainLoss(),
        job.task().format(run.testScore()),
        run.seconds());
    run.notes().stream()
        .filter(note -> note.matches(".*(skipped|the best on|line search|searches along).*"))
        .forEach(writer::println);
    if (!Double.isNaN(run.epsilon())) {
      writer.println(
          "This training was not private: pass --target-epsilon to train with secret noise.");
    }
  }

  private Map<String, String> facts(Job job, Result result) {
    Run run = result.trained().run();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("optimizer", run.optimizer());
    facts.put("data", job.examples().name());
    facts.put("task", job.task().toString());
    facts.put("model", result.trained().model().toString());
    facts.put("epochs", String.valueOf(plan.epochs));
    facts.put("batch", String.valueOf(BatchSize.plain(job.plan().batch())));
    facts.put("seed", String.valueOf(plan.seed));
    facts.put("options", options(job));
    facts.putAll(result.facts());
    facts.put(Metric.of(job.task()).key(), String.valueOf(run.testScore()));
    facts.put("version", Glissade.Version.number());
    return facts;
  }

  /** Returns the options as JSON, without paths, which may say more than their writer wants. */
  private String options(Job job) {
    Map<String, @Nullable Object> options = job.options(spec);
    options.keySet().removeAll(List.of("data", "test"));
    return Text.json(options);
  }
}
