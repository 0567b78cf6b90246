package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.fuse.tape.VectorPlan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Selects and caches the kernel of a tape: vectorized loops if the Vector API is present, else
 * loops that the compiler vectorizes. The interpreter runs the tape if the virtual machine rejects
 * the generated classes, or if the system property {@code dev.glissade.interpret} is true.
 */
public final class Kernels {
  private static final int MAX_KERNELS = 1024;
  private static final boolean INTERPRET = Boolean.getBoolean("dev.glissade.interpret");

  private final Map<Tape, Kernel> cache =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Tape, Kernel> eldest) {
              return size() > MAX_KERNELS;
            }
          });

  public Kernel kernel(Tape tape) {
    Kernel kernel = cache.get(tape);
    if (kernel == null) {
      kernel = select(tape);
      cache.put(tape, kernel);
    }
    return kernel;
  }

  private static Kernel select(Tape tape) {
    VectorApi api = VectorApi.here();
    if (api != null && VectorApi.supports(tape)) {
      VectorPlan plan = VectorPlan.of(tape);
      if (plan.fits()) {
        return orInterpreter(
            tape, LaneOrder.ROWS, () -> new VectorKernel(plan, api, LoopWarmUp.ON));
      }
    }
    return orInterpreter(tape, LaneOrder.COLUMNS, () -> new ElementKernel(tape));
  }

  private static Kernel orInterpreter(Tape tape, LaneOrder order, Supplier<Kernel> generated) {
    try {
      return INTERPRET ? new Interpreter(tape, order) : generated.get();
    } catch (UnsupportedOperationException | IllegalStateException e) {
      return new Interpreter(tape, order);
    }
  }
}
