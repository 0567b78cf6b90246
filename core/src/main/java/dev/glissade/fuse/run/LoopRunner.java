package dev.glissade.fuse.run;

import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.plan.Loop;
import java.nio.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Runs one loop of an execution: holds its operands and chooses how the kernel accesses them. */
final class LoopRunner {
  private final Loop loop;

  /** The arrays and buffers, leaf by leaf. */
  private final Object[] arrays;

  /** The operands of a kernel that accesses off-heap memory. */
  private final Object[] operands;

  private final double[] scalars;
  private final long[] keys;
  private final double[] partials;
  private final PlaneBinding[] bindings;
  private final LoopUnits units;
  private final SmallOperands small;
  private LoopWorker[] workers = {};
  private @Nullable PackedLeaves packed;
  private Access.Direct direct;
  private Access.@Nullable Sliced sliced;
  private Access.@Nullable Copied copied;
  private Access access;

  /** Whether the access fits the bound arrays and all workers are prepared for it. */
  private boolean ready;

  LoopRunner(Loop loop) {
    this.loop = loop;
    this.arrays = new Object[loop.arrays().length];
    this.operands = new Object[arrays.length];
    this.scalars = new double[loop.scalars().length + loop.small().numbers().length];
    this.keys = new long[loop.keys().length];
    this.partials = new double[loop.ranges().count() * loop.reductions().length];
    this.bindings = PlaneBinding.of(loop);
    this.units = new LoopUnits(loop);
    this.small = new SmallOperands(loop, units);
    this.direct = new Access.Direct(loop, loop.kernel(), operands);
    this.access = direct;
  }

  /** Allocates what the threads need, also to finish the pass without memory. */
  void reserve(Frame frame, int threads) {
    bind(frame, threads);
    for (int thread = 0; thread < threads; thread++) {
      workers[thread].prepareFallback(access.kernel());
    }
  }

  /** Loads the operands from the frame and prepares workers for the threads. */
  void fill(Frame frame, int threads) {
    bind(frame, threads);
    for (int i = 0; i < loop.scalars().length; i++) {
      scalars[i] = frame.values[loop.scalars()[i]];
    }
    for (int i = 0; i < keys.length; i++) {
      keys[i] = frame.keys[loop.keys()[i]];
    }
    small.fill(frame, scalars);
  }

  private void bind(Frame frame, int threads) {
    for (PlaneBinding binding : bindings) {
      ready &= !binding.fill(frame, arrays, operands);
    }
    if (ready && workers.length >= threads) {
      return;
    }
    access = chooseAccess();
    if (workers.length < threads) {
      LoopWorker[] more = Arrays.copyOf(workers, threads);
      for (int thread = workers.length; thread < threads; thread++) {
        more[thread] = new LoopWorker(loop, arrays, scalars, keys, partials, small);
      }
      workers = more;
    }
    for (LoopWorker worker : workers) {
      worker.prepare(access);
    }
    ready = true;
  }

  /** Returns how the kernel accesses the arrays bound last; allocates only what it has not yet. */
  @SuppressWarnings("ReferenceEquality") // kernels by identity
  private Access chooseAccess() {
    PackedLeaves leaves = packedLeaves();
    if (leaves != null) {
      sliced = sliced == null ? new Access.Sliced(loop, leaves) : sliced;
      return sliced;
    }
    Kernel kernel = kernelForArrays();
    if (kernel == null || kernel.needsCopies()) {
      copied = copied == null ? new Access.Copied(loop, arrays) : copied;
      return copied;
    }
    if (direct.kernel() != kernel) {
      direct = new Access.Direct(loop, kernel, operands);
    }
    return direct;
  }

  /** Returns the kernel for where the arrays are; null if they have to be staged. */
  @SuppressWarnings("ReferenceEquality") // buffers of equal content are not the same memory
  private @Nullable Kernel kernelForArrays() {
    int count = loop.tape().arrays();
    long offHeap = 0;
    boolean accessible = count <= Long.SIZE;
    for (int at = 0; at < arrays.length; at++) {
      if (arrays[at] instanceof Buffer buffer && buffer.capacity() > 0) {
        accessible &= operands[at] != arrays[at];
        offHeap |= 1L << at % count;
      }
    }
    if (offHeap == 0) {
      return loop.kernel();
    }
    for (int at = 0; at < arrays.length; at++) {
      boolean onHeap = !(arrays[at] instanceof Buffer) && Element.length(arrays[at]) > 0;
      accessible &= !onHeap || (offHeap >>> at % count & 1) == 0;
    }
    return accessible ? loop.kernel().offHeap(offHeap) : null;
  }

  /** Returns the packed leaves; null if the bound arrays are not slices of common arrays. */
  private @Nullable PackedLeaves packedLeaves() {
    if (packed == null && !loop.kernel().needsCopies() && PackedLeaves.canPack(loop, arrays)) {
      packed = new PackedLeaves(loop);
    }
    return packed != null && packed.bind(arrays) ? packed : null;
  }

  /** Returns the name of how the loop ran last, for reports. */
  String kernel() {
    return access.kernel().name() + (access.copies() ? " on copies" : "");
  }

  /** Returns the number of units of work. */
  int units() {
    return units.count();
  }

  /** Runs some units on one of the threads. */
  void run(int from, int to, int thread) {
    for (int unit = from; unit < to; unit++) {
      for (int range = units.first(unit); range < units.first(unit + 1); range++) {
        workers[thread].run(access, range, unit);
      }
      workers[thread].endUnit(unit);
    }
  }

  /** Joins the results of the ranges, in order, with those in the frame. */
  void combine(Frame frame) {
    for (int r = 0; r < loop.reductions().length; r++) {
      if (loop.small().targets()[r] < 0) {
        combine(frame, r);
      } else {
        combineByLeaf(frame, r);
      }
    }
    small.combine(frame, units);
  }

  private void combine(Frame frame, int r) {
    int reductions = loop.reductions().length;
    Reduction kind = loop.tape().reductions().get(r);
    int node = loop.reductions()[r];
    double value = frame.values[node];
    for (int at = r; at < partials.length; at += reductions) {
      value = kind.join(value, partials[at]);
    }
    frame.values[node] = value;
  }

  private void combineByLeaf(Frame frame, int r) {
    int reductions = loop.reductions().length;
    Reduction kind = loop.tape().reductions().get(r);
    double[][] sums = frame.sums(loop.reductions()[r]);
    for (int range = 0; range < loop.ranges().count(); range++) {
      int leaf = loop.ranges().leaf()[range];
      double[] sum = sums[loop.small().targets()[leaf * reductions + r]];
      sum[0] = kind.join(sum[0], partials[range * reductions + r]);
    }
  }
}
