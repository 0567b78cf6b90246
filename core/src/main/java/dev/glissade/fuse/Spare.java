package dev.glissade.fuse;

/**
 * Finishes a range when the virtual machine runs out of memory in the middle of it, after some
 * results have overwritten inputs. It runs the range again from a copy of what the range reads, in
 * the interpreter, which allocates nothing and gives the same bits.
 */
final class Spare {
  private final Loop loop;
  private final Blocks blocks;
  private final Kernel kernel;
  private final Object scratch;

  Spare(Loop loop) {
    this.loop = loop;
    this.blocks = new Blocks(loop.tape(), loop.ranges().mostElements());
    this.kernel = new Interpreter(loop.tape(), loop.kernel().order());
    this.scratch = kernel.scratch();
    rehearse();
  }

  /** Runs all the code once, because the first run loads classes, which takes memory. */
  private void rehearse() {
    Work work = new Work(1);
    work.scalars = new double[loop.scalars().length];
    work.keys = new long[loop.tape().keys()];
    work.pieces = 1;
    work.to[0] = Math.min(1, loop.ranges().mostElements());
    Ranges one = new Ranges(new int[1], new int[1], new int[1], new int[] {0, 1});
    Object[] arrays = blocks.like();
    blocks.copy(work, arrays);
    blocks.shift(work);
    kernel.run(work, new double[loop.tape().reductionRoom()], 0, scratch);
    blocks.leave(work, arrays, one, 0);
    for (Reduction kind : loop.tape().reductions()) {
      kind.result(kind.join(0, 0));
    }
  }

  /** Copies what a range reads, before the range runs. */
  void keep(Work work, Object[] arrays, int range) {
    work.take(loop.ranges(), range, loop.tape().arrays(), loop.tape().keys());
    blocks.copy(work, arrays);
  }

  /** Runs the range from the copy, and stores all its results again. */
  void finish(Work work, Object[] arrays, int range, double[] partials, int at) {
    work.take(loop.ranges(), range, loop.tape().arrays(), loop.tape().keys());
    blocks.shift(work);
    kernel.run(work, partials, at, scratch);
    blocks.leave(work, arrays, loop.ranges(), range);
  }
}
