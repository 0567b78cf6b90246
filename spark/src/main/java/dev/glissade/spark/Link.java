package dev.glissade.spark;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A connection to a peer. Reading looks every half second whether the task was ended, and gives up
 * when the bytes don't arrive in time. One thread reads while another may write.
 */
final class Link implements Closeable {
  private static final int POLL_MILLIS = 500;
  private static final int SOCKET_BUFFER = 1 << 20;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String peer;
  private BooleanSupplier cancelled = () -> false;
  private Duration patience;

  /**
   * Takes a connected socket.
   *
   * @param peer its other end, for messages
   * @param patience how long nothing may arrive
   */
  Link(Socket socket, String peer, Duration patience) throws IOException {
    this.socket = socket;
    this.peer = peer;
    this.patience = patience;
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.setSendBufferSize(SOCKET_BUFFER);
    socket.setSoTimeout(POLL_MILLIS);
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /** Connects to an address. */
  static Link to(InetSocketAddress address, String peer, Duration patience) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(SOCKET_BUFFER);
      socket.connect(address, Math.toIntExact(patience.toMillis()));
      return new Link(socket, peer, patience);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sets how long nothing may arrive, and what ends the wait before that. */
  void waiting(Duration longest, BooleanSupplier unless) {
    this.patience = longest;
    this.cancelled = unless;
  }

  byte[] read(int count) throws IOException {
    byte[] bytes = new byte[count];
    read(bytes, 0, count);
    return bytes;
  }

  void read(byte[] bytes, int from, int count) throws IOException {
    long start = System.nanoTime();
    int done = 0;
    while (done < count) {
      try {
        int read = in.read(bytes, from + done, count - done);
        if (read < 0) {
          throw new PeerLostException(peer + " closed its connection", null);
        }
        done += read;
      } catch (SocketTimeoutException e) {
        requirePatience(start);
      } catch (IOException e) {
        throw PeerLostException.of(peer, e);
      }
    }
  }

  /** Throws if the task was ended, or too much time has passed since a start. */
  void requirePatience(long start) throws IOException {
    if (cancelled.getAsBoolean()) {
      throw new PeerLostException("the task was ended while it waited for " + peer, null);
    }
    if (System.nanoTime() - start > patience.toNanos()) {
      throw new PeerLostException(
          "%s must answer within %d s, but did not: set a longer timeout if a step takes longer"
              .formatted(peer, patience.toSeconds()),
          null);
    }
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      throw PeerLostException.of(peer, e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is left to be sent.
    }
  }
}
