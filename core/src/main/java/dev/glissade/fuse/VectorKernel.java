package dev.glissade.fuse;

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
  private final Vectors machine;
  private final long outside;
  private final int temporaries;
  private final Part[] parts;
  private final Careful[] careful;
  private final Part[] fills;
  private final Map<Long, VectorKernel> others = new ConcurrentHashMap<>();

  VectorKernel(VectorPlan plan, Vectors machine) {
    this(plan, machine, 0);
  }

  private VectorKernel(VectorPlan plan, Vectors machine, long outside) {
    this.plan = plan;
    this.machine = machine;
    this.outside = outside;
    this.temporaries = plan.tape().temporaries();
    this.parts = parts(plan.parts());
    this.careful =
        plan.again().stream()
            .map(section -> new Careful(section, plan.tape(), true, this::body))
            .toArray(Careful[]::new);
    this.fills = parts(plan.fills());
  }

  private record Part(Body body, Sums sums) {}

  private Part[] parts(List<Section> sections) {
    return sections.stream()
        .map(section -> new Part(body(section, Scaling.NONE), new Sums(section, plan.tape())))
        .toArray(Part[]::new);
  }

  private Body body(Section section, Scaling scaling) {
    long where = 0;
    for (int i = 0; i < section.arrays().length; i++) {
      where |= section.isTemporary(i) ? 0 : (outside >>> section.arrays()[i] & 1) << i;
    }
    return Emitter.body(section, new VectorLoop(section, machine, where, scaling));
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
    for (Careful section : careful) {
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
  private record Room(Object[][] lanes, Careful.Look[] careful) {}

  @Override
  public Object scratch() {
    Object[][] lanes =
        Arrays.stream(parts)
            .map(part -> part.sums.room(plan.tape().compute()))
            .toArray(Object[][]::new);
    Careful.Look[] looks =
        Arrays.stream(careful).map(section -> section.new Look()).toArray(Careful.Look[]::new);
    return new Room(lanes, looks);
  }

  @Override
  public void run(Work work, double[] partials, int at, Object scratch) {
    Room room = (Room) scratch;
    boolean stand = true;
    for (int p = 0; p < parts.length; p++) {
      Part part = parts[p];
      part.sums.clear(room.lanes[p]);
      part.body.run(work, room.lanes[p]);
      stand &= part.sums.give(room.lanes[p], partials, at);
    }
    if (!stand) {
      for (Careful.Look look : room.careful) {
        look.correct(work, partials, at);
      }
    }
    for (Part fill : fills) {
      fill.body.run(work, NONE);
    }
  }
}
