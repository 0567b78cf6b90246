package dev.glissade.arena;

import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Metrics;
import dev.glissade.arena.train.ProgressListener;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows progress as plain lines: one for each run that ends, and one now and then in between. If
 * there is only one run, its end is left to the results.
 */
final class ProgressLog implements ProgressListener {
  private static final long QUIET_NANOS = 10_000_000_000L;

  private final PrintWriter err;
  private final RunsInProgress work;
  private final int runs;
  private int ended;
  private long lastLine = System.nanoTime();

  ProgressLog(PrintWriter err, RunsInProgress work) {
    this.err = err;
    this.work = work;
    this.runs = work.runs();
  }

  @Override
  public synchronized void epoch(int optimizer, int seed, int epoch, Metrics validation) {
    if (System.nanoTime() - lastLine > QUIET_NANOS) {
      line(
          "%s: epoch %d of %d, validation %s",
          label(optimizer, seed), epoch, work.epochs(), work.task().format(validation.score()));
    }
  }

  @Override
  public synchronized void skipped(int optimizer, int seed, long steps) {
    if (System.nanoTime() - lastLine > QUIET_NANOS) {
      line("%s: skipped %d steps that were not finite", label(optimizer, seed), steps);
    }
  }

  @Override
  public synchronized void ended(int optimizer, int seed, double score, boolean diverged) {
    ended++;
    if (runs == 1) {
      return;
    }
    line(
        "[%d/%d] %s: %stest %s",
        ended,
        runs,
        label(optimizer, seed),
        diverged ? "diverged, " : "",
        work.task().format(score));
  }

  private String label(int optimizer, int seed) {
    String plain = Text.plain(work.labels().get(optimizer));
    return work.seeds() == 1 ? plain : plain + ", seed " + (work.seed() + seed);
  }

  private void line(String pattern, Object... values) {
    err.printf(Locale.ROOT, pattern + "%n", values);
    err.flush();
    lastLine = System.nanoTime();
  }

  @Override
  public void close() {}
}
