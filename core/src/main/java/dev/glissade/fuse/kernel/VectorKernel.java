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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the vectorized loops of a {@link VectorPlan} over arrays and off-heap memory. The loops
 * store while they reduce, so it retries an inaccurate float sum after the stores, and only then
 * fills the arrays that reductions read.
 */
final class VectorKernel implements Kernel {
  private static final int MAX_ARRAYS = 63;
  private static final Object[] NONE = {};

  /** Until the loop is compiled, each vector is an object; that took up to 2,000 ranges. */
  private static final int COLD_RANGES = 4096;

  /** After a warm-up the loop is compiled; the first ranges may show that it has to be again. */
  private static final int WARM_RANGES = 64;

  /** A warm-up costs the compiler 0.1 to 1 s, so the loop must be worth it. */
  private static final long PATIENCE = 100_000_000;

  /** The compiler vectorizes the loop over elements, too. */
  private static final long LONG_PATIENCE = 3_000_000_000L;

  private final VectorPlan plan;
  private final VectorApi api;
  private final long offHeap;
  private final boolean warmsUp;
  private final int temporaries;
  private final Part[] parts;
  private final ReductionRetry[] retries;
  private final Part[] fills;

  /** Whether a range ran, so that all classes are loaded. */
  private boolean ran;

  private final Map<Long, VectorKernel> variants = new ConcurrentHashMap<>();

  /**
   * @param warmsUp whether to run over elements until the compiler has compiled the vectors
   */
  VectorKernel(VectorPlan plan, VectorApi api, boolean warmsUp) {
    this(plan, api, 0, warmsUp);
  }

  private VectorKernel(VectorPlan plan, VectorApi api, long offHeap, boolean warmsUp) {
    this.plan = plan;
    this.api = api;
    this.offHeap = offHeap;
    this.warmsUp = warmsUp;
    this.temporaries = plan.tape().temporaries();
    this.parts = parts(plan.loops());
    this.retries =
        plan.retries().stream()
            .map(section -> new ReductionRetry(section, plan.tape(), true, this::generate))
            .toArray(ReductionRetry[]::new);
    this.fills = parts(plan.fills());
  }

  private record Part(GeneratedLoop loop, RangeReductions sums) {}

  private Part[] parts(List<Section> sections) {
    return sections.stream()
        .map(section -> {
          RangeReductions sums = new RangeReductions(section, plan.tape());
          return new Part(warmsUp ? warming(section, sums) : vectors(section), sums);
        })
        .toArray(Part[]::new);
  }

  private GeneratedLoop warming(Section section, RangeReductions sums) {
    VectorLoopWriter elements = VectorLoopWriter.withoutVectors(section, api, memory(section));
    return new WarmingLoop(
        LoopClassWriter.generate(section, elements),
        () -> vectors(section),
        () -> new LoopSamples(plan.tape(), api, offHeap, temporaries, sums),
        isVectorizedAnyway(section) ? LONG_PATIENCE : PATIENCE);
  }

  /** Returns whether the compiler vectorizes the section's loop over elements. */
  private boolean isVectorizedAnyway(Section section) {
    return offHeap == 0
        && !section.reduces()
        && plan.tape().temporaries() == 0
        && section.fitsElements();
  }

  private GeneratedLoop vectors(Section section) {
    return generate(section, Scaling.NONE);
  }

  private GeneratedLoop generate(Section section, Scaling scaling) {
    return LoopClassWriter.generate(
        section, new VectorLoopWriter(section, api, memory(section), scaling));
  }

  /** Returns which of a section's own arrays are off-heap. */
  private long memory(Section section) {
    long memory = 0;
    for (int i = 0; i < section.arrays().length; i++) {
      memory |= section.isTemporary(i) ? 0 : (offHeap >>> section.arrays()[i] & 1) << i;
    }
    return memory;
  }

  @Override
  public @Nullable Kernel offHeap(long memory) {
    if (memory == offHeap) {
      return this;
    }
    if (api.memory() == Storage.ARRAY || plan.tape().arrays() > MAX_ARRAYS) {
      return null;
    }
    return variants.computeIfAbsent(memory, key -> new VectorKernel(plan, api, key, warmsUp));
  }

  @Override
  public LaneOrder order() {
    return LaneOrder.ROWS;
  }

  @Override
  public int warmupRanges() {
    return warmsUp ? WARM_RANGES : COLD_RANGES;
  }

  @Override
  public boolean mayAllocate() {
    return !ran || !warmsUp || anyVectors();
  }

  private boolean anyVectors() {
    return anyVectors(parts) || anyVectors(fills);
  }

  private static boolean anyVectors(Part[] parts) {
    for (Part part : parts) {
      if (part.loop instanceof WarmingLoop warming && warming.isWarm()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void generateAll() {
    for (ReductionRetry retry : retries) {
      retry.generateAll();
    }
  }

  @Override
  public String name() {
    boolean slow = offHeap != 0 && api.memory() == Storage.BYTES;
    String vectors = slow ? "vectors through byte buffers" : "vectors";
    return isWarm() ? vectors : vectors + " (elements until they are compiled)";
  }

  /** Returns whether all loops run over vectors. */
  boolean isWarm() {
    return Stream.of(parts, fills)
        .flatMap(Arrays::stream)
        .allMatch(part -> !(part.loop instanceof WarmingLoop warming) || warming.isWarm());
  }

  @Override
  public int temporaries() {
    return temporaries;
  }

  /** The lanes of each part, and the workspaces of the retries. */
  private record Scratch(Object[][] lanes, ReductionRetry.Workspace[] retries) {}

  @Override
  public Object scratch() {
    Object[][] lanes =
        Arrays.stream(parts)
            .map(part -> part.sums.workspace(plan.tape().compute()))
            .toArray(Object[][]::new);
    ReductionRetry.Workspace[] workspaces =
        Arrays.stream(retries)
            .map(retry -> retry.new Workspace())
            .toArray(ReductionRetry.Workspace[]::new);
    return new Scratch(lanes, workspaces);
  }

  @Override
  public void run(KernelArguments arguments, double[] partials, int at, Object scratch) {
    Scratch own = (Scratch) scratch;
    boolean accurate = true;
    for (int p = 0; p < parts.length; p++) {
      Part part = parts[p];
      part.sums.clear(own.lanes[p]);
      part.loop.run(arguments, own.lanes[p]);
      accurate &= part.sums.fold(own.lanes[p], partials, at);
    }
    if (!accurate) {
      for (ReductionRetry.Workspace retry : own.retries) {
        retry.run(arguments, partials, at);
      }
    }
    for (Part fill : fills) {
      fill.loop.run(arguments, NONE);
    }
    if (!ran) {
      ran = true;
    }
  }
}
