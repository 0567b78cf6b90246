package dev.glissade.arena.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.report.Setting.DataFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final String HOSTILE = "<img src=x onerror=1></script>{{title}}\u2028&\"'";

  @TempDir Path folder;

  private static Run run(String label, double accuracy, boolean diverged) {
    int steps = 2500;
    long[] at = new long[steps];
    double[] losses = new double[steps];
    Arrays.setAll(at, i -> i + 1);
    Arrays.setAll(losses, i -> diverged && i > 5 ? Double.NaN : 2.0 / (i + 1));
    double[] sizes = diverged ? null : losses;
    return new Run(
        label,
        "{\"name\": \"sgd\", \"args\": {\"learning_rate\": 0.1}}",
        at,
        losses,
        Curves.smooth(losses, 20),
        new double[] {0.5, accuracy},
        sizes,
        diverged ? Double.NaN : 0.0123456,
        0.25,
        accuracy - 0.01,
        0.2,
        accuracy,
        1.234,
        7,
        diverged,
        Double.NaN,
        List.of("A note about " + HOSTILE));
  }

  private static DataFacts facts(Task task) {
    int classes = task == Task.CLASSES ? 10 : 0;
    return new DataFacts("data " + HOSTILE, task, "label " + HOSTILE, 1078, 359, 360, 64, classes);
  }

  private static Setting setting(int seeds) {
    return new Setting(
        facts(Task.CLASSES),
        "MLP 64-64-10",
        30,
        32,
        7,
        seeds,
        "cosine",
        0,
        2,
        Instant.parse("2026-01-02T03:04:05Z"),
        "./glissade compare " + HOSTILE,
        Map.of("drop", List.of(HOSTILE), "loss", "huber"),
        false);
  }

  private static Comparison comparison(Run... runs) {
    List<Trials> trials = Arrays.stream(runs).map(run -> Trials.of(7, run)).toList();
    return comparison(1, trials);
  }

  private static Comparison comparison(int seeds, List<Trials> trials) {
    List<String> commands = trials.stream().map(t -> "compare " + t.label()).toList();
    return new Comparison(setting(seeds), trials, commands);
  }

  private String page(Run... runs) throws IOException {
    return Files.readString(ReportWriter.write(folder.resolve("a/b"), comparison(runs)));
  }

  @Test
  void hostileTextStaysText() throws IOException {
    String page = page(run(HOSTILE, 0.9, false), run("sgd", 0.8, true));
    assertThat(page).doesNotContain("<img").doesNotContain("\u2028</bdi><script");
    assertThat(page).contains("&lt;img src=x onerror=1&gt;&lt;/script&gt;{{title}}");
    assertThat(page.split("</script>", -1)).hasSize(4);
    assertThat(data(page).at("/runs/0/label").asText()).isEqualTo(HOSTILE);
  }

  @Test
  void pageNeedsNoNetwork() throws IOException {
    String page = page(run("sgd", 0.9, false));
    assertThat(page).contains("default-src 'none'").containsPattern("uPlot \\d+\\.\\d+\\.\\d+");
    assertThat(page).doesNotContainPattern("(src|href)=\"(?!data:)");
    assertThat(page).contains("Permission is hereby granted");
  }

  private static JsonNode data(String page) throws IOException {
    Matcher matcher =
        Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>")
            .matcher(page);
    assertThat(matcher.find()).isTrue();
    return new ObjectMapper().readTree(matcher.group(1));
  }

  @Test
  void curvesAreThinnedForThePage() throws IOException {
    JsonNode run = data(page(run("sgd", 0.9, false))).at("/runs/0");
    assertThat(run.get("steps").size()).isBetween(500, 1000);
    assertThat(run.get("loss").size()).isEqualTo(run.get("steps").size());
    assertThat(run.get("steps").get(run.get("steps").size() - 1).asInt()).isEqualTo(2500);
  }

  @Test
  void resultsHoldEverything() throws IOException {
    page(run("b", 0.8, true), run("a", 0.9, false));
    JsonNode root = new ObjectMapper().readTree(folder.resolve("a/b/results.json").toFile());
    assertThat(root.at("/data/train").asInt()).isEqualTo(1078);
    assertThat(root.at("/data/validation").asInt()).isEqualTo(359);
    assertThat(root.at("/data/task").asText()).isEqualTo("classes");
    assertThat(root.at("/data/classes").asInt()).isEqualTo(10);
    assertThat(root.at("/runs/1/validation_scores/0").asDouble()).isEqualTo(0.5);
    assertThat(root.at("/started_at").asText()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(root.at("/runs/0/label").asText()).isEqualTo("b");
    assertThat(root.at("/runs/0/train_loss").isNull()).isTrue();
    assertThat(root.at("/runs/0/losses/2499").isNull()).isTrue();
    assertThat(root.at("/runs/0/step_sizes").isNull()).isTrue();
    assertThat(root.at("/runs/1/losses").size()).isEqualTo(2500);
    assertThat(root.at("/runs/1/optimizer/args/learning_rate").asDouble()).isEqualTo(0.1);
    assertThat(root.at("/runs/1/learned_step_size").asDouble()).isEqualTo(2.0 / 2500);
  }

  @Test
  void pageOfNoRunsAndOfEmptyRuns() throws IOException {
    assertThat(page()).contains("Results");
    Run empty =
        new Run(
            "none",
            "no json",
            new long[0],
            new double[0],
            new double[0],
            new double[0],
            null,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            0,
            7,
            true,
            Double.NaN,
            List.of());
    assertThat(page(empty)).contains("no json").contains("diverged");
  }

  @Test
  void tableIsAlignedAndRanked() {
    String table =
        TextTable.render(
            comparison(
                run("adamw", 0.9, false),
                run("broken", 0.99, true),
                run("mechanize(sgd)", 0.98, false),
                run("bad\u001b[2J\nname", 0.1, false)),
            Integer.MAX_VALUE);
    assertThat(table)
        .isEqualTo(
            """
            optimizer       train loss  test accuracy    time  learned step size
            --------------------------------------------------------------------
            mechanize(sgd)     0.01235        98.00 %  1.23 s           0.000800
            adamw              0.01235        90.00 %  1.23 s           0.000800
            bad?[2J?name       0.01235        10.00 %  1.23 s           0.000800
            broken            diverged        99.00 %  1.23 s                  -
            """);
  }

  private static Trials trials(String label, double... accuracies) {
    SortedMap<Long, Run> bySeed = new TreeMap<>();
    for (int i = 0; i < accuracies.length; i++) {
      bySeed.put(7L + i, run(label, accuracies[i], false));
    }
    return new Trials(run(label, Arrays.stream(accuracies).average().orElse(0), false), bySeed);
  }

  @Test
  void seedsGiveSpreadsAndDifferencesToTheBest() throws IOException {
    Comparison comparison =
        comparison(2, List.of(trials("a", 0.90, 0.92), trials("b", 0.95, 0.96)));
    assertThat(TextTable.render(comparison, Integer.MAX_VALUE))
        .isEqualTo(
            """
            optimizer  train loss   test accuracy   to the best    time  learned step size
            ------------------------------------------------------------------------------
            b             0.01235  95.50 ± 0.71 %          best  1.23 s           0.000800
            a             0.01235  91.00 ± 1.41 %  -4.50 ± 6.35  1.23 s           0.000800
            """);
    String page = Files.readString(ReportWriter.write(folder, comparison));
    assertThat(page).contains("class=\"noise\">-4.50 ± 6.35", "class='whiskers hue", "Student");
    assertThat(data(page).at("/runs/0/lossBand/1").size()).isEqualTo(834);
    JsonNode results = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
    assertThat(results.at("/runs/0/seeds/1/test_accuracy").asDouble()).isEqualTo(0.92);
    assertThat(results.at("/runs/0/difference_to_best").asDouble()).isCloseTo(-0.045, within(1e-9));
    assertThat(results.at("/runs/0/command").asText()).isEqualTo("compare a");
    assertThat(Files.readAllLines(folder.resolve("results.csv")))
        .hasSize(5)
        .startsWith(
            "optimizer,seed,validation_accuracy,validation_loss,test_accuracy,test_loss,train_loss,"
                + "learned_step_size,seconds,evaluations,diverged,epsilon",
            "a,7,0.89,0.25,0.9,0.2,0.0123456,8.0E-4,1.234,7,false,");
  }

  /** The page speaks of epsilon, and its table has it. */
  @Test
  void epsilonIsInTheTable() throws IOException {
    Run open = run("sgd", 0.9, false);
    Run secret =
        new Run(
            "dpsgd",
            "{}",
            open.steps(),
            open.losses(),
            open.smoothedLosses(),
            open.validationScores(),
            null,
            0.1,
            0.2,
            0.8,
            0.2,
            0.8,
            1,
            7,
            false,
            2.0004,
            List.of());
    assertThat(page(open, secret)).contains("<td data-name=\"epsilon\" class=\"\">2.001</td>");
    assertThat(page(open)).doesNotContain("data-name=\"epsilon\"");
  }

  @Test
  void aNarrowTerminalGetsFewerColumns() {
    Comparison comparison = comparison(2, List.of(trials("a", 0.90, 0.92)));
    String narrow = TextTable.render(comparison, 50);
    assertThat(narrow.lines().limit(3)).allMatch(line -> line.length() <= 50);
    assertThat(narrow).endsWith("left out for want of width: learned step size, train loss\n");
    assertThat(TextTable.render(comparison, 1)).contains("test accuracy");
  }

  @Test
  void aReportThatWasStoppedSaysSo() throws IOException {
    assertThat(page(run("sgd", 0.9, false))).doesNotContain("stopped early");
    Setting all = setting(1);
    Setting stopped =
        new Setting(
            all.data(), "m", 1, 1, 0, 1, "cosine", 0.25, 1, all.startedAt(), "c", Map.of(), true);
    Trials trials = Trials.of(0, run("sgd", 0.9, false));
    Comparison comparison = new Comparison(stopped, List.of(trials), List.of("compare sgd"));
    assertThat(Files.readString(ReportWriter.write(folder, comparison)))
        .contains("stopped early", "wrong train labels", "25 %");
  }

  private static Setting regression() {
    Setting all = setting(2);
    return new Setting(
        facts(Task.REGRESSION),
        "m",
        2,
        1,
        0,
        2,
        "cosine",
        0,
        1,
        all.startedAt(),
        "c",
        Map.of(),
        false);
  }

  @Test
  void factsNameTheTaskTheLabelAndTheParts() throws IOException {
    String classes = page(run("sgd", 0.9, false));
    assertThat(classes)
        .contains("<dt>task</dt><dd><bdi>classes<", "<dt>classes</dt><dd><bdi>10<")
        .contains("1,078 train, 359 validation, 360 test", "<bdi>label &lt;img")
        .contains("<h2>Validation accuracy ", "test accuracy")
        .doesNotContain("R2");
    assertThat(data(classes).at("/score/unit").asText()).isEqualTo(" %");
    assertThat(data(classes).at("/pictures/score").asText())
        .contains("<title>Validation accuracy</title>", "50 %", ">90 %<");
  }

  @Test
  void regressionIsComparedByR2() throws IOException {
    List<Trials> trials = List.of(trials("a", 0.4211, 0.4213), trials("b", -3, -5));
    Comparison comparison = new Comparison(regression(), trials, List.of("x", "y"));
    assertThat(TextTable.render(comparison, Integer.MAX_VALUE))
        .isEqualTo(
            """
            optimizer  train loss           test R2        to the best    time  learned step size
            -------------------------------------------------------------------------------------
            a             0.01235   0.4212 ± 0.0001               best  1.23 s           0.000800
            b             0.01235  -4.0000 ± 1.4142  -4.4212 ± 12.7075  1.23 s           0.000800
            """);
    String page = Files.readString(ReportWriter.write(folder, comparison));
    assertThat(page)
        .contains("<h2>Validation R2 ", "<dt>task</dt><dd><bdi>regression<", "0.4212 ± 0.0001")
        .doesNotContain("<dt>classes</dt>")
        .doesNotContainIgnoringCase("accuracy");
    JsonNode data = data(page);
    assertThat(data.at("/score/decimals").asInt()).isEqualTo(4);
    assertThat(data.at("/runs/0/scoreBand/1/1").asDouble()).isEqualTo(0.4213);
    assertThat(data.at("/pictures/score").asText())
        .contains("<title>Validation R2</title>", ">0.4<")
        .doesNotContain(">-1<", "%");
    JsonNode results = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
    assertThat(results.at("/data/classes").isNull()).isTrue();
    assertThat(results.at("/runs/1/test_r2").asDouble()).isEqualTo(-4);
    assertThat(results.at("/runs/1/seeds/1/test_r2").asDouble()).isEqualTo(-5);
    assertThat(results.at("/runs/0").has("test_r2_deviation")).isTrue();
    assertThat(results.at("/runs/0").has("test_accuracy")).isFalse();
    assertThat(Files.readString(folder.resolve("results.csv")))
        .startsWith("optimizer,seed,validation_r2,validation_loss,test_r2,test_loss,")
        .contains("b,8,-5.01,0.25,-5.0,");
  }

  private static Run judged(double validation, double test) {
    Run run = run("sgd", test, false);
    return new Run(
        run.label(),
        run.optimizer(),
        run.steps(),
        run.losses(),
        run.smoothedLosses(),
        run.validationScores(),
        run.stepSizes(),
        run.trainLoss(),
        1 - validation,
        validation,
        1 - test,
        test,
        1,
        7,
        false,
        Double.NaN,
        List.of());
  }

  /** Each value's test score is at odds with its validation score, which must decide. */
  @Test
  void theValidationPartChoosesTheValue() throws IOException {
    List<SweepLine.SweepPoint> points =
        List.of(
            new SweepLine.SweepPoint(0.1, Trials.of(0, judged(0.7, 0.99))),
            new SweepLine.SweepPoint(0.2, Trials.of(0, judged(0.9, 0.8))),
            new SweepLine.SweepPoint(0.3, Trials.of(0, judged(0.8, 0.9))));
    List<SweepLine> lines = List.of(new SweepLine("sgd", false, points, "sweep sgd"));
    for (Metric metric : List.of(Metric.ACCURACY, Metric.TEST_LOSS)) {
      Sweep sweep =
          new Sweep(
              setting(1), metric, SweepParameter.LEARNING_RATE, List.of(0.1, 0.2, 0.3), lines);
      String test = metric == Metric.ACCURACY ? "80\\.00 %" : "0\\.2000";
      assertThat(TextTable.render(sweep, Integer.MAX_VALUE))
          .containsPattern("sgd +" + test + " +0\\.2 ")
          .endsWith("at the learning rate with the best validation " + metric.quantity() + "\n");
      ReportWriter.write(folder, sweep);
      JsonNode results = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
      assertThat(results.at("/lines/0/best_value").asDouble()).isEqualTo(0.2);
      assertThat(results.at("/chosen_by").asText()).isEqualTo("validation_" + metric.quantity());
      assertThat(results.at("/lines/0/points/1/validation_accuracy").asDouble()).isEqualTo(0.9);
      assertThat(results.at("/lines/0/points/1/seeds/0/validation_loss").asDouble())
          .isCloseTo(0.1, within(1e-12));
    }
  }

  private static Sweep sweep(Setting setting, Metric metric, SweepParameter parameter) {
    List<SweepLine.SweepPoint> points =
        List.of(
            new SweepLine.SweepPoint(0.1, trials("sgd", 0.89, 0.89)),
            new SweepLine.SweepPoint(0.2, trials("sgd", 0.895, 0.895)),
            new SweepLine.SweepPoint(0.3, trials("sgd", 0.9, 0.9)),
            new SweepLine.SweepPoint(0.4, trials("sgd", 0.7, 0.7)));
    return new Sweep(
        setting,
        metric,
        parameter,
        List.of(0.1, 0.2, 0.3, 0.4),
        List.of(new SweepLine("sgd", false, points, "sweep sgd")));
  }

  @Test
  void sweepsSayWhatIsNearTheBest() {
    SweepParameter rate = SweepParameter.LEARNING_RATE;
    assertThat(SweepPage.of(sweep(setting(2), Metric.ACCURACY, rate)))
        .contains("is within 1 percentage point of the best test accuracy in the table");
    assertThat(SweepPage.of(sweep(regression(), Metric.TEST_LOSS, rate)))
        .contains("is at most 10 % above the best test loss in the table", "<h2>Test R2 over");
    Sweep sweep = sweep(regression(), Metric.R2, SweepParameter.LEARNING_RATE);
    assertThat(sweep.nearValues(sweep.lines().get(0))).isEqualTo("0.2 to 0.3");
    assertThat(SweepPage.of(sweep))
        .contains("is within 0.01 of the best test R2 in the table", "<h2>Test R2 over")
        .doesNotContainIgnoringCase("accuracy");
    assertThat(SweepPicture.of(sweep, Metric.R2))
        .contains("<title>Test R2 on data", ">0.75<")
        .doesNotContain(" %<");
  }

  /** Where values are conditions, not choices, each has a column, and none is the best. */
  @Test
  void sweepsOfConditionsShowEachValue() throws IOException {
    Sweep sweep = sweep(setting(2), Metric.ACCURACY, SweepParameter.LABEL_NOISE);
    String table = TextTable.render(sweep, Integer.MAX_VALUE);
    assertThat(table)
        .containsPattern("optimizer +at 0.1 +at 0.2 +at 0.3 +at 0.4 +runs")
        .containsPattern("sgd .*89\\.00.*89\\.50.*90\\.00.*70\\.00")
        .endsWith("test accuracy at each share of wrong train labels\n");
    assertThat(TextTable.render(sweep, 40).lines())
        .allMatch(line -> line.length() <= 50)
        .filteredOn(line -> line.startsWith("optimizer"))
        .hasSizeGreaterThan(1);
    assertThat(SweepPage.of(sweep))
        .contains("The table has the test accuracy at each share.", ">at 0.3<")
        .doesNotContain("near the best");
    ReportWriter.write(folder, sweep);
    JsonNode results = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
    assertThat(results.get("chosen_by").isNull()).isTrue();
    assertThat(results.at("/lines/0").has("best_value")).isFalse();
    assertThat(results.at("/lines/0/points")).hasSize(4);
  }

  @Test
  void notesThatAllRunsHaveAreTheirs() {
    Run a = run("a", 0.9, false);
    assertThat(Run.commonNotes(List.of(a, run("b", 0.8, true)))).isEqualTo(a.notes());
    Run none =
        new Run(
            "c",
            "{}",
            new long[0],
            new double[0],
            new double[0],
            new double[0],
            null,
            0,
            0,
            0,
            0,
            0,
            0,
            7,
            false,
            Double.NaN,
            List.of());
    assertThat(Run.commonNotes(List.of(a, none))).isEmpty();
  }

  @Test
  void smoothingHasNoPullOfItsStart() {
    assertThat(Curves.smooth(new double[] {3, 3, 3}, 10))
        .containsExactly(new double[] {3, 3, 3}, within(1e-12));
    assertThat(Curves.smooth(new double[] {1, 4}, 2)).containsExactly(1, 3);
    assertThat(Curves.smooth(new double[] {1, 4}, 1)).containsExactly(1, 4);
    assertThat(Curves.smooth(new double[] {1, Double.POSITIVE_INFINITY, 2}, 5))
        .containsExactly(1, Double.NaN, Double.NaN);
    assertThatThrownBy(() -> Curves.smooth(new double[0], 0.5))
        .hasMessage("window must be at least 1, but was 0.5");
  }

  @Test
  void curvesNeedOneNumberAStep() {
    assertThatThrownBy(() ->
            new Run(
                "x",
                "{}",
                new long[2],
                new double[2],
                new double[3],
                new double[0],
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                7,
                false,
                Double.NaN,
                List.of()))
        .hasMessage("smoothedLosses must have a number for each of 2 steps, but had 3");
  }
}
