package dev.glissade.arena;

import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.report.Metric;
import dev.glissade.arena.report.ReportWriter;
import dev.glissade.arena.report.ResultsJson;
import dev.glissade.arena.report.Sweep;
import dev.glissade.arena.report.SweepParameter;
import dev.glissade.arena.report.SweepPicture;
import dev.glissade.arena.report.TextTable;
import dev.glissade.arena.report.Trials;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Experiment;
import dev.glissade.arena.train.OptimizerParser;
import dev.glissade.arena.train.OptimizerSpec;
import dev.glissade.arena.train.ProgressListener;
import dev.glissade.arena.train.StopSignal;
import dev.glissade.arena.train.SweepPlan;
import dev.glissade.arena.train.SweepRange;
import dev.glissade.checkpoint.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains optimizers over a range of values of one parameter. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Trains each optimizer with many values of one parameter, such as the learning rate, and"
          + " prints a table: the value with the best result on the validation part, its result on"
          + " the test part (accuracy, or R2 with --task regression), the values that come near the"
          + " best of all, and the seconds of training that it cost to find out. An optimizer"
          + " without the parameter is trained once for each seed. With --report or --out, also"
          + " draws the result over the value. Exits with 3 if all runs diverged. Ctrl-C ends the"
          + " training and prints what is complete."
    })
final class SweepCommand implements Callable<Integer> {
  static final String DEFAULT_OPTIMIZERS = "sgd,adamw,lion,cocob,dadapt_adamw,mechanize,prodigy";

  private static final int SEEDS_OF_DIGITS = 3;

  /** What the picture shows. */
  enum Drawn {
    SCORE,
    LOSS;

    Metric metric(Task task) {
      return this == SCORE ? Metric.of(task) : Metric.TEST_LOSS;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--optimizers",
      paramLabel = "LIST",
      defaultValue = DEFAULT_OPTIMIZERS,
      description = "Optimizers, written as for compare. Default: ${DEFAULT-VALUE}.")
  private String optimizers = DEFAULT_OPTIMIZERS;

  @Option(
      names = "--over",
      paramLabel = "NAME=FROM..TO",
      defaultValue = "learning_rate=1e-5..10",
      description = {
        "The parameter and its range. learning_rate: the learning rate, also of an inner optimizer;"
            + " cocob, dadapt_adamw, mechanize and prodigy have none and keep their defaults."
            + " target_epsilon: the epsilon within which dpsgd trains privately, at delta 1e-5;"
            + " others are not private. label_noise: the share of wrong train labels."
            + " Default: ${DEFAULT-VALUE}."
      })
  private String over = "";

  @Option(
      names = "--points",
      paramLabel = "N",
      defaultValue = "13",
      description =
          "The number of values, with equal factors between them (for label_noise, equal"
              + " distances). Default: ${DEFAULT-VALUE}.")
  private int points;

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      defaultValue = "score",
      description =
          "What decides which value is best, on the validation part, and what the table and --out"
              + " show, of the test part: score, which is the accuracy or, with --task regression,"
              + " R2; or loss. Default: ${DEFAULT-VALUE}.")
  private Drawn drawn = Drawn.SCORE;

  @Option(
      names = "--out",
      paramLabel = "FILE.svg",
      description = "Writes the picture to this file, as SVG.")
  private @Nullable Path out;

  @Mixin private PlanOptions plan = new PlanOptions();

  @Mixin private ComparisonOptions options = new ComparisonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  SweepCommand() {}

  @Override
  public Integer call() throws IOException {
    SweepRange range = SweepRange.of(over);
    List<Double> values = range.values(points);
    List<OptimizerSpec> specs = OptimizerParser.list(optimizers);
    checkOutput(range.parameter());
    Examples examples = examples(range.parameter());
    SweepPlan runs = runs(range.parameter(), values, specs, examples);
    Experiment experiment =
        new Experiment(
            runs.candidates(),
            plan.seed,
            options.seeds(data.data, SEEDS_OF_DIGITS),
            options.threads());
    Instant startedAt = Instant.now();
    StopSignal stop = new StopSignal();
    List<@Nullable Trials> trials =
        train(experiment, examples, workload(experiment, specs, runs, examples.task()), stop);
    Settings settings = new Settings(spec, examples, experiment, startedAt, stop.isRequested());
    return show(
        new Sweep(
            settings.setting(options.labelNoise()),
            drawn.metric(examples.task()),
            range.parameter(),
            values,
            runs.lines(trials, one -> CommandText.of(spec, one.text()))));
  }

  /** Reads the data; for a sweep of epsilon as private training must. */
  private Examples examples(SweepParameter parameter) {
    boolean isPrivate = parameter == SweepParameter.TARGET_EPSILON;
    Examples examples =
        isPrivate ? data.readPrivately(spec.commandLine()) : data.read(spec.commandLine());
    plan.check(examples.task(), isPrivate);
    return examples;
  }

  private SweepPlan runs(
      SweepParameter parameter, List<Double> values, List<OptimizerSpec> specs, Examples examples) {
    // The size of private batches depends on that of the train part.
    int trainSize =
        parameter == SweepParameter.TARGET_EPSILON
            ? examples.publicSplit(plan.seed).train().size()
            : 1;
    return new SweepPlan(
        specs, parameter, values, plan.plan(), plan.privately(trainSize), options.labelNoise());
  }

  /** Trains until all runs are complete or Ctrl-C ends them. */
  private List<@Nullable Trials> train(
      Experiment experiment, Examples examples, RunsInProgress workload, StopSignal stop) {
    Termination termination = Termination.of(stop);
    try (ProgressListener progress = ProgressDisplay.of(spec.commandLine(), workload)) {
      return experiment.run(examples, progress, stop);
    } finally {
      termination.close();
    }
  }

  private void checkOutput(SweepParameter parameter) throws IOException {
    if (parameter == SweepParameter.LABEL_NOISE && options.labelNoise() > 0) {
      throw new IllegalArgumentException(
          "--label-noise must not be given with --over label_noise, but was "
              + options.labelNoise());
    }
    if (out != null) {
      Output.checkFile(out);
    }
    if (options.report != null) {
      ReportWriter.check(options.report);
    }
  }

  private static RunsInProgress workload(
      Experiment experiment, List<OptimizerSpec> specs, SweepPlan sweepPlan, Task task) {
    return RunsInProgress.of(
        experiment,
        specs.stream().map(OptimizerSpec::label).toList(),
        sweepPlan.lineOfCandidates(),
        sweepPlan.labels(),
        task);
  }

  private int show(Sweep sweep) throws IOException {
    PrintWriter writer = spec.commandLine().getOut();
    if (sweep.lines().isEmpty()) {
      Failures.say(spec.commandLine(), "stopped before a run was complete");
      return Glissade.INTERRUPTED;
    }
    if (options.json) {
      writer.println(Text.json(ResultsJson.of(sweep)));
    } else {
      writer.println(Settings.line(sweep.setting()));
      writer.println();
      writer.print(TextTable.render(sweep));
    }
    writeFiles(sweep);
    writer.flush();
    if (sweep.setting().stopped()) {
      Failures.say(spec.commandLine(), "stopped: the results are of the runs that were complete");
      return Glissade.INTERRUPTED;
    }
    if (sweep.allDiverged()) {
      Failures.say(spec.commandLine(), "all runs diverged: try a range of smaller values");
      return Glissade.DIVERGED;
    }
    return 0;
  }

  private void writeFiles(Sweep sweep) throws IOException {
    if (out != null) {
      String picture = SweepPicture.of(sweep, sweep.metric());
      AtomicFile.write(out, picture.getBytes(StandardCharsets.UTF_8));
    }
    if (options.report != null) {
      Settings.report(spec, options, ReportWriter.write(options.report, sweep));
    }
  }
}
