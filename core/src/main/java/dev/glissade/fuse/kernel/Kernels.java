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
 * The kernel of a tape: loops by vectors where the Vector API is there, else loops that the
 * compiler vectorises; the interpreter where no class can be defined, or where the system property
 * {@code dev.glissade.interpret} is true.
 */
public final class Kernels {
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

  public Kernel kernel(Tape tape) {
    Kernel kernel = known.get(tape);
    if (kernel == null) {
      kernel = make(tape);
      known.put(tape, kernel);
    }
    return kernel;
  }

  private static Kernel make(Tape tape) {
    VectorApi vectors = VectorApi.here();
    if (vectors != null && VectorApi.are(tape)) {
      VectorPlan plan = VectorPlan.of(tape);
      if (plan.fits()) {
        return orInterpreter(tape, LaneOrder.ROWS, () -> new VectorKernel(plan, vectors));
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
