package dev.glissade.fuse;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tape as generated loops, section by section. A reducing section works on copies of blocks
 * of 512, lane by lane, in the order that {@link Interpreter} states; where its float sum can't be
 * trusted, the interpreter adds up this range, which is still as the section found it.
 */
final class FusedKernel implements Kernel {
  private final Section[] sections;
  private final Body[] bodies;
  private final Interpreter[] careful;
  private final boolean single;

  FusedKernel(Tape tape) {
    List<Section> cut = Fission.sections(tape);
    this.sections = cut.toArray(Section[]::new);
    this.bodies = cut.stream().map(Emitter::body).toArray(Body[]::new);
    this.careful = cut.stream().map(s -> new Interpreter(s.tape())).toArray(Interpreter[]::new);
    this.single = tape.compute() == Element.F32;
  }

  /** One section's arrays; of a reducing one blocks and lanes. */
  private static final class Room {
    final Object[] given;
    final Object[] local;
    private double @Nullable [][] carefully;

    Room(Section section, boolean single) {
      this.given = new Object[section.arrays().length];
      int lanes = section.tape().reductionRoom();
      this.local = new Object[section.reduces() ? given.length + lanes : 0];
      for (Tape.Instruction instruction : section.tape().code()) {
        if (section.reduces() && instruction instanceof Tape.Load load) {
          local[load.array()] = load.element().allocate(Loop.BLOCK);
        }
        if (instruction instanceof Tape.Reduce reduce) {
          Element element = single ? Element.F32 : Element.F64;
          local[given.length + reduce.reduction()] = element.allocate(Loop.BLOCK);
        }
      }
    }
  }

  @Override
  public Object scratch() {
    Room[] rooms = new Room[sections.length];
    for (int s = 0; s < rooms.length; s++) {
      rooms[s] = new Room(sections[s], single);
    }
    return rooms;
  }

  @Override
  public void run(
      Object[] arrays,
      double[] scalars,
      long[] keys,
      int from,
      int to,
      double[] partials,
      Object scratch) {
    Room[] rooms = (Room[]) scratch;
    for (int s = 0; s < bodies.length; s++) {
      Room room = rooms[s];
      int[] chosen = sections[s].arrays();
      for (int i = 0; i < chosen.length; i++) {
        room.given[i] = arrays[chosen[i]];
      }
      if (room.local.length == 0) {
        bodies[s].run(room.given, scalars, keys, from, to);
      } else {
        reduce(s, room, scalars, keys, from, to, partials);
      }
    }
  }

  private void reduce(
      int s, Room room, double[] scalars, long[] keys, int from, int to, double[] partials) {
    int inputs = room.given.length;
    for (int lane = inputs; lane < room.local.length; lane++) {
      clear(room.local[lane]);
    }
    for (int start = from; start < to; start += Loop.BLOCK) {
      int count = Math.min(Loop.BLOCK, to - start);
      for (int i = 0; i < inputs; i++) {
        System.arraycopy(room.given[i], start, room.local[i], 0, count);
      }
      bodies[s].run(room.local, scalars, keys, 0, count);
    }
    boolean trusted = true;
    for (Tape.Instruction instruction : sections[s].tape().code()) {
      if (instruction instanceof Tape.Reduce reduce) {
        double sum = fold(reduce.kind(), room.local[inputs + reduce.reduction()]);
        partials[reduce.reduction()] = sum;
        trusted &= !single || Interpreter.isTrusted(reduce.kind(), sum);
      }
    }
    if (!trusted) {
      careful(s, room, scalars, keys, from, to, partials);
    }
  }

  private void careful(
      int s, Room room, double[] scalars, long[] keys, int from, int to, double[] partials) {
    double[][] carefully = room.carefully;
    if (carefully == null) {
      carefully = careful[s].scratch();
      room.carefully = carefully;
    }
    careful[s].run(room.given, scalars, keys, from, to, partials, carefully);
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
