package dev.glissade.fuse;

import java.nio.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One loop's arguments in one frame, and its threads' room to work in. */
final class Arguments {
  private final Loop loop;
  private final Object[] arrays;
  private final double[] scalars;
  private final long[] keys;
  private final double[] partials;
  private final Source[] sources;
  private @Nullable Worker[] workers = {};
  private boolean blocked;

  Arguments(Loop loop) {
    this.loop = loop;
    this.arrays = new Object[loop.arrays().length];
    this.scalars = new double[loop.scalars().length];
    this.keys = new long[loop.keys().length];
    this.partials = new double[loop.ranges().count() * loop.reductions().length];
    this.sources = sources(loop);
  }

  /** The planes of one node or target that the loop uses. */
  private static final class Source {
    final Loop.ArrayRef first;
    final int[] position;
    final int[] plane;
    boolean buffers;
    private Plane @Nullable [] last;

    Source(Loop.ArrayRef[] refs, List<Integer> positions) {
      this.first = refs[positions.get(0)];
      this.position = positions.stream().mapToInt(Integer::intValue).toArray();
      this.plane = positions.stream().mapToInt(p -> refs[p].plane()).toArray();
    }

    /** Takes the arrays, if they are others than at the last step. */
    @SuppressWarnings("ReferenceEquality") // plane arrays are not changed once they are made
    void fill(Frame frame, Object[] arrays) {
      Plane[] planes = first.planes(frame);
      if (planes == last) {
        return;
      }
      buffers = false;
      for (int i = 0; i < position.length; i++) {
        Object array = planes[plane[i]].array();
        arrays[position[i]] = array;
        buffers |= array instanceof Buffer;
      }
      last = planes;
    }

    /** Whether a plane is a buffer; a foreign function's result, made later, never is. */
    boolean isOnBuffers(Frame frame, Object[] arrays) {
      if (!first.isThere(frame)) {
        return false;
      }
      fill(frame, arrays);
      return buffers;
    }
  }

  private static Source[] sources(Loop loop) {
    Map<Loop.ArrayRef, List<Integer>> positions = new LinkedHashMap<>();
    Loop.ArrayRef[] refs = loop.arrays();
    for (int i = 0; i < refs.length; i++) {
      positions.computeIfAbsent(refs[i].at(0), key -> new ArrayList<>()).add(i);
    }
    return positions.values().stream().map(list -> new Source(refs, list)).toArray(Source[]::new);
  }

  /** One thread's room. */
  private final class Worker {
    final Work work = new Work(loop.ranges().mostPieces());
    final Object scratch = loop.kernel().scratch();
    @Nullable Blocks blocks;

    Worker() {
      work.arrays = arrays;
      work.scalars = scalars;
      work.keys = keys;
    }

    void run(int range) {
      Tape tape = loop.tape();
      work.take(loop.ranges(), range, tape.arrays(), tape.keys());
      int at = range * loop.reductions().length;
      if (!blocked || blocks == null) {
        loop.kernel().run(work, partials, at, scratch);
        return;
      }
      blocks.enter(work, arrays);
      loop.kernel().run(work, partials, at, scratch);
      blocks.leave(work, arrays, loop.ranges(), range);
      work.arrays = arrays;
    }
  }

  /** Makes room for so many threads, before the frame's data are all there. */
  void reserve(Frame frame, int threads) {
    boolean buffers = false;
    for (Source source : sources) {
      buffers |= source.isOnBuffers(frame, arrays);
    }
    makeRoom(threads, buffers);
  }

  private void makeRoom(int threads, boolean buffers) {
    if (workers.length < threads) {
      workers = new Worker[threads];
    }
    for (int t = 0; t < threads; t++) {
      Worker worker = workers[t];
      if (worker == null) {
        worker = new Worker();
        workers[t] = worker;
      }
      if (buffers && worker.blocks == null) {
        worker.blocks = new Blocks(loop.tape());
      }
    }
  }

  /** Takes the frame's data, for so many threads. */
  void fill(Frame frame, int threads) {
    blocked = false;
    for (Source source : sources) {
      source.fill(frame, arrays);
      blocked |= source.buffers;
    }
    makeRoom(threads, blocked);
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
        value = kind.combine(value, partials[at]);
      }
      frame.values[node] = value;
    }
  }
}
