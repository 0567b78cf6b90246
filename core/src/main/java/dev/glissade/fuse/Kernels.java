package dev.glissade.fuse;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The kernel of a tape: loops by vectors where the Vector API is there, else loops that the
 * compiler vectorises; the interpreter where no class can be defined, or where the system property
 * {@code dev.glissade.interpret} is true.
 */
final class Kernels implements KernelCache {
  private static final int MOST_KERNELS = 1024;
  private static final boolean INTERPRET = Boolean.getBoolean("dev.glissade.interpret");

  private final Map<Tape, Kernel> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Tape, Kernel> eldest) {
              return size() > MOST_KERNELS;
            }
          });

  @Override
  public Kernel kernel(Tape tape) {
    Kernel kernel = known.get(tape);
    if (kernel == null) {
      kernel = make(tape);
      known.put(tape, kernel);
    }
    return kernel;
  }

  private static Kernel make(Tape tape) {
    Vectors vectors = Vectors.here();
    if (vectors != null && Vectors.are(tape)) {
      VectorPlan plan = VectorPlan.of(tape);
      if (plan.fits()) {
        return orInterpreter(tape, LaneOrder.ROWS, () -> new VectorKernel(plan, vectors));
      }
    }
    return orInterpreter(tape, LaneOrder.COLUMNS, () -> new FusedKernel(tape));
  }

  private static Kernel orInterpreter(Tape tape, LaneOrder order, Supplier<Kernel> generated) {
    try {
      return INTERPRET ? new Interpreter(tape, order) : generated.get();
    } catch (UnsupportedOperationException | IllegalStateException e) {
      return new Interpreter(tape, order);
    }
  }
}
