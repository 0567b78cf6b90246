package dev.glissade.spark;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the driver of steps, in groups, a few times a second. The training goes on without it if
 * the driver can't be reached.
 */
final class ProgressSender implements Closeable {
  /** The bytes of a step: its number, its loss, the learned step size. */
  static final int STEP_BYTES = 3 * Long.BYTES;

  /** The most steps of a group. */
  static final int MOST_STEPS = 4096;

  private static final System.Logger LOG = System.getLogger("dev.glissade.spark");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private @Nullable Link link;
  private final ByteBuffer group = ByteBuffer.allocate(MOST_STEPS * STEP_BYTES);
  private long last = System.nanoTime();

  private ProgressSender(@Nullable Link link) {
    this.link = link;
  }

  static ProgressSender to(String host, int port, byte[] secret) {
    if (port == 0) {
      return new ProgressSender(null);
    }
    Link link = null;
    try {
      link = Link.to(new InetSocketAddress(host, port), "the driver", PATIENCE);
      new Handshake(secret).connect(link, 0, Handshake.DRIVER);
      return new ProgressSender(link);
    } catch (IOException e) {
      if (link != null) {
        link.close();
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "the listener hears of no step before the end, since %s:%d can't be reached: %s"
              .formatted(host, port, e.getMessage()));
      return new ProgressSender(null);
    }
  }

  void add(Replica replica, double loss) {
    boolean due = System.nanoTime() - last > INTERVAL.toNanos();
    boolean ends = due || group.remaining() <= STEP_BYTES;
    if (link == null) {
      return;
    }
    group.putLong(replica.steps()).putDouble(loss);
    group.putDouble(ends ? replica.stepSize() : Double.NaN);
    if (ends) {
      flush();
    }
  }

  private void flush() {
    if (link == null || group.position() == 0) {
      return;
    }
    try {
      link.write(ByteBuffer.allocate(Integer.BYTES).putInt(group.position()).array());
      link.write(group.array(), 0, group.position());
    } catch (IOException e) {
      link.close();
      link = null;
    }
    group.clear();
    last = System.nanoTime();
  }

  @Override
  public void close() {
    flush();
    if (link != null) {
      link.close();
    }
  }
}
