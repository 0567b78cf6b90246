package dev.glissade.privacy.accounting;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records what was spent of a data set's privacy: every step whose noise was drawn, in all runs and
 * their continuations. It has its own file next to the checkpoints, because going back to an older
 * checkpoint does not undo what later steps revealed: those steps stay spent.
 *
 * <p>{@link #spend} checks a budget and records the step atomically, and returns only when the
 * record is on disk. So noise drawn after it always counts, even after a kill or a loss of power.
 * If a process ends between the record and the noise, that one step still counts: a ledger never
 * has a step too few. This costs two forced writes per step.
 *
 * <p>The file is text and has each record twice, with checksums. If one copy is damaged or cut off,
 * the other repairs it; if both are, opening the file fails.
 *
 * <p>Any number of threads may share a ledger. Only one process at a time can have its file open.
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

  /** {@return a new ledger in memory, which ends with the process} */
  public static PrivacyLedger inMemory() {
    return new PrivacyLedger("this ledger", null);
  }

  /**
   * Opens the ledger in a file; creates the file if it does not exist.
   *
   * @param path the file
   * @return the ledger, which holds a lock on the file until it is closed
   * @throws LedgerException if the file is not a ledger, is empty, is damaged in both copies of a
   *     record, or is already open, in this process or another one
   * @throws IOException if the file can't be opened
   */
  public static PrivacyLedger at(Path path) throws IOException {
    String name = "ledger " + path;
    return new PrivacyLedger(name, LedgerFile.at(path, name));
  }

  /** {@return everything that was spent, in the order of the first step of each kind} */
  public synchronized List<GaussianSteps> spent() {
    return List.copyOf(spent);
  }

  /**
   * Returns how much of one kind was spent.
   *
   * @param kind the kind of steps; its count is ignored
   * @return the number of steps, or of epochs
   */
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
   * Records steps, before their noise is drawn.
   *
   * @param steps the kind of steps and their count
   * @throws IOException if the file can't be written; do not draw the noise then
   * @throws IllegalArgumentException if the kind's count would exceed 2^63 - 1
   */
  public void add(GaussianSteps steps) throws IOException {
    spend(steps, totals -> true);
  }

  /**
   * Records steps if a budget allows them, before their noise is drawn. No other thread can spend
   * between the check and the record.
   *
   * @param steps the kind of steps and their count
   * @param allowed says whether the ledger's totals, with these steps, keep the budget
   * @return whether the steps were recorded; if not, do not draw their noise
   * @throws IOException if the file can't be written; do not draw the noise then
   * @throws IllegalArgumentException if the kind's count would exceed 2^63 - 1
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

  /**
   * Returns the totals that the ledger would have with more steps.
   *
   * @param steps the kind of steps and their count
   * @return the totals of all kinds
   */
  public synchronized List<GaussianSteps> with(GaussianSteps steps) {
    List<GaussianSteps> totals = new ArrayList<>(spent);
    int i = indexOf(steps);
    if (i < 0) {
      totals.add(steps);
    } else {
      long count = spent.get(i).count();
      if (count > Long.MAX_VALUE - steps.count()) {
        throw new IllegalArgumentException(
            "the count of steps must be at most 2^63 - 1, but was %d plus %d"
                .formatted(count, steps.count()));
      }
      totals.set(i, steps.withCount(count + steps.count()));
    }
    return totals;
  }

  /**
   * Returns the totals as text, for a checkpoint; {@link #missing} compares it with a ledger later.
   *
   * @return one line for each kind of steps, with its count
   */
  public synchronized String text() {
    return spent.stream().map(LedgerText::of).collect(Collectors.joining("\n"));
  }

  /**
   * Returns the steps of an earlier {@link #text} that this ledger lacks.
   *
   * @param text the totals of this ledger at an earlier time
   * @return the missing steps; empty if nothing was lost
   * @throws IllegalArgumentException if the text is not a ledger's
   */
  public synchronized List<GaussianSteps> missing(String text) {
    return text.lines()
        .map(LedgerText::parse)
        .filter(steps -> steps.count() > countLike(steps))
        .map(steps -> steps.withCount(steps.count() - countLike(steps)))
        .toList();
  }

  /** Closes the file, so that another process can open it. The totals can still be read. */
  @Override
  public synchronized void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  /** {@return the ledger's name in messages} */
  @Override
  public String toString() {
    return name;
  }
}
