package dev.glissade.bench;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Simulates the ring of module spark frame by frame. Rank 0 sends its numbers; each rank adds its
 * own and passes the sum on; the last rank sends the whole sum around again, up to the rank before
 * it. Each rank receives and adds one frame at a time, and each connection carries one at a time.
 *
 * @param ranks the number of executors, at least 1
 * @param bytes the bytes of the gradients, positive
 * @param frame the most bytes of a frame, positive
 * @param network the terms that were measured
 */
record RingSimulation(int ranks, double bytes, double frame, Network network) {
  /**
   * What a message costs.
   *
   * @param latency the seconds from the end of sending to the start of receiving, with the wake-up
   *     of the receiving thread
   * @param overhead the seconds that a frame keeps a connection busy, whatever its size
   * @param bandwidth the bytes a second of one connection
   * @param adding the bytes a second at which a rank takes in a frame and adds it
   */
  record Network(double latency, double overhead, double bandwidth, double adding) {}

  /** Returns the frame that module spark chooses for a number of executors. */
  static double frame(int ranks, double bytes) {
    double best = Math.sqrt(bytes * 12_000 / Math.max(1, ranks - 1));
    return Math.max(
        1 << 13, Math.min(1 << 18, Math.scalb(1.0, (int) Math.rint(Math.log(best) / Math.log(2)))));
  }

  /** A frame that arrives at a rank. */
  private record Arrival(double time, long order, int rank, int number, boolean whole) {}

  /** Returns the seconds until each rank has the whole sum. */
  double seconds() {
    return ranks == 1 ? 0 : new Run().seconds();
  }

  /** One run; each rank works on what has arrived in the order of arrival. */
  private final class Run {
    private final int count = (int) Math.max(1, Math.ceil(bytes / frame));
    private final PriorityQueue<Arrival> arrivals =
        new PriorityQueue<>(
            Comparator.comparingDouble(Arrival::time).thenComparingLong(Arrival::order));
    private final double[] rankIsFree = new double[ranks];
    private final double[] linkIsFree = new double[ranks];
    private long order;

    double seconds() {
      for (int i = 0; i < count; i++) {
        send(0, 0, i, false);
      }
      double end = 0;
      while (!arrivals.isEmpty()) {
        Arrival arrival = arrivals.remove();
        int rank = arrival.rank();
        double begin = Math.max(arrival.time(), rankIsFree[rank]);
        double done = begin + size(arrival.number()) / network.adding();
        rankIsFree[rank] = done;
        end = Math.max(end, done);
        boolean last = rank == ranks - 1;
        if (!arrival.whole() || rank < ranks - 2) {
          send(rank, done, arrival.number(), arrival.whole() || last);
        }
      }
      return end;
    }

    private double size(int number) {
      return Math.min(frame, bytes - number * frame);
    }

    /** Sends a frame to the next rank as soon as the connection is free. */
    private void send(int rank, double ready, int number, boolean whole) {
      double begin = Math.max(ready, linkIsFree[rank]);
      linkIsFree[rank] = begin + network.overhead() + size(number) / network.bandwidth();
      arrivals.add(
          new Arrival(
              linkIsFree[rank] + network.latency(), order++, (rank + 1) % ranks, number, whole));
    }
  }
}
