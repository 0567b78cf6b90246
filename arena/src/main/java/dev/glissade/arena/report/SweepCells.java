package dev.glissade.arena.report;

import dev.glissade.arena.report.SweepLine.SweepPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cells of a sweep's table, besides the optimizer's name. */
final class SweepCells {
  private SweepCells() {}

  static List<String> head(Sweep sweep) {
    List<String> head =
        new ArrayList<>(
            List.of(
                sweep.metric().name(),
                "at " + sweep.parameter().title(),
                "near the best at",
                "runs",
                "time of all"));
    if (sweep.parameter() == SweepParameter.TARGET_EPSILON) {
      head.remove(2);
    }
    return head;
  }

  static List<String> of(Sweep sweep, SweepLine line, String none) {
    Optional<SweepPoint> best = line.best(sweep.metric());
    List<String> cells = new ArrayList<>();
    cells.add(
        best.map(point -> sweep.metric().format(point.trials().statistics(sweep.metric()::of)))
            .orElse("diverged"));
    cells.add(
        line.flat()
            ? sweep.parameter().flat()
            : best.map(point -> Axis.shown(point.value())).orElse(none));
    if (sweep.parameter() != SweepParameter.TARGET_EPSILON) {
      cells.add(sweep.nearValues(line));
    }
    int runs = line.points().stream().mapToInt(point -> point.trials().bySeed().size()).sum();
    cells.add(CellFormat.count(runs));
    cells.add(CellFormat.seconds(line.totalSeconds()));
    return cells;
  }
}
