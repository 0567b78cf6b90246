package dev.glissade.bench;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * An optimizer to measure and the passes over memory that it needs, as counts of arrays of four
 * bytes per element.
 *
 * @param average the number of steps in a cycle; 2 for SAM
 */
record Workload(String name, GradientTransformation<?> optimizer, List<Pass> passes, int average) {

  private static final Pattern PASS =
      Pattern.compile("reads \\[(.*?)]; writes \\[(.*?)];.* ([0-9.]+) bytes");

  /** The name of the workload that adds up one example's gradient for {@code dpsgd}. */
  static final String EXAMPLE = "private example";

  /** Returns the workload of an optimizer with the passes of its step on one array. */
  static Workload of(String name, GradientTransformation<?> optimizer, TreeShape form) {
    Stepper<?> stepper = Stepper.of(optimizer, RandomData.tree(form, 1, false));
    for (int step = 0; step < 2; step++) {
      stepper.step(RandomData.tree(form, 2, false));
    }
    List<Pass> passes =
        stepper
            .explain()
            .lines()
            .map(PASS::matcher)
            .filter(Matcher::find)
            .filter(pass -> Double.parseDouble(pass.group(3)) >= Float.BYTES)
            .map(pass -> Pass.of(names(pass.group(1)), names(pass.group(2))))
            .toList();
    return new Workload(name, optimizer, passes, 1);
  }

  private static List<String> names(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(", *"));
  }

  /** Returns a subject that takes the workload's steps. */
  Subject subject(TreeShape form, int threads) {
    return name.equals(EXAMPLE)
        ? new PrivateExample(form.sizes(), threads)
        : new Steps(this, form, threads, false);
  }

  /** Returns the same with small leaves in common arrays. */
  Subject packed(TreeShape form, int threads) {
    return new Steps(this, form, threads, true);
  }

  /**
   * The number of arrays that a pass reads, that it writes, and that it writes without reading; the
   * hardware fetches the last, too, before it overwrites them.
   *
   * @param arrays the names of the arrays, those only read first: passes that name other arrays
   *     touch other memory
   */
  record Pass(int reads, int writes, int unread, List<String> arrays) {
    Pass(int reads, int writes) {
      this(reads, writes, 0);
    }

    /** Returns a pass on the first arrays, as the other passes of this kind. */
    Pass(int reads, int writes, int unread) {
      this(
          reads,
          writes,
          unread,
          IntStream.range(0, reads + unread).mapToObj(i -> "array " + i).toList());
    }

    /** Returns a pass on arrays with these names. */
    static Pass of(List<String> reads, List<String> writes) {
      List<String> arrays = new ArrayList<>(reads);
      arrays.removeAll(writes);
      int kept = Math.max(0, reads.size() - writes.size());
      arrays.subList(Math.min(kept, arrays.size()), arrays.size()).clear();
      arrays.addAll(writes);
      return new Pass(reads.size(), writes.size(), 0, List.copyOf(arrays));
    }

    boolean moves(int read, int written, int notRead) {
      return reads == read && writes == written && unread == notRead;
    }
  }

  /** Returns the bytes moved per element and step. */
  double bytes() {
    return 4.0 * passes.stream().mapToInt(pass -> pass.reads() + pass.writes()).sum() / average;
  }
}
