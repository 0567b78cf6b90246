package dev.glissade.fuse;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tape by vectors, over arrays and over memory outside of the heap: as one loop, or a few if
 * it is large. Since it stores while it reduces, a float sum that can't be trusted is looked at
 * again behind the stores; arrays that reductions read are filled behind that.
 */
final class VectorKernel implements Kernel {
  private static final int MOST_ARRAYS = 63;
  private static final Object[] NONE = {};

  private final Tape tape;
  private final Vectors machine;
  private final long outside;
  private final Part[] parts;
  private final Part[] fills;
  private final @Nullable Careful careful;
  private final Map<Long, VectorKernel> others = new ConcurrentHashMap<>();

  VectorKernel(Tape tape, Vectors machine) {
    this(tape, machine, 0);
  }

  private VectorKernel(Tape tape, Vectors machine, long outside) {
    this.tape = tape;
    this.machine = machine;
    this.outside = outside;
    Section again = again(tape);
    this.parts = parts(sections(tape));
    this.fills = parts(again == null ? List.of() : fills(tape));
    this.careful = again == null ? null : new Careful(again, tape, true, this::body);
  }

  private static @Nullable Section again(Tape tape) {
    return tape.compute() == Element.F32 ? Fission.again(tape) : null;
  }

  /** The loops; without fills if there may be a second look before those. */
  private static List<Section> sections(Tape tape) {
    boolean all = again(tape) == null || fills(tape).isEmpty();
    Section whole = Section.whole(tape);
    return all && whole.fitsVectors()
        ? List.of(whole)
        : Fission.sections(tape, job -> all || !tape.isFill(job), Section::fitsVectors);
  }

  private static List<Section> fills(Tape tape) {
    return Fission.sections(tape, tape::isFill, Section::fitsVectors);
  }

  /** Whether a tape has no section that is too large to be cut and too large for the compiler. */
  static boolean takes(Tape tape) {
    return sections(tape).stream().allMatch(Section::mayBeVectors);
  }

  private record Part(Body body, Sums sums) {}

  private Part[] parts(List<Section> sections) {
    return sections.stream()
        .map(section -> new Part(body(section, false), new Sums(section, tape)))
        .toArray(Part[]::new);
  }

  private Body body(Section section, boolean inDouble) {
    long where = 0;
    for (int i = 0; i < section.arrays().length; i++) {
      where |= (outside >>> section.arrays()[i] & 1) << i;
    }
    return Emitter.body(section, new VectorLoop(section, machine, where, inDouble));
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

  @Override
  public String name() {
    return "vectors";
  }

  /** Each part's lanes, and room for a second look. */
  private record Room(Object[][] lanes, Careful.@Nullable Look careful) {}

  @Override
  public Object scratch() {
    Object[][] lanes =
        Arrays.stream(parts).map(part -> part.sums.room(tape.compute())).toArray(Object[][]::new);
    return new Room(lanes, careful == null ? null : careful.new Look());
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
    if (!stand && room.careful != null) {
      room.careful.correct(work, partials, at);
    }
    for (Part fill : fills) {
      fill.body.run(work, NONE);
    }
  }
}
