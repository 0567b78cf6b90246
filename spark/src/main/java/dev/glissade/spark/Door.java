package dev.glissade.spark;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Waits on an address for one peer, and refuses all who can't prove to be it. Each who connects is
 * examined by a thread of its own, for a limited time, so that those who say nothing, or little at
 * a time, keep nobody waiting; when too many are examined, the one who came first must go.
 */
final class Door implements Closeable {
  private static final System.Logger LOG = System.getLogger("dev.glissade.spark");
  private static final Duration EXAMINATION = Duration.ofSeconds(10);
  private static final int MOST_EXAMINED = 64;
  private static final int BACKLOG = 64;
  private static final int POLL_MILLIS = 200;

  private final ServerSocket server;
  private final Handshake handshake;
  private final int self;
  private final int peer;
  private final String peerName;
  private final CompletableFuture<Link> accepted = new CompletableFuture<>();
  private final Duration examination;

  /** Who is examined, in the order of arrival. */
  private final Queue<Guest> examined = new ConcurrentLinkedQueue<>();

  private volatile boolean taken;

  /** A connection that is examined, and when it was accepted. */
  private record Guest(Link link, long since) {}

  /**
   * Opens a port.
   *
   * @param host the name or address to bind to
   * @param self the own rank
   * @param peer the rank that is expected
   */
  Door(String host, Handshake handshake, int self, int peer) throws IOException {
    this(host, handshake, self, peer, EXAMINATION);
  }

  /**
   * Opens a port.
   *
   * @param examination the longest time of an examination
   */
  Door(String host, Handshake handshake, int self, int peer, Duration examination)
      throws IOException {
    this.examination = examination;
    this.handshake = handshake;
    this.self = self;
    this.peer = peer;
    this.peerName = name(peer);
    this.server = new ServerSocket();
    try {
      server.setReceiveBufferSize(1 << 20);
      server.setSoTimeout(POLL_MILLIS);
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
        welcome(server.accept());
      } catch (SocketTimeoutException e) {
        // Nobody came.
      } catch (IOException e) {
        pause(); // the port was closed, or there are too many open files
      }
      dismiss();
    }
  }

  private void welcome(Socket socket) throws IOException {
    Link link;
    try {
      link = new Link(socket, peerName, examination);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    Guest guest = new Guest(link, System.nanoTime());
    examined.add(guest);
    daemon("glissade-handshake", () -> examine(guest, socket));
  }

  /** Closes the connections that are examined for too long, and the first ones of too many. */
  private void dismiss() {
    Guest first = examined.peek();
    while (first != null
        && (examined.size() > MOST_EXAMINED
            || System.nanoTime() - first.since() > examination.toNanos())) {
      if (examined.remove(first)) { // unless it has just proved who it is
        first.link().close();
      }
      first = examined.peek();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void examine(Guest guest, Socket socket) {
    Link link = guest.link();
    try {
      handshake.accept(link, peer, self);
      // Before the caller has it, and may close this door.
      if (examined.remove(guest) && accepted.complete(link)) {
        return;
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a connection from %s was refused: %s"
              .formatted(socket.getRemoteSocketAddress(), e.getMessage()));
    }
    examined.remove(guest);
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
    examined.forEach(guest -> guest.link().close());
    accepted.completeExceptionally(new PeerLostException("the port was closed", null));
    if (!taken && !accepted.isCompletedExceptionally()) {
      accepted.join().close();
    }
  }
}
