package dev.glissade.arena;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Examples;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.report.Setting;
import dev.glissade.arena.report.Setting.DataFacts;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Candidate;
import dev.glissade.arena.train.Experiment;
import dev.glissade.arena.train.FewSteps;
import dev.glissade.arena.train.Plan;
import dev.glissade.arena.train.PrivacyMechanism;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Describes what the runs of a comparison or a sweep have in common. */
record Settings(
    CommandSpec spec,
    Examples examples,
    Experiment experiment,
    Instant startedAt,
    boolean stopped) {

  Setting setting(double labelNoise) {
    Split split = examples.split(experiment.seed());
    Dataset train = split.train();
    List<Candidate> candidates = experiment.candidates();
    Plan plan =
        candidates.stream()
            .filter(candidate -> candidate.targetEpsilon() != null)
            .findFirst()
            .orElse(candidates.get(0))
            .plan();
    return new Setting(
        facts(split),
        plan.model(train).toString(),
        plan.epochs(),
        plan.batch(train),
        experiment.seed(),
        experiment.seeds(),
        plan.schedule().toString(),
        labelNoise,
        experiment.threads(),
        startedAt,
        CommandText.of(spec, null),
        options(plan, train),
        stopped);
  }

  private Map<String, @Nullable Object> options(Plan plan, Dataset train) {
    Map<String, @Nullable Object> options =
        OptionValues.of(spec, train.task(), plan, plan.model(train));
    options.put("seeds", experiment.seeds());
    if (experiment.candidates().stream().anyMatch(c -> c.targetEpsilon() != null)) {
      options.put("delta", PrivacyMechanism.DELTA);
    }
    return options;
  }

  private static DataFacts facts(Split split) {
    Dataset train = split.train();
    return new DataFacts(
        train.name(),
        train.task(),
        train.encoding().label().name(),
        train.size(),
        split.validation().size(),
        split.test().size(),
        train.features(),
        train.classNames().size());
  }

  /** Returns the text above a table, in lines as wide as the terminal. */
  static String line(Setting setting) {
    return Text.wrapped(whole(setting), Terminal.columns(Integer.MAX_VALUE));
  }

  private static String whole(Setting setting) {
    DataFacts data = setting.data();
    return String.format(
        Locale.ROOT,
        "%s: %,d train, %,d validation and %,d test examples, %s%s, %s, batch %d, %s%s%s",
        Text.plain(data.name()),
        data.train(),
        data.validation(),
        data.test(),
        data.task() == Task.REGRESSION ? "regression of " + label(data) + ", " : "",
        setting.model(),
        Text.count(setting.epochs(), "epoch", "epochs"),
        setting.batch(),
        setting.schedule(),
        setting.labelNoise() > 0
            ? String.format(Locale.ROOT, ", %.3g %% wrong labels", 100 * setting.labelNoise())
            : "",
        seeds(setting));
  }

  private static String label(DataFacts data) {
    return data.label().isEmpty() ? "the label" : Text.plain(data.label());
  }

  private static String seeds(Setting setting) {
    if (setting.seeds() == 1) {
      return "";
    }
    String pattern = setting.stopped() ? ", stopped before all of %d seeds" : ", mean of %d seeds";
    return pattern.formatted(setting.seeds());
  }

  /** Warns of a test part or a number of steps that are too small to judge by. */
  void warn() {
    Split split = examples.split(experiment.seed());
    SmallTest.warn(spec.commandLine(), split.test().size());
    FewSteps.note(experiment.candidates(), split.train())
        .ifPresent(note -> Failures.say(spec.commandLine(), note));
  }

  /** Names the report: below the table, or among the messages if the output is JSON. */
  static void report(CommandSpec spec, ComparisonOptions options, Path page) {
    if (options.json) {
      Failures.say(spec.commandLine(), "report: " + page);
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%nreport: %s%n", Text.plain(page.toString()));
  }
}
