package dev.glissade.privacy.accounting;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records what was spent of a data set's privacy: every step whose noise was drawn, of all runs and
 * all their continuations. It has a file of its own beside the checkpoints, because going back to
 * an older checkpoint does not undo what was revealed after it: those steps stay spent.
 *
 * <p>{@link #spend} checks a budget and records the step in one action, and returns only when the
 * record is on disk, so that noise which is drawn after it is always counted, after a kill and
 * after a loss of power. If a process ends between the record and the noise, that one step stays
 * counted: a ledger never has a step too few. This costs two forced writes a step.
 *
 * <p>The file is text and has each record twice, with checksums. When one copy is damaged or cut
 * off, the other one mends it; when both are, the file is refused.
 *
 * <p>Any number of threads may share a ledger. One process at a time can have its file open.
 */
public final class PrivacyLedger implements AutoCloseable {
  private final String name;
  private final @Nullable LedgerFile file;
  private final List<GaussianSteps> spent = new ArrayList<>();

  private PrivacyLedger(String name, @Nullable LedgerFile file) {
    this.name = name;
    this.file = file;
    if (file != null) {
      spent.addAll(file.kinds());
    }
  }

  /** Returns a ledger that is forgotten with the process. */
  public static PrivacyLedger inMemory() {
    return new PrivacyLedger("this ledger", null);
  }

  /**
   * Opens the ledger in a file, which is created if there is none.
   *
   * @throws LedgerException if the file is not a ledger, is empty, is damaged in both copies of a
   *     record, or is open already, in this process or another one
   * @throws IOException if the file can't be opened
   */
  public static PrivacyLedger at(Path path) throws IOException {
    String name = "ledger " + path;
    return new PrivacyLedger(name, LedgerFile.at(path, name));
  }

  /** Returns everything that was spent, in the order of the first step of each kind. */
  public synchronized List<GaussianSteps> spent() {
    return List.copyOf(spent);
  }

  /** Returns how many steps, or epochs, of this kind were spent. */
  public synchronized long countLike(GaussianSteps kind) {
    int i = indexOf(kind);
    return i < 0 ? 0 : spent.get(i).count();
  }

  private int indexOf(GaussianSteps kind) {
    for (int i = 0; i < spent.size(); i++) {
      if (spent.get(i).withCount(0).equals(kind.withCount(0))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Records these steps, before their noise is drawn.
   *
   * @throws IOException if the file can't be written; then nothing may be drawn
   * @throws IllegalArgumentException if the count would exceed 2^63 - 1
   */
  public void add(GaussianSteps steps) throws IOException {
    spend(steps, totals -> true);
  }

  /**
   * Records these steps if a budget allows them, before their noise is drawn. No other thread can
   * spend between the check and the record.
   *
   * @param allowed whether everything that the ledger will have with these steps keeps the budget
   * @return whether the steps were recorded; if not, their noise must not be drawn
   * @throws IOException if the file can't be written; then nothing may be drawn
   * @throws IllegalArgumentException if the count would exceed 2^63 - 1
   */
  public synchronized boolean spend(
      GaussianSteps steps, Predicate<? super List<GaussianSteps>> allowed) throws IOException {
    List<GaussianSteps> totals = with(steps);
    if (!allowed.test(totals)) {
      return false;
    }
    int i = indexOf(steps);
    int index = i < 0 ? spent.size() : i;
    if (file != null) {
      file.set(index, totals.get(index));
    }
    spent.clear();
    spent.addAll(totals);
    return true;
  }

  /** Returns what the ledger would have in all with these steps. */
  public synchronized List<GaussianSteps> with(GaussianSteps steps) {
    List<GaussianSteps> totals = new ArrayList<>(spent);
    int i = indexOf(steps);
    if (i < 0) {
      totals.add(steps);
    } else {
      long count = spent.get(i).count();
      if (count > Long.MAX_VALUE - steps.count()) {
        throw new IllegalArgumentException(
            "the count of steps must be at most 2^63 - 1, but was %d and %d more"
                .formatted(count, steps.count()));
      }
      totals.set(i, steps.withCount(count + steps.count()));
    }
    return totals;
  }

  /**
   * Returns a line for each kind of steps, with its count: a copy for a checkpoint to keep, with
   * which {@link #missing} finds out later whether the ledger lost something.
   */
  public synchronized String text() {
    return spent.stream().map(LedgerText::of).collect(Collectors.joining("\n"));
  }

  /**
   * Returns the steps that a ledger had when it gave this {@link #text} and that this one lacks;
   * none if nothing was lost.
   *
   * @throws IllegalArgumentException if the text is not a ledger's
   */
  public synchronized List<GaussianSteps> missing(String text) {
    return text.lines()
        .map(LedgerText::parse)
        .filter(steps -> steps.count() > countLike(steps))
        .map(steps -> steps.withCount(steps.count() - countLike(steps)))
        .toList();
  }

  /** Closes the file, which another process may open then. What was spent can still be read. */
  @Override
  public synchronized void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  /** Returns what the ledger is called in sentences. */
  @Override
  public String toString() {
    return name;
  }
}
