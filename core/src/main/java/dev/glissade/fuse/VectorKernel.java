package dev.glissade.fuse;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tape as one loop by vectors, over arrays and over memory outside of the heap. Since it
 * stores while it reduces, a float sum that can't be trusted is added up again behind the stores.
 */
final class VectorKernel implements Kernel {
  private static final int MOST_ARRAYS = 63;

  private final Tape tape;
  private final Vectors machine;
  private final long outside;
  private final Body body;
  private final Sums sums;
  private final @Nullable Again again;
  private final Map<Long, VectorKernel> others = new ConcurrentHashMap<>();

  VectorKernel(Tape tape, Vectors machine) {
    this(tape, machine, 0);
  }

  private VectorKernel(Tape tape, Vectors machine, long outside) {
    this.tape = tape;
    this.machine = machine;
    this.outside = outside;
    Section whole = Section.whole(tape);
    Section behind = tape.compute() == Element.F32 ? Fission.again(tape) : null;
    this.body = Emitter.body(whole, new VectorLoop(whole, machine, outside, false));
    this.sums = new Sums(whole, tape);
    this.again = behind == null ? null : new Again(behind);
  }

  @Override
  public @Nullable Kernel on(long memory) {
    if (memory == outside) {
      return this;
    }
    if (machine.memory() == Storage.ARRAY || tape.arrays() > MOST_ARRAYS) {
      return null;
    }
    return others.computeIfAbsent(memory, key -> new VectorKernel(tape, machine, key));
  }

  /** The section that adds up again what is in memory behind the stores. */
  private final class Again {
    final Sums sums;
    private final Section section;
    private @Nullable Body body;

    Again(Section section) {
      this.section = section;
      this.sums = new Sums(section, tape);
    }

    /** Made when it is first needed, which for most tapes is never. */
    Body body() {
      Body made = body;
      if (made == null) {
        long where = 0;
        for (int i = 0; i < section.arrays().length; i++) {
          where |= (outside >>> section.arrays()[i] & 1) << i;
        }
        made = Emitter.body(section, new VectorLoop(section, machine, where, true));
        body = made;
      }
      return made;
    }
  }

  /** Lanes, and lanes for careful sums once they are needed. */
  private static final class Room {
    final Object[] lanes;
    Object @Nullable [] wide;

    Room(Object[] lanes) {
      this.lanes = lanes;
    }
  }

  @Override
  public Object scratch() {
    return new Room(sums.lanes(tape.compute()));
  }

  @Override
  public void run(Work work, double[] partials, int at, Object scratch) {
    Room room = (Room) scratch;
    sums.clear(room.lanes);
    body.run(work, room.lanes);
    if (!sums.give(room.lanes, partials, at) && again != null) {
      carefully(again, work, room, partials, at);
    }
  }

  private static void carefully(
      Again again, Work work, Room room, double[] partials, int at) {
    Object[] wide = room.wide;
    if (wide == null) {
      wide = again.sums.lanes(Element.F64);
      room.wide = wide;
    }
    again.sums.clear(wide);
    again.body().run(work, wide);
    again.sums.replace(wide, partials, at);
  }
}
