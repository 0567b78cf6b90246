package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.StagingBuffers;
import dev.glissade.fuse.plan.Loop;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One thread's part in the ranges of a loop, and its room to work in. */
final class LoopWorker {
  private final KernelArguments arguments;
  private final Loop loop;

  /** The loop's arrays, and partial sums of all ranges, which the workers share. */
  private final Object[] arrays;

  private final double[] partials;
  private final IdentityHashMap<Kernel, Scratch> known = new IdentityHashMap<>();
  private @Nullable Scratch scratch;
  private @Nullable StagingBuffers staging;
  private @Nullable MemoryFallback fallback;

  /** Whether there was no memory in this pass: trying again would be slow. */
  private boolean starved;

  /** What this thread has of a kernel. */
  private static final class Scratch {
    final Object room;

    /** Ranges until the kernel allocates nothing. */
    int unsettled;

    Scratch(Kernel kernel) {
      this.room = kernel.scratch();
      this.unsettled = kernel.settling();
    }
  }

  LoopWorker(Loop loop, Object[] arrays, double[] scalars, long[] keys, double[] partials) {
    this.loop = loop;
    this.arrays = arrays;
    this.partials = partials;
    this.arguments = new KernelArguments(loop.ranges().mostPieces());
    arguments.scalars = scalars;
    arguments.keys = keys;
  }

  /** Allocates all that the access needs, before any range runs. */
  void prepare(Access access) {
    Kernel kernel = access.kernel();
    Scratch next = known.get(kernel);
    if (next == null) {
      next = new Scratch(kernel);
      known.put(kernel, next);
    }
    arguments.ensureTemporaries(kernel.temporaries(), loop.tape().compute());
    if (access.copies() && staging == null) {
      staging = new StagingBuffers(loop.tape(), loop.ranges().mostElements());
    }
    scratch = next;
  }

  /** Allocates what is needed to go on without memory. */
  void guard(Kernel kernel) {
    starved = false;
    if (scratch().unsettled > 0 && fallback == null) {
      kernel.complete();
      fallback = new MemoryFallback(loop);
    }
  }

  /** Runs a range; if a fallback is at hand, also where there is no memory. */
  void run(Access access, int range) {
    MemoryFallback copy = fallback;
    if (copy == null) {
      call(access, range);
      return;
    }
    copy.keep(arguments, arrays, range);
    if (starved || !completes(access, range)) {
      starved = true;
      copy.finish(arguments, arrays, range, partials, firstPartial(range));
    } else if (--scratch().unsettled <= 0) {
      fallback = null;
    }
  }

  /** Runs the range; returns whether there was memory to do so. */
  private boolean completes(Access access, int range) {
    try {
      call(access, range);
      return true;
    } catch (OutOfMemoryError | LinkageError e) {
      return false;
    }
  }

  private void call(Access access, int range) {
    access.enter(arguments, range, staging);
    access.kernel().run(arguments, partials, firstPartial(range), scratch().room);
    access.leave(arguments, range, staging);
  }

  private int firstPartial(int range) {
    return range * loop.reductions().length;
  }

  private Scratch scratch() {
    return Objects.requireNonNull(scratch, "the worker is not prepared");
  }
}
