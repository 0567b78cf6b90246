package dev.glissade.arena.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The columns of a comparison's table, besides the optimizer's name. */
final class Columns {
  /**
   * One column.
   *
   * @param style the class of a cell on the page
   * @param importance the column with the smallest number leaves a narrow terminal first
   */
  record Column(
      String name, Function<Trials, String> style, int importance, Function<Trials, String> text) {
    Column(String name, int importance, Function<Trials, String> text) {
      this(name, t -> "", importance, text);
    }
  }

  private final Comparison comparison;
  private final String none;

  private Columns(Comparison comparison, String none) {
    this.comparison = comparison;
    this.none = none;
  }

  /**
   * Returns the columns that have something to show.
   *
   * @param none the text of a cell without a number
   */
  static List<Column> of(Comparison comparison, String none) {
    return new Columns(comparison, none).all();
  }

  private List<Column> all() {
    Metric metric = comparison.metric();
    List<Column> columns = new ArrayList<>();
    columns.add(
        new Column(metric.name(), t -> "main", 9, t -> metric.format(t.statistics(metric::of))));
    if (comparison.hasSpread()) {
      columns.add(new Column("to the best", this::noise, 8, this::toBest));
    }
    columns.add(new Column("train loss", 5, t -> loss(t, t.mean().trainLoss())));
    columns.add(new Column("time", 6, t -> CellFormat.seconds(t.mean().seconds())));
    if (comparison.isFullBatch()) {
      columns.add(new Column("evaluations", 4, t -> CellFormat.count(t.mean().evaluations())));
    }
    columns.add(
        new Column(
            "learned step size", 3, t -> CellFormat.stepSize(t.mean().learnedStepSize(), none)));
    if (comparison.isPrivate()) {
      columns.add(new Column("epsilon", 7, t -> CellFormat.epsilon(t.mean().epsilon(), none)));
    }
    return columns;
  }

  private static String loss(Trials trials, double loss) {
    return trials.diverged() ? "diverged" : CellFormat.loss(loss);
  }

  /** Returns the class of a difference that may be noise. */
  private String noise(Trials trials) {
    return comparison.toBest(trials).filter(PairedDifference::mayBeNoise).isPresent()
        ? "noise"
        : "";
  }

  /** Returns the difference, or why there is none. Two trials may be equal, so identity counts. */
  @SuppressWarnings("ReferenceEquality")
  private String toBest(Trials trials) {
    if (comparison.best().filter(best -> best == trials).isPresent()) {
      return "best";
    }
    return comparison.toBest(trials).map(comparison.metric()::format).orElse(none);
  }
}
