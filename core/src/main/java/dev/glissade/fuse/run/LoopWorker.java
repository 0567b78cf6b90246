package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.kernel.AxisFold;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.StagingBuffers;
import dev.glissade.fuse.plan.Loop;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs ranges of a loop on one thread, with the scratch space of that thread. */
final class LoopWorker {
  private final KernelArguments arguments;
  private final Loop loop;

  /** The arrays of the loop; all workers share them and the partial results. */
  private final Object[] arrays;

  private final double[] partials;
  private final SmallOperands small;
  private final AxisFold[] folds;
  private final IdentityHashMap<Kernel, Scratch> scratches = new IdentityHashMap<>();
  private @Nullable Scratch scratch;
  private @Nullable StagingBuffers staging;
  private @Nullable MemoryFallback fallback;

  /** Whether this pass ran out of memory: further attempts would be slow. */
  private boolean outOfMemory;

  /** The scratch space of a kernel on this thread. */
  private static final class Scratch {
    final Object space;

    /** The ranges left until the kernel allocates nothing. */
    int warmupRanges;

    Scratch(Kernel kernel) {
      this.space = kernel.scratch();
      this.warmupRanges = kernel.warmupRanges();
    }
  }

  LoopWorker(
      Loop loop,
      Object[] arrays,
      double[] scalars,
      long[] keys,
      double[] partials,
      SmallOperands small) {
    this.small = small;
    this.folds = small.newFolds();
    this.loop = loop;
    this.arrays = arrays;
    this.partials = partials;
    this.arguments = new KernelArguments(loop.ranges().mostPieces());
    arguments.scalars = scalars;
    arguments.keys = keys;
  }

  /** Allocates what the access needs, before any range runs. */
  void prepare(Access access) {
    Kernel kernel = access.kernel();
    Scratch next = scratches.computeIfAbsent(kernel, Scratch::new);
    arguments.ensureTemporaries(kernel.temporaries(), loop.tape().compute());
    if (access.copies() && staging == null) {
      staging = new StagingBuffers(loop.tape(), loop.ranges().mostPositions());
    }
    scratch = next;
  }

  /** Allocates what a pass needs to finish without memory. */
  void prepareFallback(Kernel kernel) {
    outOfMemory = false;
    if (scratch().warmupRanges > 0 && fallback == null) {
      kernel.generateAll();
      fallback = new MemoryFallback(loop);
    }
  }

  /** Runs a range of a unit; the fallback, if prepared, finishes it without memory. */
  void run(Access access, int range, int unit) {
    runKernel(access, range);
    small.fold(arguments, range, unit, folds);
  }

  void endUnit(int unit) {
    small.endUnit(unit, folds);
  }

  private void runKernel(Access access, int range) {
    MemoryFallback prepared = fallback;
    if (prepared == null || !access.kernel().mayAllocate()) {
      call(access, range);
      return;
    }
    prepared.keep(arguments, arrays, range);
    small.spread(arguments, range);
    if (outOfMemory || !tryCall(access, range)) {
      outOfMemory = true;
      prepared.finish(arguments, arrays, range, partials, firstPartial(range));
    } else if (--scratch().warmupRanges <= 0) {
      fallback = null;
    }
  }

  /** Runs the range; returns false if it ran out of memory. */
  private boolean tryCall(Access access, int range) {
    try {
      call(access, range);
      return true;
    } catch (OutOfMemoryError | LinkageError e) {
      return false;
    }
  }

  private void call(Access access, int range) {
    access.enter(arguments, range, staging);
    small.spread(arguments, range);
    access.kernel().run(arguments, partials, firstPartial(range), scratch().space);
    access.leave(arguments, range, staging);
  }

  private int firstPartial(int range) {
    return range * loop.reductions().length;
  }

  private Scratch scratch() {
    return Objects.requireNonNull(scratch, "the worker is not prepared");
  }
}
