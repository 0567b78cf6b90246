package dev.glissade.spark;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Hears on the driver of the steps that rank 0 takes. */
final class ProgressServer implements Closeable {
  private static final Duration FOREVER = Duration.ofDays(10_000);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private static final System.Logger LOG = System.getLogger("dev.glissade.spark");

  private final @Nullable Door door;
  private final Reports reports;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Link link;

  /** Opens a port; without one, the training goes on and is heard of at its end. */
  ProgressServer(String host, byte[] secret, Reports reports) {
    this.reports = reports;
    Door opened = null;
    try {
      opened = new Door(host, new Handshake(secret), Handshake.DRIVER, 0);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the listener hears of no step before the end: " + e.getMessage());
    }
    this.door = opened;
    this.thread = new Thread(() -> hear(door), "glissade-progress");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the port; 0 without one. */
  int port() {
    return door == null ? 0 : door.port();
  }

  private void hear(@Nullable Door open) {
    if (open == null) {
      return;
    }
    try (Link from = open.await(FOREVER, () -> closed)) {
      link = from;
      from.waiting(FOREVER, () -> closed);
      while (true) {
        int length = ByteBuffer.wrap(from.read(Integer.BYTES)).getInt();
        int most = ProgressSender.MOST_STEPS * ProgressSender.STEP_BYTES;
        if (length < 0 || length > most || length % ProgressSender.STEP_BYTES != 0) {
          throw new IOException("a group of steps must have at most %d bytes".formatted(most));
        }
        ByteBuffer group = ByteBuffer.wrap(from.read(length));
        while (group.hasRemaining()) {
          reports.add(new StepReport(group.getLong(), group.getDouble(), group.getDouble()));
        }
      }
    } catch (IOException e) {
      // Rank 0 has ended.
    }
  }

  /** Hears the rest, if rank 0 has ended, and closes the port. */
  @Override
  public void close() {
    boolean interrupted = false;
    try {
      if (link != null) {
        thread.join(FAREWELL.toMillis());
      }
      closed = true;
      closeDoor();
      Link open = link;
      if (open != null) {
        open.close();
      }
      thread.join(FAREWELL.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      closeDoor();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeDoor() {
    if (door != null) {
      door.close();
    }
  }
}
