package dev.glissade.fuse.run;

import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.plan.Loop;
import java.nio.Buffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs one loop in one execution: holds its arguments, and chooses how the kernel reaches them. */
final class LoopRunner {
  private final Loop loop;

  /** Each leaf's arrays and buffers. */
  private final Object[] arrays;

  /** The same as a kernel takes them that reaches memory outside of the heap. */
  private final Object[] direct;

  private final double[] scalars;
  private final long[] keys;
  private final double[] partials;
  private final PlaneBinding[] bindings;
  private LoopWorker[] workers = {};
  private @Nullable PackedLeaves packed;
  private Access access;

  /** Whether the access fits where the arrays are, and all workers are prepared for it. */
  private boolean settled;

  LoopRunner(Loop loop) {
    this.loop = loop;
    this.arrays = new Object[loop.arrays().length];
    this.direct = new Object[arrays.length];
    this.scalars = new double[loop.scalars().length];
    this.keys = new long[loop.keys().length];
    this.partials = new double[loop.ranges().count() * loop.reductions().length];
    this.bindings = PlaneBinding.of(loop);
    this.access = new Access.Direct(loop, loop.kernel(), direct);
  }

  /** Allocates room for this many threads, and what they need to go on without memory. */
  void reserve(Frame frame, int threads) {
    bind(frame, threads);
    for (int thread = 0; thread < threads; thread++) {
      workers[thread].guard(access.kernel());
    }
  }

  /** Takes the frame's data, for this many threads. */
  void fill(Frame frame, int threads) {
    bind(frame, threads);
    for (int i = 0; i < scalars.length; i++) {
      scalars[i] = frame.values[loop.scalars()[i]];
    }
    for (int i = 0; i < keys.length; i++) {
      keys[i] = frame.keys[loop.keys()[i]];
    }
  }

  private void bind(Frame frame, int threads) {
    for (PlaneBinding binding : bindings) {
      settled &= !binding.fill(frame, arrays, direct);
    }
    if (settled && workers.length >= threads) {
      return;
    }
    access = chosen();
    if (workers.length < threads) {
      LoopWorker[] more = Arrays.copyOf(workers, threads);
      for (int thread = workers.length; thread < threads; thread++) {
        more[thread] = new LoopWorker(loop, arrays, scalars, keys, partials);
      }
      workers = more;
    }
    for (LoopWorker worker : workers) {
      worker.prepare(access);
    }
    settled = true;
  }

  /** Returns how the kernel reaches the arrays that were bound last; the same object if it can. */
  @SuppressWarnings("ReferenceEquality") // a kernel is itself
  private Access chosen() {
    if (isSliced()) {
      return access instanceof Access.Sliced
          ? access
          : new Access.Sliced(loop, Objects.requireNonNull(packed));
    }
    Kernel kernel = reaching();
    if (kernel == null || kernel.copies()) {
      boolean known = access instanceof Access.Copied;
      return known ? access : new Access.Copied(loop, arrays);
    }
    return access instanceof Access.Direct && access.kernel() == kernel
        ? access
        : new Access.Direct(loop, kernel, direct);
  }

  /** Returns the kernel for where the arrays are; null if they have to be copied. */
  @SuppressWarnings("ReferenceEquality") // buffers of equal content are not the same memory
  private @Nullable Kernel reaching() {
    int count = loop.tape().arrays();
    long outside = 0;
    boolean reached = count <= Long.SIZE;
    for (int at = 0; at < arrays.length; at++) {
      if (arrays[at] instanceof Buffer buffer && buffer.capacity() > 0) {
        reached &= direct[at] != arrays[at];
        outside |= 1L << at % count;
      }
    }
    if (outside == 0) {
      return loop.kernel();
    }
    for (int at = 0; at < arrays.length; at++) {
      boolean inside = !(arrays[at] instanceof Buffer) && Element.length(arrays[at]) > 0;
      reached &= !inside || (outside >>> at % count & 1) == 0;
    }
    return reached ? loop.kernel().on(outside) : null;
  }

  private boolean isSliced() {
    if (packed == null) {
      if (loop.kernel().copies() || !PackedLeaves.may(loop, arrays)) {
        return false;
      }
      packed = new PackedLeaves(loop);
    }
    return packed.take(arrays);
  }

  /** Returns a short name of how the loop ran last, for diagnostics. */
  String kernel() {
    return access.kernel().name() + (access.copies() ? " on copies" : "");
  }

  /** Runs some ranges as one of the threads. */
  void run(int from, int to, int thread) {
    for (int range = from; range < to; range++) {
      workers[thread].run(access, range);
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
