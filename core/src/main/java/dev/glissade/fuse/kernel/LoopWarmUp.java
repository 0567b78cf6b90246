package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.GeneratedLoop;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs vectorized loops on samples until they are compiled, on one thread for all loops, which
 * sleeps between its turns and ends when it has nothing to do. That the compiler is done shows in
 * the time that a loop takes: object vectors are many times slower than elements.
 */
final class LoopWarmUp implements Runnable {
  /** Whether loops start over elements; tests switch this off to run vectors at once. */
  static final boolean ON = Boolean.parseBoolean(System.getProperty("dev.glissade.warmUp", "true"));

  private static final int RUNS_A_TURN = 12;

  /** The compiler takes a method after 1,024 calls at the earliest; a turn makes 36. */
  private static final int FIRST_TURNS = 30;

  private static final int MOST_TURNS = 3000;
  private static final long LEAST_PAUSE = 1_000_000;
  private static final long PAUSE = 5_000_000;

  /** What vectors may take, if an element takes 2: the compiler vectorizes some element loops. */
  private static final int ENOUGH = 3;

  private static final int WINS = 3;

  private static final ThreadPoolExecutor THREAD =
      new ThreadPoolExecutor(
          1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), LoopWarmUp::newThread);

  static {
    THREAD.allowCoreThreadTimeOut(true);
  }

  private final WarmingLoop loop;
  private @Nullable GeneratedLoop vectors;
  private @Nullable LoopSamples samples;
  private int turns;
  private int wins;

  private LoopWarmUp(WarmingLoop loop) {
    this.loop = loop;
  }

  @SuppressWarnings("ThreadPriorityCheck") // only a wish: steps come first if cores are busy
  private static Thread newThread(Runnable work) {
    Thread thread = new Thread(null, work, "glissade-warm-up", 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Warms a loop up in the background; without memory or a thread for it, the loop stays cold. */
  static void start(WarmingLoop loop) {
    try {
      THREAD.execute(new LoopWarmUp(loop));
    } catch (OutOfMemoryError e) {
      // The loop over elements needs nothing more.
    }
  }

  @Override
  public void run() {
    try {
      long start = System.nanoTime();
      if (!turn()) {
        long pause = turns < FIRST_TURNS ? LEAST_PAUSE : PAUSE;
        // No more than half of a processor.
        TimeUnit.NANOSECONDS.sleep(Math.max(pause, System.nanoTime() - start));
        THREAD.execute(this);
      }
    } catch (InterruptedException | RuntimeException | LinkageError | VirtualMachineError e) {
      // Stay with elements; do not fail the user's step, nor print a trace.
    }
  }

  /** Returns whether it is over: whether vectors run from now on, or never will. */
  private boolean turn() {
    GeneratedLoop generated = vectors == null ? loop.generateVectors() : vectors;
    LoopSamples operands = samples == null ? loop.allocateSamples() : samples;
    vectors = generated;
    samples = operands;
    long byVectors = operands.time(generated, RUNS_A_TURN);
    long byElements = operands.time(loop.elements(), RUNS_A_TURN);
    turns++;
    wins = turns > FIRST_TURNS && 2 * byVectors <= ENOUGH * byElements ? wins + 1 : 0;
    if (wins == WINS) {
      loop.change(generated);
    }
    return wins == WINS || turns == MOST_TURNS;
  }
}
