package dev.glissade.bench;

import dev.glissade.GradientTransformation;
import java.util.List;

/**
 * An optimizer to measure, and the passes over memory that it takes: the arrays that each reads and
 * writes, of four bytes an element.
 *
 * @param average over how many steps a cycle of its steps goes; 2 for SAM
 */
record Workload(String name, GradientTransformation<?> optimizer, List<Pass> passes, int average) {

  /** The name of the workload that adds up one example's gradient for {@code dpsgd}. */
  static final String EXAMPLE = "private example";

  /** What takes the workload's steps. */
  Subject subject(int[] sizes, int threads) {
    return name.equals(EXAMPLE)
        ? new PrivateExample(sizes, threads)
        : new Steps(this, sizes, threads, false);
  }

  /** The same with small leaves in common arrays. */
  Subject packed(int[] sizes, int threads) {
    return new Steps(this, sizes, threads, true);
  }

  /**
   * How many arrays one pass reads, how many it writes, and how many of those it does not read:
   * memory fetches these, too, before it takes the new numbers.
   */
  record Pass(int reads, int writes, int unread) {
    Pass(int reads, int writes) {
      this(reads, writes, 0);
    }
  }

  /** Bytes moved an element and step. */
  double bytes() {
    return 4.0 * passes.stream().mapToInt(pass -> pass.reads() + pass.writes()).sum() / average;
  }
}
