package dev.glissade.bench;

import dev.glissade.bench.Workload.Pass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stream: passes that read and write as many arrays as an optimizer's passes, with next to no
 * arithmetic, in loops that the compiler is known to vectorize, and on as many different arrays. It
 * shows what memory allows.
 */
final class Traffic implements Subject {
  private static final ThreadLocal<float[]> BLOCK = ThreadLocal.withInitial(() -> new float[1024]);

  private final Crew crew;
  private final int size;
  private final int threads;
  private final int cycle;
  private final List<Crew.Ranged> loops = new ArrayList<>();

  Traffic(Crew crew, Workload workload, int size, int threads) {
    this.crew = crew;
    this.size = size;
    this.threads = threads;
    this.cycle = workload.average();
    Map<String, float[]> byName = new HashMap<>();
    for (Pass pass : workload.passes()) {
      float[][] arrays =
          pass.arrays().stream()
              .map(name -> byName.computeIfAbsent(name, n -> random(byName.size())))
              .toArray(float[][]::new);
      loops.add((from, to) -> pass(pass, arrays, from, to));
    }
  }

  private float[] random(int seed) {
    return RandomData.random(size, seed);
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i += cycle) {
      for (Crew.Ranged loop : loops) {
        crew.run(loop, size, threads);
      }
    }
  }

  /** Runs a pass; each loop has at most four arrays, writes up to three, read-only ones first. */
  private static double pass(Pass pass, float[][] arrays, int from, int to) {
    if (pass.unread() > 0) {
      return overwrite(pass, arrays, from, to);
    }
    int extra = pass.reads() - pass.writes();
    int left = pass.writes();
    if (left == 0) {
      return copies(arrays, extra, from, to);
    }
    int read = 0;
    int next = extra;
    while (left > 0) {
      int written = Math.min(left, 3);
      if (written == left && extra - read > 4 - written) {
        written = Math.max(1, written - 1);
      }
      int taken = Math.min(extra - read, 4 - written);
      loop(arrays, Math.min(read, next), taken, next, written, from, to);
      read += taken;
      next += written;
      left -= written;
    }
    if (read < extra) {
      throw new IllegalStateException("an array is not read: " + pass);
    }
    return 0;
  }

  private static void loop(
      float[][] arrays, int read, int reads, int next, int writes, int from, int to) {
    float[] a = arrays[read];
    float[] x = arrays[next];
    if (reads == 0) {
      scaleAlone(arrays, next, writes, from, to);
    } else if (reads == 3) {
      add(a, arrays[read + 1], arrays[read + 2], x, from, to);
    } else if (reads == 2 && writes == 2) {
      add2(a, arrays[read + 1], x, arrays[next + 1], from, to);
    } else if (reads == 2) {
      add(a, arrays[read + 1], x, from, to);
    } else if (writes == 3) {
      scale(a, x, arrays[next + 1], arrays[next + 2], from, to);
    } else if (writes == 2) {
      scale(a, x, arrays[next + 1], from, to);
    } else {
      scale(a, x, from, to);
    }
  }

  /** Reads two arrays and writes a third, and also one of the two if the pass has two writes. */
  private static double overwrite(Pass pass, float[][] arrays, int from, int to) {
    if (pass.moves(2, 2, 1)) {
      keep(arrays[0], arrays[1], arrays[2], from, to);
    } else if (pass.moves(2, 1, 1)) {
      difference(arrays[0], arrays[1], arrays[2], from, to);
    } else {
      throw new IllegalStateException("no loop for " + pass);
    }
    return 0;
  }

  private static void keep(float[] a, float[] x, float[] old, int from, int to) {
    for (int i = from; i < to; i++) {
      float value = x[i];
      old[i] = value;
      x[i] = a[i] - value;
    }
  }

  private static void difference(float[] a, float[] b, float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = a[i] - b[i];
    }
  }

  private static void scaleAlone(float[][] arrays, int next, int writes, int from, int to) {
    for (int k = 0; k < writes; k++) {
      negate(arrays[next + k], from, to);
    }
  }

  private static void negate(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = 1 - x[i];
    }
  }

  /** Only reads, by bulk copies into a block that stays in cache. */
  private static double copies(float[][] arrays, int count, int from, int to) {
    float[] block = BLOCK.get();
    double sum = 0;
    for (int start = from; start < to; start += block.length) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(arrays[i], start, block, 0, Math.min(block.length, to - start));
        sum += block[0];
      }
    }
    return sum;
  }

  private static void add2(float[] a, float[] b, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      float value = a[i] + b[i];
      x[i] = value - x[i];
      y[i] = value - y[i];
    }
  }

  private static void scale(float[] a, float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = a[i] - x[i];
    }
  }

  private static void scale(float[] a, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      float value = a[i];
      x[i] = value - x[i];
      y[i] = value - y[i];
    }
  }

  private static void scale(float[] a, float[] x, float[] y, float[] z, int from, int to) {
    for (int i = from; i < to; i++) {
      float value = a[i];
      x[i] = value - x[i];
      y[i] = value - y[i];
      z[i] = value - z[i];
    }
  }

  private static void add(float[] a, float[] b, float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = a[i] + b[i] - x[i];
    }
  }

  private static void add(float[] a, float[] b, float[] c, float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = a[i] + b[i] + c[i] - x[i];
    }
  }
}
