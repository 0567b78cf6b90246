package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.GeneratedLoop;
import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.LoopClassWriter;
import dev.glissade.fuse.codegen.Storage;
import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.codegen.VectorLoopWriter;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.VectorPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tape by vectors, over arrays and over memory outside of the heap, as its {@link
 * VectorPlan} says. Since it stores while it reduces, a float sum that can't be trusted is looked
 * at again behind the stores; arrays that reductions read are filled behind that.
 */
final class VectorKernel implements Kernel {
  private static final int MOST_ARRAYS = 63;
  private static final Object[] NONE = {};

  /** Until it is compiled each vector is an object; that took up to 2,000 ranges. */
  private static final int SETTLING = 4096;

  private final VectorPlan plan;
  private final VectorApi machine;
  private final long outside;
  private final int temporaries;
  private final Part[] parts;
  private final ReductionRetry[] careful;
  private final Part[] fills;
  private final Map<Long, VectorKernel> others = new ConcurrentHashMap<>();

  VectorKernel(VectorPlan plan, VectorApi machine) {
    this(plan, machine, 0);
  }

  private VectorKernel(VectorPlan plan, VectorApi machine, long outside) {
    this.plan = plan;
    this.machine = machine;
    this.outside = outside;
    this.temporaries = plan.tape().temporaries();
    this.parts = parts(plan.parts());
    this.careful =
        plan.again().stream()
            .map(section -> new ReductionRetry(section, plan.tape(), true, this::body))
            .toArray(ReductionRetry[]::new);
    this.fills = parts(plan.fills());
  }

  private record Part(GeneratedLoop body, RangeReductions sums) {}

  private Part[] parts(List<Section> sections) {
    return sections.stream()
        .map(section ->
            new Part(body(section, Scaling.NONE), new RangeReductions(section, plan.tape())))
        .toArray(Part[]::new);
  }

  private GeneratedLoop body(Section section, Scaling scaling) {
    long where = 0;
    for (int i = 0; i < section.arrays().length; i++) {
      where |= section.isTemporary(i) ? 0 : (outside >>> section.arrays()[i] & 1) << i;
    }
    return LoopClassWriter.body(section, new VectorLoopWriter(section, machine, where, scaling));
  }

  @Override
  public @Nullable Kernel on(long memory) {
    if (memory == outside) {
      return this;
    }
    if (machine.memory() == Storage.ARRAY || plan.tape().arrays() > MOST_ARRAYS) {
      return null;
    }
    return others.computeIfAbsent(memory, key -> new VectorKernel(plan, machine, key));
  }

  @Override
  public LaneOrder order() {
    return LaneOrder.ROWS;
  }

  @Override
  public int settling() {
    return SETTLING;
  }

  @Override
  public void complete() {
    for (ReductionRetry section : careful) {
      section.complete();
    }
  }

  @Override
  public String name() {
    return "vectors";
  }

  @Override
  public int temporaries() {
    return temporaries;
  }

  /** Each part's lanes, and room for second looks. */
  private record Room(Object[][] lanes, ReductionRetry.Look[] careful) {}

  @Override
  public Object scratch() {
    Object[][] lanes =
        Arrays.stream(parts)
            .map(part -> part.sums.room(plan.tape().compute()))
            .toArray(Object[][]::new);
    ReductionRetry.Look[] looks =
        Arrays.stream(careful)
            .map(section -> section.new Look())
            .toArray(ReductionRetry.Look[]::new);
    return new Room(lanes, looks);
  }

  @Override
  public void run(KernelArguments work, double[] partials, int at, Object scratch) {
    Room room = (Room) scratch;
    boolean stand = true;
    for (int p = 0; p < parts.length; p++) {
      Part part = parts[p];
      part.sums.clear(room.lanes[p]);
      part.body.run(work, room.lanes[p]);
      stand &= part.sums.give(room.lanes[p], partials, at);
    }
    if (!stand) {
      for (ReductionRetry.Look look : room.careful) {
        look.correct(work, partials, at);
      }
    }
    for (Part fill : fills) {
      fill.body.run(work, NONE);
    }
  }
}
