package dev.glissade.fuse;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tape by vectors, over arrays and over memory outside of the heap: as one loop, or a few if
 * it is large. Since it stores while it reduces, a float sum that can't be trusted is added up again
 * behind the stores.
 */
final class VectorKernel implements Kernel {
  private static final int MOST_ARRAYS = 63;

  private final Tape tape;
  private final Vectors machine;
  private final long outside;
  private final Part[] parts;
  private final @Nullable Again again;
  private final Map<Long, VectorKernel> others = new ConcurrentHashMap<>();

  VectorKernel(Tape tape, Vectors machine) {
    this(tape, machine, 0);
  }

  private VectorKernel(Tape tape, Vectors machine, long outside) {
    this.tape = tape;
    this.machine = machine;
    this.outside = outside;
    Section behind = tape.compute() == Element.F32 ? Fission.again(tape) : null;
    this.parts =
        sections(tape).stream()
            .map(section -> new Part(made(section, false), new Sums(section, tape)))
            .toArray(Part[]::new);
    this.again = behind == null ? null : new Again(behind);
  }

  private static List<Section> sections(Tape tape) {
    Section whole = Section.whole(tape);
    return whole.fitsVectors() ? List.of(whole) : Fission.sections(tape, Section::fitsVectors);
  }

  /** Whether a tape has no section that is too large to be cut and too large for the compiler. */
  static boolean takes(Tape tape) {
    return sections(tape).stream().allMatch(Section::mayBeVectors);
  }

  private record Part(Body body, Sums sums) {}

  private Body made(Section section, boolean careful) {
    long where = 0;
    for (int i = 0; i < section.arrays().length; i++) {
      where |= (outside >>> section.arrays()[i] & 1) << i;
    }
    return Emitter.body(section, new VectorLoop(section, machine, where, careful));
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
        made = made(section, true);
        body = made;
      }
      return made;
    }
  }

  /** Each part's lanes, and lanes for careful sums once they are needed. */
  private static final class Room {
    final Object[][] lanes;
    Object @Nullable [] wide;

    Room(Object[][] lanes) {
      this.lanes = lanes;
    }
  }

  @Override
  public String name() {
    return "vectors";
  }

  @Override
  public Object scratch() {
    return new Room(
        Arrays.stream(parts).map(part -> part.sums.lanes(tape.compute())).toArray(Object[][]::new));
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
    if (!stand && again != null) {
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
