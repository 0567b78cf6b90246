package dev.glissade.fuse.run;

import dev.glissade.fuse.plan.Loop;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Runs the loops of one pass in one frame, on one thread or on several that take a few units at a
 * time. The results do not depend on which thread takes which units.
 */
final class PassRunner extends WorkerPool.Job {
  /**
   * Waking a thread takes as long as processing some 100,000 elements. Several threads share a pass
   * of at least this many elements, or of at least the other number in all arrays.
   */
  private static final long MIN_SHARED_SIZE = 1 << 20;

  private static final long MIN_SHARED_IN_ALL = 3 << 20;

  /** The units of work that a thread takes at a time. */
  private static final int SHARE = 2;

  private final LoopRunner[] runners;

  /** The number of the first unit of each loop, then the number of all units. */
  private final int[] first;

  private final boolean large;
  private final AtomicInteger next = new AtomicInteger();

  PassRunner(Loop[] loops) {
    this.runners = new LoopRunner[loops.length];
    this.first = new int[loops.length + 1];
    long size = 0;
    long inAll = 0;
    for (int l = 0; l < loops.length; l++) {
      runners[l] = new LoopRunner(loops[l]);
      first[l + 1] = Math.addExact(first[l], runners[l].units());
      size += loops[l].size();
      inAll += loops[l].size() * loops[l].tape().arrays();
    }
    this.large = size >= MIN_SHARED_SIZE || inAll >= MIN_SHARED_IN_ALL;
  }

  /** Allocates what the threads need, also to finish the pass without memory. */
  void reserve(Frame frame) {
    int threads = threads(frame);
    for (LoopRunner runner : runners) {
      runner.reserve(frame, threads);
    }
  }

  private int threads(Frame frame) {
    return large ? frame.threads : 1;
  }

  /** Returns the names of how the loops ran last, for reports. */
  Set<String> kernels() {
    return Arrays.stream(runners)
        .map(LoopRunner::kernel)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Runs the loops; {@code overwrites} says whether they overwrite inputs. */
  void run(Frame frame, boolean overwrites) {
    int threads = threads(frame);
    for (LoopRunner runner : runners) {
      runner.fill(frame, threads);
    }
    next.set(0);
    frame.storing |= overwrites;
    if (threads > 1) {
      share(threads);
    } else {
      work(0);
    }
    for (LoopRunner runner : runners) {
      runner.combine(frame);
    }
  }

  @Override
  void work(int thread) {
    int all = first[runners.length];
    for (int from = next.getAndAdd(SHARE); from < all; from = next.getAndAdd(SHARE)) {
      int to = Math.min(from + SHARE, all);
      for (int l = 0; l < runners.length; l++) {
        int begin = Math.max(from, first[l]);
        int end = Math.min(to, first[l + 1]);
        if (begin < end) {
          runners[l].run(begin - first[l], end - first[l], thread);
        }
      }
    }
  }
}
