package dev.glissade.spark;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.SynchronousQueue;

/**
 * What the ring of Spark's tasks is compared with: two processes that know nothing of Spark, each
 * of which sends one half of the numbers, adds the other, and sends back what it added, through raw
 * sockets, with a thread that sends; then AdamW steps on both.
 */
final class BareRing {
  private static final int FRAME = 1 << 18;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final float[] numbers;
  private final float[] scratch = new float[FRAME / Float.BYTES];
  private final byte[] received = new byte[FRAME];
  private final byte[] sent = new byte[FRAME];
  private final SynchronousQueue<int[]> toSend = new SynchronousQueue<>();
  private final SynchronousQueue<int[]> isSent = new SynchronousQueue<>();

  private BareRing(Socket socket, float[] numbers) throws Exception {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.numbers = numbers;
    socket.setTcpNoDelay(true);
    Thread sender = new Thread(this::sendAll);
    sender.setDaemon(true);
    sender.start();
  }

  private void sendAll() {
    try {
      while (true) {
        int[] range = toSend.take();
        send(range[0], range[1]);
        isSent.put(range);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void send(int from, int to) throws Exception {
    for (int at = from; at < to; at += FRAME / Float.BYTES) {
      int count = Math.min(to - at, FRAME / Float.BYTES);
      buffer(sent).asFloatBuffer().put(numbers, at, count);
      out.write(sent, 0, count * Float.BYTES);
    }
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void receive(int from, int to, boolean add) throws Exception {
    for (int at = from; at < to; at += FRAME / Float.BYTES) {
      int count = Math.min(to - at, FRAME / Float.BYTES);
      in.readNBytes(received, 0, count * Float.BYTES);
      if (add) {
        buffer(received).asFloatBuffer().get(scratch, 0, count);
        for (int i = 0; i < count; i++) {
          numbers[at + i] += scratch[i];
        }
      } else {
        buffer(received).asFloatBuffer().get(numbers, at, count);
      }
    }
  }

  /** Sends one half and adds the other, then sends what it added and receives the rest. */
  private void sum(int rank) throws Exception {
    int half = numbers.length / 2;
    int[] first = rank == 0 ? new int[] {0, half} : new int[] {half, numbers.length};
    int[] second = rank == 0 ? new int[] {half, numbers.length} : new int[] {0, half};
    toSend.put(first);
    receive(second[0], second[1], true);
    isSent.take();
    toSend.put(second);
    receive(first[0], first[1], false);
    isSent.take();
  }

  private static Socket connected(int rank, int port) throws Exception {
    InetAddress host = InetAddress.getLoopbackAddress();
    if (rank == 0) {
      try (ServerSocket server = new ServerSocket(port, 1, host)) {
        return server.accept();
      }
    }
    for (int i = 0; i < 200; i++) {
      try {
        return new Socket(host, port);
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("rank 0 must listen, but did not");
  }

  /** Prints the milliseconds of each step, if it is rank 0. */
  public static void main(String[] arguments) throws Exception {
    int rank = Integer.parseInt(arguments[0]);
    int size = Integer.parseInt(arguments[2]);
    int steps = Integer.parseInt(arguments[3]);
    float[] gradient = new float[size];
    Arrays.fill(gradient, 1);
    BareRing ring = new BareRing(connected(rank, Integer.parseInt(arguments[1])), new float[size]);
    Stepper<?> stepper =
        Stepper.of(Optimizers.adamw(1e-3), Tree.of("w", Tensor.wrap(new float[size]))).threads(1);
    Tree sum = Tree.of("w", Tensor.wrap(ring.numbers));
    long last = System.nanoTime();
    for (int step = 0; step < steps; step++) {
      System.arraycopy(gradient, 0, ring.numbers, 0, size);
      ring.sum(rank);
      stepper.step(sum);
      long now = System.nanoTime();
      if (rank == 0) {
        System.out.println((now - last) / 1e6);
      }
      last = now;
    }
    ring.socket.close();
  }
}
