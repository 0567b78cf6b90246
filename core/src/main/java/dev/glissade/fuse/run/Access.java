package dev.glissade.fuse.run;

import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.StagingBuffers;
import dev.glissade.fuse.tape.Ranges;

/** How a loop's kernel reaches the arrays that an execution is bound to. */
sealed interface Access {

  /** Returns the kernel that reaches the arrays so. */
  Kernel kernel();

  /** Runs one range as the worker's thread. */
  void run(LoopWorker worker, int range);

  /** Returns whether workers need staging buffers. */
  default boolean copies() {
    return false;
  }

  /** Each leaf by itself, in Java arrays or where the kernel reaches memory outside of the heap. */
  record Direct(Kernel kernel, Ranges ranges, Object[] arrays) implements Access {
    @Override
    public void run(LoopWorker worker, int range) {
      worker.enter(ranges, range, arrays);
      worker.call(kernel, range);
    }
  }

  /** The arrays that the leaves are slices of, under one index. */
  record Sliced(Kernel kernel, PackedLeaves leaves) implements Access {
    @Override
    public void run(LoopWorker worker, int range) {
      worker.enter(leaves.ranges(), range, leaves.arrays());
      worker.call(kernel, range);
    }
  }

  /** Copies of one range at a time, for buffers that the kernel does not reach. */
  record Copied(Kernel kernel, Ranges ranges, Object[] arrays) implements Access {
    @Override
    public boolean copies() {
      return true;
    }

    @Override
    public void run(LoopWorker worker, int range) {
      StagingBuffers staging = worker.staging();
      worker.enter(ranges, range, arrays);
      staging.load(worker.arguments, arrays);
      staging.redirect(worker.arguments);
      worker.call(kernel, range);
      staging.store(worker.arguments, arrays, ranges, range);
    }
  }
}
