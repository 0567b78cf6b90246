package dev.glissade.spark;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds up numbers of several processes that form a ring: each sends to the next rank and receives
 * from the one before.
 *
 * <p>Rank 0 sends its numbers, frame by frame. Each rank adds its own to what arrives and passes
 * the sum on; the last rank has the whole sum and sends it around again. The frames follow each
 * other without a pause, so each connection carries the numbers at most twice, as in other ring
 * algorithms. In contrast to these, every number is added in the order of ranks, ((0 + 1) + 2) +
 * ..., wherever it stands: one process that adds up the ranks one after another gets the same bits.
 *
 * <p>One thread receives and adds while another sends, since all would wait for each other if each
 * sent before it received. If everything fits in the buffers of the sockets, the receiving thread
 * also sends.
 */
final class Ring implements Closeable {
  /** Numbers of at most this many bytes are sent without another thread. */
  private static final long SMALL = 1 << 16;

  /** The bytes before a frame: which one it is, and its length. */
  private static final int HEADER_BYTES = 2 * Integer.BYTES;

  private final int rank;
  private final int ranks;
  private final @Nullable Link next;
  private final @Nullable Link previous;
  private final Frames frames;
  private final byte[] received;
  private final @Nullable FrameSender sender;
  private final byte[] sent;

  /**
   * Takes over two connections.
   *
   * @param next the one to the next rank; null if there is only one rank
   * @param previous the one from the rank before
   * @param frames the numbers, of the same sizes on all ranks
   */
  Ring(int rank, int ranks, @Nullable Link next, @Nullable Link previous, Frames frames) {
    this.rank = rank;
    this.ranks = ranks;
    this.next = next;
    this.previous = previous;
    this.frames = frames;
    this.received = new byte[Frames.MOST_BYTES];
    this.sent = new byte[HEADER_BYTES + Frames.MOST_BYTES];
    boolean large = ranks > 1 && frames.bytes() > SMALL;
    this.sender = large ? new FrameSender(this::send, 2 * frames.count()) : null;
  }

  /**
   * Replaces each number by its sum over the ranks. Some may still be on their way to the next
   * rank: they must not change before {@link #drain}.
   */
  void sum() throws IOException {
    if (ranks == 1) {
      return;
    }
    int count = frames.count();
    boolean last = rank == ranks - 1;
    if (rank == 0) {
      for (int i = 0; i < count; i++) {
        pass(2 * i);
      }
    }
    int partial = rank == 0 ? count : 0;
    int whole = last ? count : 0;
    while (partial < count || whole < count) {
      int kind = receive(partial, whole);
      if ((kind & 1) == 0) {
        frames.add(partial, body(partial));
        pass(last ? 2 * partial + 1 : 2 * partial);
        partial++;
      } else {
        frames.set(whole, body(whole));
        if (rank < ranks - 2) {
          pass(2 * whole + 1);
        }
        whole++;
      }
    }
  }

  /** Waits until everything is sent. */
  void drain() throws IOException {
    if (sender != null) {
      sender.drain(Objects.requireNonNull(next));
    }
  }

  private ByteBuffer body(int frame) {
    return Frames.buffer(received).limit(frames.bytes(frame));
  }

  /**
   * Receives the next frame and returns its number: 2 i for a partial sum of frame i, 2 i + 1 for
   * the whole sum. It must be one of two.
   */
  private int receive(int partial, int whole) throws IOException {
    Link from = Objects.requireNonNull(previous);
    try {
      from.read(received, 0, HEADER_BYTES);
      ByteBuffer header = Frames.buffer(received);
      int kind = header.getInt();
      int length = header.getInt();
      boolean known =
          (kind == 2 * partial && partial < frames.count())
              || (kind == 2 * whole + 1 && whole < frames.count());
      if (!known || length != frames.bytes(kind / 2)) {
        throw new PeerLostException(
            "a frame must be number %d or %d, of the size that is known, but was number %d of %d"
                    .formatted(2 * partial, 2 * whole + 1, kind, length)
                + " bytes: do all ranks have the same parameters?",
            null);
      }
      from.read(received, 0, length);
      return kind;
    } catch (PeerLostException e) {
      IOException first = sender == null ? null : sender.failure();
      throw first == null ? e : PeerLostException.of(Door.name((rank + 1) % ranks), first);
    }
  }

  private void pass(int kind) throws IOException {
    if (sender == null) {
      send(kind);
    } else {
      sender.add(kind);
    }
  }

  private void send(int kind) throws IOException {
    int length = frames.bytes(kind / 2);
    ByteBuffer buffer = Frames.buffer(sent).putInt(kind).putInt(length);
    frames.write(kind / 2, buffer);
    Objects.requireNonNull(next).write(sent, 0, HEADER_BYTES + length);
  }

  @Override
  public void close() {
    if (next != null) {
      next.close();
    }
    if (previous != null) {
      previous.close();
    }
    if (sender != null) {
      sender.close();
    }
  }
}
