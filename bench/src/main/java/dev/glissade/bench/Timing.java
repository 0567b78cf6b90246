package dev.glissade.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Times subjects in turn, round by round, so that a slow phase of the machine affects all. */
final class Timing {
  private static final long ROUND_NANOS = 2_000_000;
  private static final long WARM_NANOS = 700_000_000;
  private static final int WARM_STEPS = 60;

  /** What a busy compiler may take; then the loops run as they are. */
  private static final long MOST_NANOS = 20_000_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Timing() {}

  /**
   * One subject's result.
   *
   * @param nanos the median time of a step in nanoseconds
   * @param allocated bytes allocated per step by the calling thread
   */
  record Result(double nanos, double allocated) {}

  /** A subject with its number of steps in a round and the times of its rounds. */
  private static final class Lane {
    final Subject subject;
    final int steps;
    final double[] nanos;
    long allocated = Long.MAX_VALUE;

    Lane(Subject subject, int cycle, int rounds) {
      this.subject = subject;
      this.nanos = new double[rounds];
      this.steps = warmed(subject, cycle);
    }

    /**
     * Runs until compiled code is steady; returns the number of steps that fill a round. Each call
     * takes more steps until it fills a round, since a process of its own answers few calls a
     * second.
     */
    private static int warmed(Subject subject, int cycle) {
      long start = System.nanoTime();
      int taken = 0;
      int count = cycle;
      double last = Double.MAX_VALUE;
      boolean warm = false;
      while (!warm || taken < WARM_STEPS || System.nanoTime() - start < WARM_NANOS) {
        long nanos = subject.time(count);
        taken += count;
        last = (double) nanos * cycle / count;
        if (nanos < ROUND_NANOS) {
          count *= 2;
        }
        warm = subject.isWarm();
        long passed = System.nanoTime() - start;
        if ((warm && passed > 6 * WARM_NANOS && taken > 8) || passed > MOST_NANOS) {
          break;
        }
      }
      return cycle * (int) Math.max(1, ROUND_NANOS / Math.max(1, last));
    }

    void round(int number) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      nanos[number] = (double) subject.time(steps) / steps;
      allocated = Math.min(allocated, THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    Result result() {
      double[] sorted = nanos.clone();
      Arrays.sort(sorted);
      int half = sorted.length / 2;
      double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
      return new Result(median, (double) allocated / steps);
    }
  }

  /**
   * Returns the medians over the rounds.
   *
   * @param cycle the number of steps in a cycle of the optimizer
   */
  static List<Result> measure(List<Subject> subjects, int cycle, int rounds) {
    List<Lane> lanes = new ArrayList<>();
    for (Subject subject : subjects) {
      lanes.add(new Lane(subject, cycle, rounds));
    }
    for (int round = 0; round < rounds; round++) {
      for (Lane lane : lanes) {
        lane.round(round);
      }
    }
    return lanes.stream().map(Lane::result).toList();
  }
}
