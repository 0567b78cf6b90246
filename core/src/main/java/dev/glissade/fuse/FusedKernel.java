package dev.glissade.fuse;

import java.util.Arrays;
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
  private final Reduced[] reduced;
  private final boolean single;

  /** The reductions of a section, and which of the tape they are. */
  private record Reduced(int[] numbers, Reduction[] kinds) {
    static Reduced of(Tape tape) {
      List<Tape.Reduce> all =
          tape.code().stream()
              .filter(Tape.Reduce.class::isInstance)
              .map(Tape.Reduce.class::cast)
              .toList();
      return new Reduced(
          all.stream().mapToInt(Tape.Reduce::reduction).toArray(),
          all.stream().map(Tape.Reduce::kind).toArray(Reduction[]::new));
    }
  }

  FusedKernel(Tape tape) {
    List<Section> cut = Fission.sections(tape);
    this.single = tape.compute() == Element.F32;
    this.sections = cut.toArray(Section[]::new);
    this.bodies = cut.stream().map(s -> Emitter.body(s, false)).toArray(Body[]::new);
    this.careful = new Body[sections.length];
    this.reduced = cut.stream().map(s -> Reduced.of(s.tape())).toArray(Reduced[]::new);
  }

  /** Each section's blocks and lanes, and lanes for careful sums. */
  private static final class Room {
    final Object[][] local;
    private final Object[] @Nullable [] careful;
    private final Section[] sections;

    Room(Section[] sections, Element lane) {
      this.sections = sections;
      this.local = new Object[sections.length][];
      this.careful = new Object[sections.length][];
      for (int s = 0; s < sections.length; s++) {
        local[s] = sections[s].reduces() ? blocks(sections[s], lane) : NONE;
      }
    }

    Object[] careful(int s) {
      Object[] known = careful[s];
      if (known == null) {
        known = blocks(sections[s], Element.F64);
        careful[s] = known;
      }
      return known;
    }

    private static Object[] blocks(Section section, Element lane) {
      int inputs = section.arrays().length;
      Object[] blocks = new Object[inputs + section.tape().reductionRoom()];
      for (Tape.Instruction instruction : section.tape().code()) {
        if (instruction instanceof Tape.Load load) {
          blocks[load.array()] = load.element().allocate(Loop.BLOCK);
        } else if (instruction instanceof Tape.Reduce reduce) {
          blocks[inputs + reduce.reduction()] = lane.allocate(Loop.BLOCK);
        }
      }
      return blocks;
    }
  }

  @Override
  public Object scratch() {
    return new Room(sections, single ? Element.F32 : Element.F64);
  }

  @Override
  public void run(Work work, double[] partials, int at, Object scratch) {
    Room room = (Room) scratch;
    for (int s = 0; s < bodies.length; s++) {
      Object[] local = room.local[s];
      if (!sections[s].reduces()) {
        bodies[s].run(work, local);
      } else if (!reduce(s, work, local, partials, at)) {
        carefully(s, work, room.careful(s), partials, at);
      }
    }
  }

  /** Whether all sums can be trusted. */
  private boolean reduce(int s, Work work, Object[] local, double[] partials, int at) {
    int[] numbers = reduced[s].numbers;
    Reduction[] kinds = reduced[s].kinds;
    sum(s, bodies[s], work, local);
    boolean trusted = true;
    for (int r = 0; r < numbers.length; r++) {
      double sum = fold(kinds[r], local[sections[s].arrays().length + numbers[r]]);
      partials[at + numbers[r]] = sum;
      trusted &= !single || Interpreter.isTrusted(kinds[r], sum);
    }
    return trusted;
  }

  /** Replaces the sums that can't be trusted. */
  private void carefully(int s, Work work, Object[] local, double[] partials, int at) {
    Body body = careful[s];
    if (body == null) {
      body = Emitter.body(sections[s], true);
      careful[s] = body;
    }
    sum(s, body, work, local);
    int[] numbers = reduced[s].numbers;
    Reduction[] kinds = reduced[s].kinds;
    for (int r = 0; r < numbers.length; r++) {
      if (!Interpreter.isTrusted(kinds[r], partials[at + numbers[r]])) {
        partials[at + numbers[r]] = fold(kinds[r], local[sections[s].arrays().length + numbers[r]]);
      }
    }
  }

  private void sum(int s, Body body, Work work, Object[] local) {
    for (int lanes = sections[s].arrays().length; lanes < local.length; lanes++) {
      clear(local[lanes]);
    }
    body.run(work, local);
  }

  private static void clear(Object lanes) {
    if (lanes instanceof float[] floats) {
      Arrays.fill(floats, 0);
    } else if (lanes instanceof double[] doubles) {
      Arrays.fill(doubles, 0);
    }
  }

  private static double fold(Reduction kind, Object lanes) {
    return lanes instanceof float[] floats
        ? Lanes.fold(kind, floats)
        : Lanes.fold(kind, (double[]) lanes);
  }
}
