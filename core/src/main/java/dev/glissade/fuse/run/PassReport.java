package dev.glissade.fuse.run;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.plan.Stage;
import dev.glissade.fuse.tape.Tape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A report of one pass over memory.
 *
 * @param reads the bytes read from each tree, by name
 * @param writes the bytes written to each tree, by name
 * @param reductions the number of reductions
 * @param loops the number of loops
 * @param kernels the names of the kernels
 */
public record PassReport(
    Map<String, Long> reads,
    Map<String, Long> writes,
    int reductions,
    int loops,
    Set<String> kernels) {

  /** Returns the bytes moved. */
  public long bytes() {
    return sum(reads) + sum(writes);
  }

  private static long sum(Map<String, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  static PassReport of(Stage stage, Set<String> kernels, List<String> nodes, List<String> targets) {
    Map<Loop.ArrayRef, Long> read = new LinkedHashMap<>();
    Map<Loop.ArrayRef, Long> written = new LinkedHashMap<>();
    for (Loop loop : stage.loops()) {
      for (Tape.Load load : loop.tape().all(Tape.Load.class)) {
        add(read, loop, load.array(), load.element());
      }
      for (Tape.Store store : loop.tape().all(Tape.Store.class)) {
        add(written, loop, store.array(), store.element());
      }
    }
    return new PassReport(
        named(read, nodes, targets),
        named(written, nodes, targets),
        stage.reduced().length + stage.small().length,
        stage.loops().length,
        kernels);
  }

  private static void add(Map<Loop.ArrayRef, Long> bytes, Loop loop, int array, Element element) {
    if (array >= loop.tape().arrays()) {
      return;
    }
    for (int leaf = 0; leaf < loop.sizes().length; leaf++) {
      Loop.ArrayRef ref = loop.arrays()[leaf * loop.tape().arrays() + array];
      bytes.put(ref, (long) loop.sizes()[leaf] * element.bytes());
    }
  }

  private static Map<String, Long> named(
      Map<Loop.ArrayRef, Long> bytes, List<String> nodes, List<String> targets) {
    Map<String, Long> named = new LinkedHashMap<>();
    bytes.forEach((array, count) -> {
      String name = array.ofTarget() ? targets.get(array.index()) : nodes.get(array.index());
      named.merge(name, count, Long::sum);
    });
    return named;
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** Formats one line for each pass, with bytes per parameter. */
  public static String table(List<PassReport> passes, long parameters) {
    StringBuilder text = new StringBuilder();
    double all = 0;
    int number = 0;
    for (PassReport pass : passes) {
      double bytes = (double) pass.bytes() / parameters;
      all += bytes;
      text.append(
          "pass %d: reads %s; writes %s; reduces to %s; %s by %s, %.1f bytes%n"
              .formatted(
                  ++number,
                  pass.reads().keySet(),
                  pass.writes().keySet(),
                  counted(pass.reductions(), "number"),
                  counted(pass.loops(), "loop"),
                  String.join(" and ", pass.kernels()),
                  bytes));
    }
    return text.append("%.1f bytes per parameter in all%n".formatted(all)).toString();
  }
}
