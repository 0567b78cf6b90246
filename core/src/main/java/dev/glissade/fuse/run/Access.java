package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.StagingBuffers;
import dev.glissade.fuse.plan.Loop;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the kernel of a loop accesses the arrays that an execution is bound to. */
sealed interface Access {

  /** Returns the kernel for where the arrays are. */
  Kernel kernel();

  /** Returns whether each thread needs staging buffers. */
  default boolean copies() {
    return false;
  }

  /** Points the arguments to a range. */
  void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging);

  /** Ends what {@link #enter} began, after the kernel has run. */
  default void leave(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {}

  /** Accesses each leaf by itself, in its Java array or off-heap. */
  record Direct(Loop loop, Kernel kernel, Object[] operands) implements Access {
    @Override
    public void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
      arguments.setRange(loop.ranges(), range, loop.tape());
      arguments.arrays = operands;
    }
  }

  /** Accesses the common arrays that the leaves are slices of. */
  record Sliced(Loop loop, PackedLeaves leaves) implements Access {
    @Override
    public Kernel kernel() {
      return loop.kernel();
    }

    @Override
    public void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
      arguments.setRange(leaves.ranges(), range, loop.tape());
      arguments.arrays = leaves.arrays();
    }
  }

  /**
   * Copies one range at a time: for buffers that the kernel does not access, and for kernels with
   * temporary arrays, which share one index with all others.
   */
  record Copied(Loop loop, Object[] arrays) implements Access {
    @Override
    public Kernel kernel() {
      return loop.kernel();
    }

    @Override
    public boolean copies() {
      return true;
    }

    @Override
    public void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
      arguments.setRange(loop.ranges(), range, loop.tape());
      StagingBuffers buffers = Objects.requireNonNull(staging);
      buffers.load(arguments, arrays);
      buffers.redirect(arguments);
    }

    @Override
    public void leave(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
      Objects.requireNonNull(staging).store(arguments, arrays, loop.ranges(), range);
    }
  }
}
