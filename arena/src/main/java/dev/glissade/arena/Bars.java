package dev.glissade.arena;

import dev.glissade.arena.model.Evaluation;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Contest;
import dev.glissade.arena.train.Progress;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as one bar for each optimizer, counting the epochs of all its runs. */
final class Bars implements Progress {
  private static final int REDRAW_MILLIS = 200;
  private static final int LONGEST_LABEL = 28;

  private final List<ProgressBar> bars;
  private final int epochs;

  Bars(Contest contest) {
    epochs = contest.plan().epochs();
    bars =
        contest.contestants().stream()
            .map(contestant ->
                new ProgressBarBuilder()
                    .setTaskName(cell(contestant.label()))
                    .setInitialMax((long) epochs * contest.seeds())
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REDRAW_MILLIS)
                    .hideEta()
                    .build())
            .toList();
  }

  private static String cell(String label) {
    String plain = Text.plain(label);
    int length = plain.codePointCount(0, plain.length());
    return length > LONGEST_LABEL
        ? plain.substring(0, plain.offsetByCodePoints(0, LONGEST_LABEL))
        : plain + " ".repeat(LONGEST_LABEL - length);
  }

  @Override
  public void resumed(int contestant, int seed, int epochs) {
    bars.get(contestant).stepBy(epochs);
  }

  @Override
  public void epoch(int contestant, int seed, int epoch, Evaluation test) {
    ProgressBar bar = bars.get(contestant);
    bar.step();
    bar.setExtraMessage(String.format(Locale.ROOT, "%6.2f %%", 100 * test.accuracy()));
  }

  @Override
  public void skipped(int contestant, int seed, long steps) {
    bars.get(contestant).setExtraMessage(steps + " steps skipped");
  }

  @Override
  public void ended(int contestant, int seed, double accuracy, boolean diverged) {
    ProgressBar bar = bars.get(contestant);
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
