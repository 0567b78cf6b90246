package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.StagingBuffers;
import dev.glissade.fuse.plan.Loop;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a loop's kernel reaches the arrays that an execution is bound to. */
sealed interface Access {

  /** Returns the kernel that reaches the arrays so. */
  Kernel kernel();

  /** Returns whether a thread needs staging buffers. */
  default boolean copies() {
    return false;
  }

  /**
   * Points the arguments to a range.
   *
   * @param staging the thread's buffers, if the access copies
   */
  void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging);

  /** Ends what {@link #enter} began, after the kernel has run. */
  default void leave(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {}

  /** Each leaf by itself, in Java arrays or where the kernel reaches memory outside of the heap. */
  record Direct(Loop loop, Kernel kernel, Object[] arrays) implements Access {
    @Override
    public void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
      arguments.take(loop.ranges(), range, loop.tape().arrays(), loop.tape().keys());
      arguments.arrays = arrays;
    }
  }

  /** The arrays that the leaves are slices of, under one index. */
  record Sliced(Loop loop, PackedLeaves leaves) implements Access {
    @Override
    public Kernel kernel() {
      return loop.kernel();
    }

    @Override
    public void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
      arguments.take(leaves.ranges(), range, loop.tape().arrays(), loop.tape().keys());
      arguments.arrays = leaves.arrays();
    }
  }

  /** Copies of one range at a time, for buffers that the kernel does not reach. */
  record Copied(Loop loop, Object[] arrays) implements Access {
    @Override
    public boolean copies() {
      return true;
    }

    @Override
    public Kernel kernel() {
      return loop.kernel();
    }

    @Override
    public void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
      arguments.take(loop.ranges(), range, loop.tape().arrays(), loop.tape().keys());
      StagingBuffers copies = Objects.requireNonNull(staging);
      copies.load(arguments, arrays);
      copies.redirect(arguments);
    }

    @Override
    public void leave(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
      Objects.requireNonNull(staging).store(arguments, arrays, loop.ranges(), range);
    }
  }
}
