package dev.glissade.fuse;

import java.nio.Buffer;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** One loop's arguments in one frame, and its threads' room to work in. */
final class Arguments {
  private final Loop loop;
  private final Object[] arrays;

  /** The arrays as the kernel takes them, unless it works on copies of blocks. */
  private final Object[] given;

  private final double[] scalars;
  private final long[] keys;
  private final double[] partials;
  private final Source[] sources;
  private @Nullable Worker[] workers = {};
  private @Nullable Slices slices;
  private Kernel kernel;

  /** Whether the leaves are slices of common arrays, that the kernel takes in their place. */
  private boolean sliced;

  private boolean blocked;

  /** Whether the kernel fits where the arrays are, and so many threads have what it needs. */
  private boolean settled;

  private int roomFor;

  Arguments(Loop loop) {
    this.loop = loop;
    this.arrays = new Object[loop.arrays().length];
    this.given = new Object[arrays.length];
    this.kernel = loop.kernel();
    this.scalars = new double[loop.scalars().length];
    this.keys = new long[loop.keys().length];
    this.partials = new double[loop.ranges().count() * loop.reductions().length];
    this.sources = Source.of(loop);
  }

  /** A kernel, as one thread has it. */
  private static final class Own {
    final Kernel kernel;
    final Object scratch;

    /** Ranges until it allocates nothing. */
    int unsettled;

    Own(Kernel kernel) {
      this.kernel = kernel;
      this.scratch = kernel.scratch();
      this.unsettled = kernel.settling();
    }
  }

  /** One thread's room. */
  private final class Worker {
    final Work work = new Work(loop.ranges().mostPieces());
    private final IdentityHashMap<Kernel, Own> kernels = new IdentityHashMap<>();
    private @Nullable Own own;
    private @Nullable Blocks blocks;
    private @Nullable Spare spare;

    /** Whether there was no memory in this pass: trying again would be slow. */
    private boolean starved;

    Worker() {
      work.scalars = scalars;
      work.keys = keys;
    }

    /** Takes the kernel that was chosen; all that it needs is there before it is taken. */
    Own prepare() {
      Own next = kernels.get(kernel);
      if (next == null) {
        next = new Own(kernel);
        kernels.put(kernel, next);
      }
      work.makeRoom(kernel, loop.tape().compute());
      if (blocked && blocks == null) {
        blocks = new Blocks(loop.tape(), loop.ranges().mostElements());
      }
      own = next;
      return next;
    }

    /** Finds what is needed to go on without memory. */
    void guard() {
      starved = false;
      if (own != null && own.unsettled > 0 && spare == null) {
        kernel.complete();
        spare = new Spare(loop);
      }
    }

    void run(int range) {
      Own running = own;
      if (running == null) {
        throw new IllegalStateException("no kernel was chosen");
      }
      Spare without = spare;
      if (without == null) {
        run(running, range);
        return;
      }
      without.keep(work, arrays, range);
      if (starved || !tried(running, range)) {
        starved = true;
        without.finish(work, arrays, range, partials, range * loop.reductions().length);
      } else if (--running.unsettled <= 0) {
        spare = null;
      }
    }

    /** Runs the range; whether there was memory to do so. */
    private boolean tried(Own running, int range) {
      try {
        run(running, range);
        return true;
      } catch (OutOfMemoryError | LinkageError e) {
        return false;
      }
    }

    private void run(Own own, int range) {
      Tape tape = loop.tape();
      Slices common = sliced ? slices : null;
      Ranges ranges = common == null ? loop.ranges() : common.ranges();
      work.take(ranges, range, tape.arrays(), tape.keys());
      work.arrays = common == null ? given : common.arrays();
      int at = range * loop.reductions().length;
      if (!blocked || blocks == null) {
        own.kernel.run(work, partials, at, own.scratch);
        return;
      }
      blocks.enter(work, arrays);
      own.kernel.run(work, partials, at, own.scratch);
      blocks.leave(work, arrays, loop.ranges(), range);
    }
  }

  /**
   * Makes room for so many threads, and finds what they need to go on if there is no memory left.
   */
  void reserve(Frame frame, int threads) {
    take(frame, threads);
    for (int t = 0; t < threads; t++) {
      Worker worker = workers[t];
      if (worker != null) {
        worker.guard();
      }
    }
  }

  private void take(Frame frame, int threads) {
    for (Source source : sources) {
      settled &= !source.fill(frame, arrays, given);
    }
    if (settled && roomFor >= threads) {
      return;
    }
    choose();
    if (workers.length < threads) {
      workers = new Worker[threads];
    }
    for (int t = 0; t < threads; t++) {
      Worker worker = workers[t];
      if (worker == null) {
        worker = new Worker();
        workers[t] = worker;
      }
      worker.prepare();
    }
    roomFor = threads;
    settled = true;
  }

  /** Finds the kernel for where the arrays are. */
  @SuppressWarnings("ReferenceEquality") // buffers of equal content are not the same memory
  private void choose() {
    sliced = isSliced();
    if (sliced) {
      kernel = loop.kernel();
      blocked = false;
      return;
    }
    int count = loop.tape().arrays();
    long outside = 0;
    boolean copied = count > Long.SIZE;
    for (int at = 0; at < arrays.length; at++) {
      if (arrays[at] instanceof Buffer buffer && buffer.capacity() > 0) {
        copied |= given[at] == arrays[at];
        outside |= 1L << at % count;
      }
    }
    for (int at = 0; at < arrays.length; at++) {
      boolean heap = arrays[at] != null && !(arrays[at] instanceof Buffer);
      boolean some = heap && Element.length(arrays[at]) > 0;
      copied |= some && (outside >>> at % count & 1) != 0;
    }
    Kernel direct = copied || outside == 0 ? null : loop.kernel().on(outside);
    kernel = direct == null ? loop.kernel() : direct;
    blocked = (outside != 0 && direct == null) || kernel.copies();
  }

  private boolean isSliced() {
    if (slices == null) {
      if (loop.kernel().copies() || !Slices.may(loop, arrays)) {
        return false;
      }
      slices = new Slices(loop);
    }
    return slices.take(arrays);
  }

  /** How the loop ran last, for people. */
  String how() {
    return kernel.name() + (blocked ? " on copies" : "");
  }

  /** Takes the frame's data, for so many threads. */
  void fill(Frame frame, int threads) {
    take(frame, threads);
    for (int i = 0; i < scalars.length; i++) {
      scalars[i] = frame.values[loop.scalars()[i]];
    }
    for (int i = 0; i < keys.length; i++) {
      keys[i] = frame.keys[loop.keys()[i]];
    }
  }

  /** Runs some ranges as one of the threads. */
  void run(int from, int to, int thread) {
    Worker worker = workers[thread];
    if (worker == null) {
      throw new IllegalStateException("no room was reserved for thread " + thread);
    }
    for (int range = from; range < to; range++) {
      worker.run(range);
    }
  }

  /** Adds the ranges' results to the frame's, in order. */
  void combine(Frame frame) {
    int reductions = loop.reductions().length;
    for (int r = 0; r < reductions; r++) {
      Reduction kind = loop.tape().reductions().get(r);
      int node = loop.reductions()[r];
      double value = frame.values[node];
      for (int at = r; at < partials.length; at += reductions) {
        value = kind.join(value, partials[at]);
      }
      frame.values[node] = value;
    }
  }
}
