package dev.glissade.fuse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tape as generated loops, section by section. A reducing section works lane by lane in the
 * order that {@link Interpreter} states; where its float sum can't be trusted, this range, which is
 * still as the section found it, is added up again in double.
 */
final class FusedKernel implements Kernel {
  private static final Object[] NONE = {};

  private final Section[] sections;
  private final Body[] bodies;
  private final @Nullable Body[] careful;
  private final Sums[] sums;
  private final Element lane;

  FusedKernel(Tape tape) {
    List<Section> cut = Fission.sections(tape, Section::fitsElements);
    this.lane = tape.compute();
    this.sections = cut.toArray(Section[]::new);
    this.bodies = cut.stream().map(s -> Emitter.body(s, false)).toArray(Body[]::new);
    this.careful = new Body[sections.length];
    this.sums = cut.stream().map(section -> new Sums(section, tape)).toArray(Sums[]::new);
  }

  /** Each section's blocks and lanes, and lanes for careful sums. */
  private final class Room {
    final Object[][] local = new Object[sections.length][];
    private final Object[] @Nullable [] wide = new Object[sections.length][];

    Room() {
      for (int s = 0; s < sections.length; s++) {
        local[s] = sections[s].reduces() ? blocks(s, lane) : NONE;
      }
    }

    Object[] wide(int s) {
      Object[] known = wide[s];
      if (known == null) {
        known = blocks(s, Element.F64);
        wide[s] = known;
      }
      return known;
    }

    private Object[] blocks(int s, Element of) {
      Object[] blocks = sums[s].lanes(of);
      for (Tape.Instruction instruction : sections[s].tape().code()) {
        if (instruction instanceof Tape.Load load) {
          blocks[load.array()] = load.element().allocate(Loop.BLOCK);
        }
      }
      return blocks;
    }
  }

  @Override
  public String name() {
    return "elements";
  }

  @Override
  public Object scratch() {
    return new Room();
  }

  @Override
  public void run(Work work, double[] partials, int at, Object scratch) {
    Room room = (Room) scratch;
    for (int s = 0; s < bodies.length; s++) {
      Object[] local = room.local[s];
      sums[s].clear(local);
      bodies[s].run(work, local);
      if (!sums[s].give(local, partials, at)) {
        carefully(s, work, room.wide(s), partials, at);
      }
    }
  }

  private void carefully(int s, Work work, Object[] local, double[] partials, int at) {
    Body body = careful[s];
    if (body == null) {
      body = Emitter.body(sections[s], true);
      careful[s] = body;
    }
    sums[s].clear(local);
    body.run(work, local);
    sums[s].replace(local, partials, at);
  }
}
