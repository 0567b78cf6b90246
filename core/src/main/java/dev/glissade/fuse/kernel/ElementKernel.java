package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.GeneratedLoop;
import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.LoopClassWriter;
import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.tape.Fission;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Spills;
import dev.glissade.fuse.tape.Tape;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a tape as generated loops, section by section. A reducing section adds up lanes in the order
 * that {@link Interpreter} specifies. If its float sum is inaccurate, it retries the range, whose
 * operands no later section has overwritten yet.
 */
public final class ElementKernel implements Kernel {
  private static final Object[] NONE = {};

  private final Tape tape;
  private final int temporaries;
  private final Part[] parts;

  /** A section, its loop, its reductions, and their retry. */
  private record Part(
      Section section,
      boolean reduces,
      GeneratedLoop loop,
      RangeReductions sums,
      ReductionRetry retry) {}

  ElementKernel(Tape whole) {
    this.tape = withSpills(whole);
    this.temporaries = tape.temporaries();
    boolean chains = VectorApi.supports(whole) && temporaries > 0;
    Section.Limit limit = chains ? Section.CHAINS : Section.ELEMENTS;
    this.parts =
        Fission.sections(tape, root -> true, limit).stream().map(this::part).toArray(Part[]::new);
  }

  private Part part(Section section) {
    return new Part(
        section,
        section.reduces(),
        LoopClassWriter.generate(section, Scaling.NONE),
        new RangeReductions(section, tape),
        new ReductionRetry(section, tape, false, LoopClassWriter::generate));
  }

  /**
   * Returns the tape with spills of the large values that the compiler would not vectorize
   * otherwise, or, where it can't vectorize at all, would not compile.
   */
  private static Tape withSpills(Tape whole) {
    if (!VectorApi.supports(whole)) {
      return Spills.of(whole, Section.PLAIN);
    }
    boolean large = Spills.of(whole, Section.VALUES).temporaries() > 0;
    return large ? Spills.of(whole, Section.CHAINS) : whole;
  }

  /** Returns the sections in the order in which they run. */
  public List<Section> sections() {
    return Arrays.stream(parts).map(Part::section).toList();
  }

  @Override
  public int temporaries() {
    return temporaries;
  }

  @Override
  public boolean needsCopies() {
    return temporaries > 0;
  }

  @Override
  public LaneOrder order() {
    return LaneOrder.COLUMNS;
  }

  @Override
  public int warmupRanges() {
    return 1;
  }

  @Override
  public void generateAll() {
    for (Part part : parts) {
      if (part.reduces) {
        part.retry.generateAll();
      }
    }
  }

  @Override
  public String name() {
    return "elements";
  }

  /** The blocks and lanes of a section, and the workspace of its retry. */
  private record Scratch(Object[] workspace, ReductionRetry.Workspace retry) {}

  @Override
  public Object scratch() {
    return Arrays.stream(parts)
        .map(part -> {
          Object[] workspace = part.reduces ? part.sums.workspace(tape.compute()) : NONE;
          return new Scratch(workspace, part.retry.new Workspace());
        })
        .toArray(Scratch[]::new);
  }

  @Override
  public void run(KernelArguments arguments, double[] partials, int at, Object scratch) {
    Scratch[] scratches = (Scratch[]) scratch;
    for (int p = 0; p < parts.length; p++) {
      Part part = parts[p];
      Object[] workspace = scratches[p].workspace;
      part.sums.clear(workspace);
      part.loop.run(arguments, workspace);
      if (!part.sums.fold(workspace, partials, at)) {
        scratches[p].retry.run(arguments, partials, at);
      }
    }
  }
}
