package dev.glissade.arena;

import dev.glissade.arena.model.Evaluation;
import dev.glissade.arena.text.Text;
import dev.glissade.arena.train.Contest;
import dev.glissade.arena.train.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** Progress as plain lines: one for each run that ends, and one now and then while none does. */
final class Lines implements Progress {
  private static final long QUIET_NANOS = 10_000_000_000L;

  private final PrintWriter err;
  private final Contest contest;
  private final int runs;
  private int ended;
  private long lastLine = System.nanoTime();

  Lines(PrintWriter err, Contest contest) {
    this.err = err;
    this.contest = contest;
    this.runs = contest.contestants().size() * contest.seeds();
  }

  @Override
  public synchronized void epoch(int contestant, int seed, int epoch, Evaluation test) {
    if (System.nanoTime() - lastLine > QUIET_NANOS) {
      line(
          "%s: epoch %d of %d, test accuracy %.2f %%",
          label(contestant, seed), epoch, contest.plan().epochs(), 100 * test.accuracy());
    }
  }

  @Override
  public synchronized void skipped(int contestant, int seed, long steps) {
    if (System.nanoTime() - lastLine > QUIET_NANOS) {
      line("%s: %d steps skipped, not finite", label(contestant, seed), steps);
    }
  }

  @Override
  public synchronized void ended(int contestant, int seed, double accuracy, boolean diverged) {
    ended++;
    line(
        "[%d/%d] %s: %s%.2f %%",
        ended,
        runs,
        label(contestant, seed),
        diverged ? "diverged, test accuracy " : "test accuracy ",
        100 * accuracy);
  }

  private String label(int contestant, int seed) {
    String label = contest.contestants().get(contestant).label();
    String plain = Text.plain(label);
    return contest.seeds() == 1 ? plain : plain + ", seed " + (contest.seed() + seed);
  }

  private void line(String pattern, Object... values) {
    err.printf(Locale.ROOT, pattern + "%n", values);
    err.flush();
    lastLine = System.nanoTime();
  }

  @Override
  public void close() {}
}
