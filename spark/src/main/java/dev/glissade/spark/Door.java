package dev.glissade.spark;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Waits on an address for one peer, and refuses all who can't prove to be it. Each who connects is
 * examined by a thread of its own, so that one who says nothing keeps nobody waiting.
 */
final class Door implements Closeable {
  private static final System.Logger LOG = System.getLogger("dev.glissade.spark");
  private static final Duration EXAMINATION = Duration.ofSeconds(10);
  private static final int MOST_EXAMINED = 16;
  private static final int BACKLOG = 64;
  private static final long POLL_MILLIS = 200;

  private final ServerSocket server;
  private final Handshake handshake;
  private final int self;
  private final int peer;
  private final String peerName;
  private final CompletableFuture<Link> accepted = new CompletableFuture<>();
  private final Set<Link> examined = ConcurrentHashMap.newKeySet();
  private volatile boolean taken;

  /**
   * Opens a port.
   *
   * @param host the name or address to bind to
   * @param self the own rank
   * @param peer the rank that is expected
   */
  Door(String host, Handshake handshake, int self, int peer) throws IOException {
    this.handshake = handshake;
    this.self = self;
    this.peer = peer;
    this.peerName = name(peer);
    this.server = new ServerSocket();
    try {
      server.setReceiveBufferSize(1 << 20);
      server.bind(new InetSocketAddress(InetAddress.getByName(host), 0), BACKLOG);
    } catch (IOException e) {
      server.close();
      throw new IOException(
          "the host name of this process must be an address of its own machine, but %s can't be"
                  .formatted(host)
              + " bound: "
              + e.getMessage(),
          e);
    }
    daemon("glissade-door", this::acceptAll);
  }

  static String name(int rank) {
    return rank == Handshake.DRIVER ? "the driver" : "rank " + rank;
  }

  static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (examined.size() >= MOST_EXAMINED) {
          socket.close();
          continue;
        }
        Link link = new Link(socket, peerName, EXAMINATION);
        examined.add(link);
        daemon("glissade-handshake", () -> examine(link, socket));
      } catch (IOException e) {
        pause(); // the port was closed, or there are too many open files
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void examine(Link link, Socket socket) {
    try {
      handshake.accept(link, peer, self);
      examined.remove(link); // before the caller has it, and may close this door
      if (accepted.complete(link)) {
        return;
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a connection from %s was refused: %s"
              .formatted(socket.getRemoteSocketAddress(), e.getMessage()));
    }
    examined.remove(link);
    link.close();
  }

  /** Returns the connection to the peer, which the caller closes, and accepts no more. */
  Link await(Duration longest, BooleanSupplier cancelled) throws IOException {
    long end = System.nanoTime() + longest.toNanos();
    while (true) {
      try {
        Link link = accepted.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        taken = true;
        server.close();
        return link;
      } catch (TimeoutException e) {
        if (cancelled.getAsBoolean() || server.isClosed() || System.nanoTime() > end) {
          throw new PeerLostException(
              "%s must connect within %d s, but did not".formatted(peerName, longest.toSeconds()),
              e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PeerLostException("interrupted while waiting for " + peerName, e);
      } catch (ExecutionException e) {
        throw new PeerLostException("the port was closed while waiting for " + peerName, e);
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // Nobody waits.
    }
    examined.forEach(Link::close);
    accepted.completeExceptionally(new PeerLostException("the port was closed", null));
    if (!taken && !accepted.isCompletedExceptionally()) {
      accepted.join().close();
    }
  }
}
