package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ring adds in the order of ranks, and lets nobody in who does not know the secret. */
class RingTest {
  private static final String HOST = "127.0.0.1";
  private static final Duration SOON = Duration.ofSeconds(20);

  private final byte[] secret = Handshake.newSecret();

  /** Joins rings of threads of this process. */
  private final class Peers implements AutoCloseable {
    final List<Ring> rings = new ArrayList<>();
    final List<Link> links = new ArrayList<>();
    final ExecutorService threads = Executors.newCachedThreadPool();

    Peers(List<Frames> frames) throws Exception {
      int ranks = frames.size();
      List<Door> doors = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        doors.add(new Door(HOST, new Handshake(secret), rank, (rank + ranks - 1) % ranks));
      }
      for (int rank = 0; rank < ranks; rank++) {
        links.add(call(doors.get((rank + 1) % ranks), secret, rank, (rank + 1) % ranks));
      }
      for (int rank = 0; rank < ranks; rank++) {
        Link previous = doors.get(rank).await(SOON, () -> false);
        previous.waiting(SOON, () -> false);
        rings.add(new Ring(rank, ranks, links.get(rank), previous, frames.get(rank)));
        doors.get(rank).close();
      }
    }

    /** Sums on all ranks; one that fails closes its connections, as a task does. */
    void sum() throws Exception {
      List<Callable<String>> tasks = new ArrayList<>();
      for (Ring ring : rings) {
        tasks.add(() -> {
          try {
            ring.sum();
            ring.drain();
            return "";
          } catch (IOException e) {
            ring.close();
            return e.getMessage() + "\n";
          }
        });
      }
      StringBuilder problems = new StringBuilder();
      for (Future<String> future : threads.invokeAll(tasks)) {
        problems.append(future.get());
      }
      if (!problems.isEmpty()) {
        throw new IOException(problems.toString());
      }
    }

    @Override
    public void close() {
      rings.forEach(Ring::close);
      threads.shutdownNow();
    }
  }

  private static Link call(Door door, byte[] secret, int self, int peer) throws IOException {
    Link link = Link.to(new InetSocketAddress(HOST, door.port()), "peer", SOON);
    new Handshake(secret).connect(link, self, peer);
    return link;
  }

  @ParameterizedTest
  @CsvSource({"2, 10", "3, 10", "2, 1000000", "3, 300000", "5, 200001"})
  void addsInTheOrderOfRanks(int ranks, int numbers) throws Exception {
    List<float[]> floats = new ArrayList<>();
    List<double[]> doubles = new ArrayList<>();
    List<Frames> frames = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      floats.add(new float[numbers]);
      doubles.add(new double[3]);
      frames.add(Frames.forRing(List.of(floats.get(rank), new float[0], doubles.get(rank)), ranks));
    }
    try (Peers peers = new Peers(frames)) {
      for (int round = 0; round < 3; round++) {
        SplittableRandom random = new SplittableRandom(round);
        float[] expected = new float[numbers];
        double[] total = new double[3];
        for (int rank = 0; rank < ranks; rank++) {
          for (int i = 0; i < numbers; i++) {
            floats.get(rank)[i] = (float) Math.scalb(random.nextDouble(-1, 1), random.nextInt(9));
            expected[i] = rank == 0 ? floats.get(rank)[i] : expected[i] + floats.get(rank)[i];
          }
          for (int i = 0; i < 3; i++) {
            doubles.get(rank)[i] = random.nextDouble();
            total[i] = rank == 0 ? doubles.get(rank)[i] : total[i] + doubles.get(rank)[i];
          }
        }
        peers.sum();
        for (int rank = 0; rank < ranks; rank++) {
          assertThat(floats.get(rank)).as("rank %d", rank).isEqualTo(expected);
          assertThat(doubles.get(rank)).isEqualTo(total);
        }
      }
    }
  }

  @Test
  void failsSoonWhenAPeerIsGone() throws Exception {
    List<Frames> frames = new ArrayList<>();
    for (int rank = 0; rank < 3; rank++) {
      frames.add(new Frames(List.of(new float[2_000_000])));
    }
    try (Peers peers = new Peers(frames)) {
      peers.sum();
      peers.rings.get(1).close();
      assertThatThrownBy(peers::sum)
          .isInstanceOf(IOException.class)
          .hasMessageNotContaining("must answer");
    }
    requireNoThreads();
  }

  static void requireNoThreads() throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    while (!threads().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(threads()).isEmpty();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("glissade-"))
        .toList();
  }

  @Test
  void refusesFramesOfOtherSizes() throws Exception {
    List<Frames> frames =
        List.of(new Frames(List.of(new float[10])), new Frames(List.of(new float[11])));
    try (Peers peers = new Peers(frames)) {
      assertThatThrownBy(peers::sum)
          .hasMessageContaining("of the size that is known, but was number 0 of 40 bytes");
    }
  }

  @Test
  void givesUpInTime() throws Exception {
    List<Frames> frames = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      frames.add(new Frames(List.of(new float[10])));
    }
    try (Peers peers = new Peers(frames)) {
      Link silent = peers.links.get(0);
      silent.waiting(Duration.ofMillis(100), () -> false);
      assertThatThrownBy(() -> silent.read(4))
          .isInstanceOf(PeerLostException.class)
          .hasMessage(
              "peer must answer within 0 s, but did not: set a longer timeout if a step takes"
                  + " longer");
      silent.waiting(SOON, () -> true);
      assertThatThrownBy(() -> silent.read(4)).hasMessageContaining("the task was ended");
    }
  }

  @Test
  void letsInWhomItWaitsForWhileStrangersKnock() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    try (Door door = new Door(HOST, new Handshake(secret), 1, 0)) {
      for (int i = 0; i < 5; i++) {
        Socket stranger = new Socket(HOST, door.port());
        strangers.add(stranger);
        if (i > 0) {
          new DataOutputStream(stranger.getOutputStream()).write(new byte[i * 100]);
        }
      }
      assertThatThrownBy(() -> call(door, Handshake.newSecret(), 0, 1))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> call(door, secret, 2, 1)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> call(door, secret, 0, 2)).isInstanceOf(IOException.class);
      Link right = call(door, secret, 0, 1);
      Link accepted = door.await(SOON, () -> false);
      right.write(new byte[] {42});
      assertThat(accepted.read(1)).containsExactly(42);
      right.close();
      accepted.close();
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
    requireNoThreads();
  }

  @Test
  void letsInWhomItWaitsForAmongManySilentStrangers() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    try (Door door = new Door(HOST, new Handshake(secret), 1, 0)) {
      for (int i = 0; i < 100; i++) {
        strangers.add(new Socket(HOST, door.port()));
      }
      Link right = call(door, secret, 0, 1);
      door.await(SOON, () -> false).close();
      right.close();
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
    requireNoThreads();
  }

  @Test
  void examinesNobodyForLong() throws Exception {
    Duration examination = Duration.ofMillis(600);
    try (Door door = new Door(HOST, new Handshake(secret), 1, 0, examination);
        Socket stranger = new Socket(HOST, door.port())) {
      // One byte at a time, each long before a read gives up.
      long end = System.nanoTime() + SOON.toNanos();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 70 && System.nanoTime() < end; i++) {
                  stranger.getOutputStream().write(1);
                  Thread.sleep(100);
                }
              })
          .isInstanceOf(IOException.class);
    }
    requireNoThreads();
  }

  @Test
  void keepsTheConnectionOfAPeerWhenItsDoorIsClosed() throws Exception {
    for (int i = 0; i < 300; i++) {
      Door door = new Door(HOST, new Handshake(secret), 1, 0);
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<Link> caller = thread.submit(() -> call(door, secret, 0, 1));
      Link accepted = door.await(SOON, () -> false);
      door.close();
      Link right = caller.get();
      right.write(new byte[] {42});
      assertThat(accepted.read(1)).containsExactly(42);
      right.close();
      accepted.close();
      thread.shutdown();
    }
  }

  @Test
  void neitherEndTrustsOneThatRepeatsItsAnswer() throws Exception {
    // A stranger opens two connections and passes the challenge of one as its own on the other.
    try (Door door = new Door(HOST, new Handshake(secret), 1, 0)) {
      Link first = Link.to(new InetSocketAddress(HOST, door.port()), "peer", SOON);
      byte[] challenge = first.read(32);
      ByteBuffer hello =
          ByteBuffer.allocate(76).putInt(0x474C5231).putInt(0).putInt(1).put(challenge);
      first.write(hello.array());
      assertThatThrownBy(() -> first.read(32)).isInstanceOf(PeerLostException.class);
    }
  }

  @Test
  void saysWhichAddressCanNotBeBound() {
    assertThatThrownBy(() -> new Door("192.0.2.1", new Handshake(secret), 0, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be an address of its own machine, but 192.0.2.1");
  }
}
