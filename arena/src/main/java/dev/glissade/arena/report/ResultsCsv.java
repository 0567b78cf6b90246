package dev.glissade.arena.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.glissade.arena.report.SweepLine.SweepPoint;
import dev.glissade.arena.text.Text;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes results as CSV with one row for each run, so that a reader can compute what they like. */
final class ResultsCsv {
  private static final List<String> FIGURES =
      List.of(
          "test_loss",
          "train_loss",
          "learned_step_size",
          "seconds",
          "evaluations",
          "diverged",
          "epsilon");

  private final Metric score;
  private final StringWriter text = new StringWriter();
  private final CsvWriter writer =
      CsvWriter.builder().bufferSize(0).lineDelimiter(LineDelimiter.LF).build(text);

  private ResultsCsv(Metric score, String... first) {
    this.score = score;
    List<String> head = new ArrayList<>(List.of(first));
    head.add("seed");
    head.add(score.validationKey());
    head.add("validation_loss");
    head.add(score.key());
    head.addAll(FIGURES);
    writer.writeRecord(head);
  }

  static String of(Comparison comparison) {
    ResultsCsv csv = new ResultsCsv(comparison.metric(), "optimizer");
    for (Trials trials : comparison.trials()) {
      csv.add(List.of(cell(trials.label())), trials);
    }
    return csv.text.toString();
  }

  static String of(Sweep sweep) {
    ResultsCsv csv =
        new ResultsCsv(sweep.setting().score(), "optimizer", sweep.parameter().toString());
    for (SweepLine line : sweep.lines()) {
      for (SweepPoint point : line.points()) {
        csv.add(List.of(cell(line.label()), number(point.value())), point.trials());
      }
    }
    return csv.text.toString();
  }

  private void add(List<String> first, Trials trials) {
    for (Map.Entry<Long, Run> entry : trials.bySeed().entrySet()) {
      Run run = entry.getValue();
      List<String> row = new ArrayList<>(first);
      row.add(String.valueOf(entry.getKey()));
      row.add(number(score.ofValidation(run)));
      row.add(number(run.validationLoss()));
      row.add(number(score.of(run)));
      row.add(number(run.testLoss()));
      row.add(number(run.trainLoss()));
      row.add(number(run.learnedStepSize().orElse(Double.NaN)));
      row.add(number(run.seconds()));
      row.add(String.valueOf(run.evaluations()));
      row.add(String.valueOf(run.diverged()));
      row.add(number(run.epsilon()));
      writer.writeRecord(row);
    }
  }

  /** Returns a label that a spreadsheet does not take for a formula. */
  private static String cell(String label) {
    String plain = Text.plain(label);
    return plain.matches("[=+\\-@].*") ? "'" + plain : plain;
  }

  private static String number(double x) {
    return Double.isNaN(x) ? "" : String.valueOf(x);
  }
}
