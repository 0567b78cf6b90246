package dev.glissade.arena;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.report.Comparison;
import dev.glissade.arena.report.ReportWriter;
import dev.glissade.arena.report.Run;
import dev.glissade.arena.report.TextTable;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Experiment;
import dev.glissade.arena.train.OptimizerParser;
import dev.glissade.arena.train.OptimizerSpec;
import dev.glissade.arena.train.Plan;
import dev.glissade.arena.train.ProgressListener;
import java.io.IOException;
import java.io.PrintWriter;
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

/** Trains a model with several optimizers, side by side. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    description = {
      "Trains a model with several optimizers side by side and prints a table: the loss on the"
          + " train part, the accuracy on the test part, the seconds of training and the learned"
          + " step size, if any. With --report, also draws curves. Marks diverged runs and lists"
          + " them last; exits with 3 if all diverged."
    })
final class CompareCommand implements Callable<Integer> {
  static final String DEFAULT_OPTIMIZERS =
      "sgd,adamw,cocob,dadapt_adamw,prodigy,mechanize,sam,dpsgd,split_real_and_imaginary";

  private static final int SEEDS_OF_DIGITS = 5;

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--optimizers",
      paramLabel = "LIST",
      defaultValue = DEFAULT_OPTIMIZERS,
      description = {
        "Optimizers, separated by commas. Each is a name (\"glissade optimizers\" lists them) with"
            + " inner optimizers or arguments in brackets, as in mechanize(sgd) or"
            + " adamw(learning_rate=0.01); a file ending in .json; or JSON:"
            + " {\"name\": \"sgd\", \"args\": {\"learning_rate\": 0.1}}."
            + " Default: sgd, adamw and the seven of contrib."
      })
  private String optimizers = DEFAULT_OPTIMIZERS;

  @Mixin private PlanOptions plan = new PlanOptions();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = {
        "Trains each optimizer with N seeds and shows the means. Default: 5 on the digits, 1 on"
            + " other data."
      })
  private @Nullable Integer seeds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Trains N runs at a time, with the same results. Default: the number of processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes index.html, with curves, and results.json to this folder.")
  private @Nullable Path report;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompareCommand() {}

  @Override
  public Integer call() throws IOException {
    List<OptimizerSpec> specs = OptimizerParser.list(optimizers);
    int parallel = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    Plan chosen = plan.plan();
    int runsEach = seeds != null ? seeds : data.data == null ? SEEDS_OF_DIGITS : 1;
    Experiment experiment = new Experiment(specs, chosen, plan.seed, runsEach, parallel);
    if (report != null) {
      ReportWriter.check(report);
    }
    Examples examples = data.read(spec.commandLine());
    Instant startedAt = Instant.now();
    List<Run> runs;
    try (ProgressListener progress = ProgressDisplay.of(spec.commandLine(), experiment)) {
      runs = experiment.run(examples, progress);
    }
    show(comparison(examples.split(plan.seed), experiment, startedAt, runs));
    if (runs.stream().allMatch(Run::diverged)) {
      Failures.say(spec.commandLine(), "all runs diverged: try smaller learning rates, or prodigy");
      return Glissade.DIVERGED;
    }
    return 0;
  }

  private void show(Comparison comparison) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s: %,d train and %,d test examples, %s, %d epochs, batch %d, %s%n%n",
        Text.plain(comparison.data()),
        comparison.trainExamples(),
        comparison.testExamples(),
        comparison.model(),
        comparison.epochs(),
        comparison.batch(),
        comparison.schedule());
    out.print(TextTable.render(comparison.runs()));
    if (report != null) {
      out.printf("%nreport: %s%n", Text.plain(ReportWriter.write(report, comparison).toString()));
    }
    out.flush();
  }

  private Comparison comparison(
      Split split, Experiment experiment, Instant startedAt, List<Run> runs) {
    Dataset train = split.train();
    Plan chosen = experiment.plan();
    String suffix =
        experiment.seeds() == 1 ? "" : ", mean of %d seeds".formatted(experiment.seeds());
    return new Comparison(
        train.name(),
        train.size(),
        split.test().size(),
        train.features(),
        train.outputs(),
        chosen.model(train).toString(),
        chosen.epochs(),
        chosen.batch(),
        experiment.seed(),
        chosen.schedule() + suffix,
        experiment.threads(),
        startedAt,
        runs);
  }
}
