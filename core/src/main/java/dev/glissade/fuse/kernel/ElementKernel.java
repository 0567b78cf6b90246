package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.GeneratedLoop;
import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.LoopClassWriter;
import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.Fission;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Spills;
import dev.glissade.fuse.tape.Tape;
import java.util.List;

/**
 * Runs a tape as generated loops, section by section. A reducing section works lane by lane in the
 * order that {@link Interpreter} states; where its float sum can't be trusted, this range, which is
 * still as the section found it, is looked at again.
 */
final class ElementKernel implements Kernel {
  private static final Object[] NONE = {};

  private final int temporaries;
  private final Section[] sections;
  private final GeneratedLoop[] bodies;
  private final ReductionRetry[] careful;
  private final RangeReductions[] sums;
  private final Element lane;

  ElementKernel(Tape whole) {
    Tape tape = spilled(whole);
    boolean chains = VectorApi.are(whole) && tape.temporaries() > 0;
    Section.Limit limit = chains ? Section.CHAINS : Section.ELEMENTS;
    List<Section> cut = Fission.sections(tape, job -> true, limit);
    this.temporaries = tape.temporaries();
    this.lane = tape.compute();
    this.sections = cut.toArray(Section[]::new);
    this.bodies =
        cut.stream().map(s -> LoopClassWriter.body(s, Scaling.NONE)).toArray(GeneratedLoop[]::new);
    this.careful =
        cut.stream()
            .map(section -> new ReductionRetry(section, tape, false, LoopClassWriter::body))
            .toArray(ReductionRetry[]::new);
    this.sums =
        cut.stream()
            .map(section -> new RangeReductions(section, tape))
            .toArray(RangeReductions[]::new);
  }

  /**
   * The tape, with what large values store on the way: those that the compiler would not vectorise
   * otherwise, and those that it can't vectorise but would not compile either.
   */
  private static Tape spilled(Tape whole) {
    if (!VectorApi.are(whole)) {
      return Spills.of(whole, Section.PLAIN);
    }
    boolean large = Spills.of(whole, Section.VALUES).temporaries() > 0;
    return large ? Spills.of(whole, Section.CHAINS) : whole;
  }

  @Override
  public int temporaries() {
    return temporaries;
  }

  @Override
  public boolean copies() {
    return temporaries > 0;
  }

  @Override
  public LaneOrder order() {
    return LaneOrder.COLUMNS;
  }

  @Override
  public int settling() {
    return 1;
  }

  @Override
  public void complete() {
    for (int s = 0; s < careful.length; s++) {
      if (sections[s].reduces()) {
        careful[s].complete();
      }
    }
  }

  @Override
  public String name() {
    return "elements";
  }

  /** A section's blocks and lanes, and room for a second look. */
  private record Room(Object[] local, ReductionRetry.Look careful) {}

  @Override
  public Object scratch() {
    Room[] rooms = new Room[sections.length];
    for (int s = 0; s < rooms.length; s++) {
      Object[] local = sections[s].reduces() ? sums[s].room(lane) : NONE;
      rooms[s] = new Room(local, careful[s].new Look());
    }
    return rooms;
  }

  @Override
  public void run(KernelArguments work, double[] partials, int at, Object scratch) {
    Room[] rooms = (Room[]) scratch;
    for (int s = 0; s < bodies.length; s++) {
      Object[] local = rooms[s].local;
      sums[s].clear(local);
      bodies[s].run(work, local);
      if (!sums[s].give(local, partials, at)) {
        rooms[s].careful.correct(work, partials, at);
      }
    }
  }
}
