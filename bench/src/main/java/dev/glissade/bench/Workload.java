package dev.glissade.bench;

import dev.glissade.GradientTransformation;
import java.util.List;

/**
 * An optimizer to measure and the passes over memory that it needs, as counts of arrays of four
 * bytes per element.
 *
 * @param average the number of steps in a cycle; 2 for SAM
 */
record Workload(String name, GradientTransformation<?> optimizer, List<Pass> passes, int average) {

  /** The name of the workload that adds up one example's gradient for {@code dpsgd}. */
  static final String EXAMPLE = "private example";

  /** Returns a subject that takes the workload's steps. */
  Subject subject(int[] sizes, int threads) {
    return name.equals(EXAMPLE)
        ? new PrivateExample(sizes, threads)
        : new Steps(this, sizes, threads, false);
  }

  /** Returns the same with small leaves in common arrays. */
  Subject packed(int[] sizes, int threads) {
    return new Steps(this, sizes, threads, true);
  }

  /**
   * The number of arrays that a pass reads, that it writes, and that it writes without reading; the
   * hardware fetches the last, too, before it overwrites them.
   */
  record Pass(int reads, int writes, int unread) {
    Pass(int reads, int writes) {
      this(reads, writes, 0);
    }
  }

  /** Returns the bytes moved per element and step. */
  double bytes() {
    return 4.0 * passes.stream().mapToInt(pass -> pass.reads() + pass.writes()).sum() / average;
  }
}
