package dev.glissade.spark;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A thread that sends frames in the order in which they are added. */
final class FrameSender implements Closeable {
  private static final long POLL_MILLIS = 500;

  private final Sending sending;
  private final int[] queue;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long added;
  private long sent;
  private boolean closed;
  private @Nullable IOException failure;

  /** Sends a frame. */
  interface Sending {
    void send(int frame) throws IOException;
  }

  /**
   * Starts the thread.
   *
   * @param most the most frames that wait at a time
   */
  FrameSender(Sending sending, int most) {
    this.sending = sending;
    this.queue = new int[most];
    Door.daemon("glissade-sender", this::sendAll);
  }

  private void sendAll() {
    try {
      for (int frame = next(); frame >= 0; frame = next()) {
        sending.send(frame);
        change(() -> sent++);
      }
    } catch (IOException e) {
      change(() -> failure = e);
    }
  }

  /** Makes a change that others may wait for. */
  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next frame; returns -1 when there is none to come. */
  private int next() {
    lock.lock();
    try {
      while (sent == added && !closed) {
        changed.awaitUninterruptibly();
      }
      return closed ? -1 : queue[(int) (sent % queue.length)];
    } finally {
      lock.unlock();
    }
  }

  void add(int frame) throws IOException {
    lock.lock();
    try {
      requireSound();
      queue[(int) (added % queue.length)] = frame;
      added++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all frames are sent on a connection, as long as it has patience. */
  void drain(Link link) throws IOException {
    long start = System.nanoTime();
    lock.lock();
    try {
      while (sent < added && failure == null) {
        if (!changed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          link.requirePatience(start);
        }
      }
      requireSound();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerLostException("interrupted while sending", e);
    } finally {
      lock.unlock();
    }
  }

  /** Returns why sending failed; null if it did not. */
  @Nullable IOException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  private void requireSound() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /** Ends the thread; one that is sending ends when its connection is closed. */
  @Override
  public void close() {
    change(() -> closed = true);
  }
}
