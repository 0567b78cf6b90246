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
import dev.glissade.arena.train.Plan;
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
          + " best of all, and the seconds of training that it cost to find out. For epsilon and"
          + " label noise, the table has the result at each value. An optimizer"
          + " without the parameter is trained once for each seed. With --report or --out, also"
          + " draws the result over the value. Exits with 3 if all runs diverged. Ctrl-C ends the"
          + " training and prints what is complete."
    })
final class SweepCommand implements Callable<Integer> {
  static final String DEFAULT_OPTIMIZERS = "sgd,adamw,lion,cocob,dadapt_adamw,mechanize,prodigy";

  private static final int SEEDS_OF_DIGITS = 3;

  /** What decides which value is best, and what the table and the picture show. */
  enum Criterion {
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
  private Criterion criterion = Criterion.SCORE;

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
    SweepPlan runs = new SweepPlan(specs, range.parameter(), values);
    check(range.parameter());
    checkOutput();
    Examples examples = examples(range.parameter());
    Experiment experiment =
        new Experiment(
            runs.candidates(plan.plan(), privately(range.parameter(), examples), noise()),
            plan.seed,
            options.seeds(data.data, SEEDS_OF_DIGITS),
            options.threads());
    Instant startedAt = Instant.now();
    StopSignal stop = new StopSignal();
    List<@Nullable Trials> trials =
        train(experiment, examples, workload(experiment, specs, runs, examples.task()), stop);
    Settings settings = new Settings(spec, examples, experiment, startedAt, stop.isRequested());
    settings.warn();
    return show(
        new Sweep(
            settings.setting(noise()),
            criterion.metric(examples.task()),
            range.parameter(),
            values,
            runs.lines(trials, one -> CommandText.of(spec, one.text()))));
  }

  private double noise() {
    return options.labelNoise();
  }

  /** Refuses wrong options before the data is read. */
  private void check(SweepParameter parameter) {
    if (parameter == SweepParameter.LABEL_NOISE && noise() > 0) {
      throw new IllegalArgumentException(
          "--label-noise must not be given with --over label_noise, but was " + noise());
    }
    if (parameter == SweepParameter.LABEL_NOISE && data.task() == Task.REGRESSION) {
      throw new IllegalArgumentException(
          "--over must not be label_noise for regression, which has no classes, but was " + over);
    }
    boolean isPrivate = parameter == SweepParameter.TARGET_EPSILON;
    plan.check(data.task(), isPrivate);
    data.check(spec.commandLine(), isPrivate, noise());
    options.check(data.data);
  }

  /** Reads the data; for a sweep of epsilon as private training must. */
  private Examples examples(SweepParameter parameter) {
    return parameter == SweepParameter.TARGET_EPSILON
        ? data.readPrivately(spec.commandLine())
        : data.read(spec.commandLine());
  }

  /** Returns the plan of private runs, whose batches depend on the size of the train part. */
  private Plan privately(SweepParameter parameter, Examples examples) {
    return parameter == SweepParameter.TARGET_EPSILON
        ? plan.privately(examples.publicSplit(plan.seed).train().size())
        : plan.plan();
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

  private void checkOutput() throws IOException {
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
      writer.print(TextTable.render(sweep, Terminal.columns(Integer.MAX_VALUE)));
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
