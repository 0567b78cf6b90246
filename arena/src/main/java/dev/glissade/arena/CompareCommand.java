package dev.glissade.arena;

import dev.glissade.arena.data.Examples;
import dev.glissade.arena.report.Comparison;
import dev.glissade.arena.report.ReportWriter;
import dev.glissade.arena.report.ResultsJson;
import dev.glissade.arena.report.TextTable;
import dev.glissade.arena.report.Trials;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Candidate;
import dev.glissade.arena.train.Experiment;
import dev.glissade.arena.train.OptimizerParser;
import dev.glissade.arena.train.OptimizerSpec;
import dev.glissade.arena.train.Plan;
import dev.glissade.arena.train.ProgressListener;
import dev.glissade.arena.train.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
          + " train part, the accuracy on the test part (R2 with --task regression), its mean"
          + " difference to the best, seed by seed, with a 95 %% confidence interval, the seconds of"
          + " training and the learned step size, if any. Each run's model is that of its best epoch"
          + " on the validation part. With --report, also draws curves. Marks diverged runs and"
          + " lists them last; exits with 3 if all diverged. Ctrl-C ends the training and prints what"
          + " is complete."
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

  @Mixin private ComparisonOptions options = new ComparisonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  CompareCommand() {}

  @Override
  public Integer call() throws IOException {
    Plan chosen = plan.plan();
    plan.check(data.task(), false);
    data.check(spec.commandLine(), false, options.labelNoise());
    List<Candidate> candidates =
        Candidate.all(OptimizerParser.list(optimizers), chosen).stream()
            .map(candidate -> candidate.labelNoise(options.labelNoise()))
            .toList();
    int seeds = options.seeds(data.data, SEEDS_OF_DIGITS);
    Experiment experiment = new Experiment(candidates, plan.seed, seeds, options.threads());
    if (options.report != null) {
      ReportWriter.check(options.report);
    }
    Examples examples = data.read(spec.commandLine());
    Instant startedAt = Instant.now();
    List<@Nullable Trials> trials;
    StopSignal stop = new StopSignal();
    Termination termination = Termination.of(stop);
    try (ProgressListener progress =
        ProgressDisplay.of(spec.commandLine(), RunsInProgress.of(experiment, examples.task()))) {
      trials = experiment.run(examples, progress, stop);
    } finally {
      termination.close();
    }
    Settings settings = new Settings(spec, examples, experiment, startedAt, stop.isRequested());
    settings.warn();
    return show(comparison(settings, candidates, trials));
  }

  private Comparison comparison(
      Settings settings, List<Candidate> candidates, List<@Nullable Trials> trials) {
    List<Trials> complete = new ArrayList<>();
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < trials.size(); i++) {
      Trials own = trials.get(i);
      if (own != null) {
        OptimizerSpec optimizer = candidates.get(i).spec();
        complete.add(own);
        commands.add(CommandText.of(spec, optimizer.text()));
      }
    }
    return new Comparison(settings.setting(options.labelNoise()), complete, commands);
  }

  private int show(Comparison comparison) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean stopped = comparison.setting().stopped();
    if (comparison.trials().isEmpty()) {
      Failures.say(spec.commandLine(), "stopped before a run was complete");
      return Glissade.INTERRUPTED;
    }
    if (options.json) {
      out.println(Text.json(ResultsJson.of(comparison, false)));
    } else {
      out.println(Settings.line(comparison.setting()));
      out.println();
      out.print(TextTable.render(comparison, Terminal.columns(Integer.MAX_VALUE)));
    }
    if (options.report != null) {
      Settings.report(spec, options, ReportWriter.write(options.report, comparison));
    }
    out.flush();
    if (stopped) {
      Failures.say(spec.commandLine(), "stopped: the results are of the runs that were complete");
      return Glissade.INTERRUPTED;
    }
    if (comparison.trials().stream().allMatch(Trials::diverged)) {
      Failures.say(spec.commandLine(), "all runs diverged: try smaller learning rates, or prodigy");
      return Glissade.DIVERGED;
    }
    return 0;
  }
}
