package dev.glissade.spark;

import dev.glissade.NonFiniteException;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * A task of the ring: keeps a replica, and adds up its gradients with those of the other tasks at
 * each step.
 *
 * @param <T> the shards
 * @param plan what all tasks know
 * @param start the file of the checkpoint to start from
 * @param secret proves that tasks belong to this attempt
 * @param driver where the driver listens
 * @param port the driver's port
 * @param checkpoints where rank 0 saves; null for nowhere
 */
record BarrierTask<T>(
    TrainingPlan<T> plan,
    Broadcast<byte[][]> start,
    byte[] secret,
    String driver,
    int port,
    @Nullable HadoopCheckpoints checkpoints)
    implements Serializable {
  /** How long the tasks may take to find each other. */
  private static final Duration MEETING = Duration.ofSeconds(60);

  /** How long a task waits for Spark to end it when it has lost another one. */
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private static final long POLL_MILLIS = 100;

  /** Runs the training on a partition's shards. */
  byte[][] run(scala.collection.Iterator<T> shards) throws Exception {
    BarrierTaskContext context = BarrierTaskContext.get();
    try {
      return train(array(shards), context).toBytes();
    } catch (PeerLostException e) {
      // The task that failed first names the cause; Spark ends this one in a moment.
      long end = System.nanoTime() + FAREWELL.toNanos();
      while (!context.isInterrupted() && System.nanoTime() < end) {
        Thread.sleep(POLL_MILLIS);
      }
      throw e;
    }
  }

  @SuppressWarnings("unchecked")
  static <T> T[] array(scala.collection.Iterator<T> shards) {
    List<Object> all = new ArrayList<>();
    while (shards.hasNext()) {
      all.add(shards.next());
    }
    return (T[]) all.toArray();
  }

  private TaskResult train(T[] shards, BarrierTaskContext context) throws Exception {
    int rank = context.partitionId();
    Replica replica = Replica.of(plan, Blocks.checkpoint(start.value()), context.cpus());
    GradientSum sum = new GradientSum(replica.params().structure(), plan.ranks());
    ShardLoop<T> loop = new ShardLoop<>(plan, rank);
    String nonFinite = null;
    try (Ring ring = ring(context, sum.frames());
        ProgressSender progress = rank == 0 ? ProgressSender.to(driver, port, secret) : null) {
      while (replica.steps() < plan.steps()) {
        loop.add(replica.params(), shards, replica.steps() + 1, sum);
        ring.sum();
        double loss;
        try {
          loss = replica.step(sum); // the last rank may still send
        } finally {
          ring.drain();
        }
        if (progress != null) {
          progress.add(replica, loss);
          saveIfDue(replica);
        }
        if (context.isInterrupted()) {
          throw new PeerLostException("the task was ended", null);
        }
      }
    } catch (NonFiniteException e) {
      nonFinite = String.valueOf(e.getMessage()); // all ranks have the same sums and end here
    }
    return new TaskResult(
        replica.checksum(), nonFinite, rank == 0 ? Blocks.of(replica.checkpoint()) : new byte[0][]);
  }

  private void saveIfDue(Replica replica) throws IOException {
    if (checkpoints != null && checkpoints.isDue(replica.steps(), plan.steps())) {
      checkpoints.save(replica.checkpoint());
    }
  }

  /** Meets the other tasks: each listens, all learn the addresses, and each calls the next. */
  private Ring ring(BarrierTaskContext context, Frames frames) throws IOException {
    int rank = context.partitionId();
    int ranks = plan.ranks();
    if (ranks == 1) {
      return new Ring(0, 1, null, null, frames);
    }
    String host = host(context.getTaskInfos()[rank].address());
    Handshake handshake = new Handshake(secret);
    int before = (rank + ranks - 1) % ranks;
    int after = (rank + 1) % ranks;
    Link next = null;
    try (Door door = new Door(host, handshake, rank, before)) {
      String[] addresses = context.allGather(host + "/" + door.port());
      next = called(addresses[after], handshake, rank, after, context);
      Link previous = door.await(MEETING, context::isInterrupted);
      next.waiting(plan.timeout(), context::isInterrupted);
      previous.waiting(plan.timeout(), context::isInterrupted);
      return new Ring(rank, ranks, next, previous, frames);
    } catch (IOException | RuntimeException e) {
      if (next != null) {
        next.close();
      }
      throw e;
    }
  }

  /** Returns the host of "host:port". */
  private static String host(String address) {
    int colon = address.lastIndexOf(':');
    boolean port = colon > 0 && address.substring(colon + 1).matches("\\d+");
    String host = port ? address.substring(0, colon) : address;
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Connects to a rank, again and again until it has time for us. */
  private static Link called(
      String address, Handshake handshake, int self, int peer, BarrierTaskContext context)
      throws IOException {
    int slash = address.lastIndexOf('/');
    String host = address.substring(0, slash);
    int port = Integer.parseInt(address.substring(slash + 1));
    long end = System.nanoTime() + MEETING.toNanos();
    while (true) {
      Link link = null;
      try {
        link = Link.to(new InetSocketAddress(host, port), Door.name(peer), Duration.ofSeconds(10));
        handshake.connect(link, self, peer);
        return link;
      } catch (IOException e) {
        if (link != null) {
          link.close();
        }
        if (System.nanoTime() > end || context.isInterrupted()) {
          throw PeerLostException.of(Door.name(peer), e);
        }
        pause();
      }
    }
  }

  private static void pause() throws PeerLostException {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerLostException("interrupted while connecting", e);
    }
  }
}
