package dev.glissade.arena.report;

import dev.glissade.arena.report.SweepLine.SweepPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cells of a sweep's table, besides the optimizer's name. */
final class SweepCells {
  private SweepCells() {}

  static List<String> head(Sweep sweep) {
    List<String> head = new ArrayList<>();
    if (sweep.parameter().isChoice()) {
      head.add(sweep.metric().name());
      head.add("at " + sweep.parameter().title());
      head.add("near the best at");
    } else {
      sweep.values().forEach(value -> head.add("at " + Axis.shown(value)));
    }
    head.add("runs");
    head.add("time of all");
    return head;
  }

  /** Returns how many of the cells are results; the others say what they cost. */
  static int results(Sweep sweep) {
    return head(sweep).size() - 2;
  }

  static List<String> of(Sweep sweep, SweepLine line, String none) {
    List<String> cells = new ArrayList<>();
    if (sweep.parameter().isChoice()) {
      addChoice(cells, sweep, line, none);
    } else {
      for (double value : sweep.values()) {
        cells.add(line.at(value).map(point -> shown(sweep, point)).orElse(none));
      }
    }
    int runs = line.points().stream().mapToInt(point -> point.trials().bySeed().size()).sum();
    cells.add(CellFormat.count(runs));
    cells.add(CellFormat.seconds(line.totalSeconds()));
    return cells;
  }

  private static void addChoice(List<String> cells, Sweep sweep, SweepLine line, String none) {
    Optional<SweepPoint> best = line.best(sweep.metric());
    cells.add(best.map(point -> shown(sweep, point)).orElse("diverged"));
    cells.add(
        line.flat()
            ? sweep.parameter().flat()
            : best.map(point -> Axis.shown(point.value())).orElse(none));
    cells.add(sweep.nearValues(line));
  }

  private static String shown(Sweep sweep, SweepPoint point) {
    return point.trials().diverged()
        ? "diverged"
        : sweep.metric().format(point.trials().statistics(sweep.metric()::of));
  }
}
