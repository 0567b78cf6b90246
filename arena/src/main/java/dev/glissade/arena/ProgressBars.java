package dev.glissade.arena;

import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Metrics;
import dev.glissade.arena.train.ProgressListener;
import java.util.List;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows progress as one bar for each optimizer, which counts the epochs of all its runs. */
final class ProgressBars implements ProgressListener {
  private static final int REDRAW_MILLIS = 200;
  private static final int LONGEST_LABEL = 28;

  private final List<ProgressBar> bars;
  private final RunsInProgress work;

  ProgressBars(RunsInProgress work) {
    this.work = work;
    this.bars = IntStream.range(0, work.lines().size()).mapToObj(this::bar).toList();
  }

  private ProgressBar bar(int line) {
    return new ProgressBarBuilder()
        .setTaskName(cell(work.lines().get(line)))
        .setInitialMax(work.epochsOf(line))
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(REDRAW_MILLIS)
        .setMaxRenderedLength(Terminal.columns(Terminal.USUAL))
        .hideEta()
        .build();
  }

  private ProgressBar barOf(int candidate) {
    return bars.get(work.lineOf().get(candidate));
  }

  static String cell(String label) {
    String plain = Text.plain(label);
    int length = plain.codePointCount(0, plain.length());
    return length > LONGEST_LABEL
        ? plain.substring(0, plain.offsetByCodePoints(0, LONGEST_LABEL))
        : plain + " ".repeat(LONGEST_LABEL - length);
  }

  @Override
  public void resumed(int optimizer, int seed, int epochs) {
    barOf(optimizer).stepBy(epochs);
  }

  @Override
  public void epoch(int optimizer, int seed, int epoch, Metrics validation) {
    ProgressBar bar = barOf(optimizer);
    bar.step();
    bar.setExtraMessage("validation " + work.task().format(validation.score()));
  }

  @Override
  public void skipped(int optimizer, int seed, long steps) {
    barOf(optimizer).setExtraMessage(steps + " steps skipped");
  }

  @Override
  public void ended(int optimizer, int seed, double score, boolean diverged) {
    ProgressBar bar = barOf(optimizer);
    if (diverged) {
      bar.setExtraMessage("diverged");
    }
    if (bar.getCurrent() >= bar.getMax()) {
      bar.refresh();
    }
  }

  @Override
  public void close() {
    bars.forEach(ProgressBar::close);
  }
}
