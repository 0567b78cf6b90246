package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.GeneratedLoop;
import dev.glissade.fuse.codegen.KernelArguments;
import java.util.function.Supplier;

/**
 * A loop that starts over elements and goes on over vectors. Until the just-in-time compiler has
 * compiled a vectorized loop, each vector is an object, and the loop is up to a hundred times
 * slower than one over elements. So {@link LoopWarmUp} generates the vectorized loop and runs it on
 * samples, in the background, until it is compiled. Both compute the same bits, so any range may be
 * the first. If the compiler never gets the vectors into registers, the loop stays with elements.
 */
final class WarmingLoop implements GeneratedLoop {
  private final GeneratedLoop elements;
  private final Supplier<GeneratedLoop> vectors;
  private final Supplier<LoopSamples> samples;
  private final long patience;
  private long spent;
  private boolean started;
  private volatile GeneratedLoop current;

  /**
   * @param elements the loop over elements
   * @param vectors generates the vectorized loop
   * @param samples allocates operands on which both loops can run
   * @param patience the nanoseconds that the loop over elements runs before the warm-up begins: a
   *     loop that runs for less is not worth compiling
   */
  WarmingLoop(
      GeneratedLoop elements,
      Supplier<GeneratedLoop> vectors,
      Supplier<LoopSamples> samples,
      long patience) {
    this.elements = elements;
    this.patience = patience;
    this.vectors = vectors;
    this.samples = samples;
    this.current = elements;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // one of two loops
  public void run(KernelArguments arguments, Object[] workspace) {
    GeneratedLoop loop = current;
    if (loop == elements && !started) {
      long start = System.nanoTime();
      loop.run(arguments, workspace);
      spend(System.nanoTime() - start);
    } else {
      loop.run(arguments, workspace);
    }
  }

  /** Adds up the time of runs. Threads that race may lose some, or start two warm-ups: no harm. */
  private void spend(long nanos) {
    spent += nanos;
    if (spent >= patience && !started) {
      started = true;
      LoopWarmUp.start(this);
    }
  }

  GeneratedLoop elements() {
    return elements;
  }

  GeneratedLoop generateVectors() {
    return vectors.get();
  }

  LoopSamples allocateSamples() {
    return samples.get();
  }

  /** Runs the vectorized loop from now on. */
  void change(GeneratedLoop vectorized) {
    current = vectorized;
  }

  /** Returns whether it has changed to vectors. */
  @SuppressWarnings("ReferenceEquality") // one of two loops
  boolean isWarm() {
    return current != elements;
  }
}
