package dev.glissade.fuse;

import java.util.List;

/**
 * A part of a tape small enough that the compiler vectorises its loop: either stores or reductions.
 *
 * @param tape its instructions; numbers of scalars, keys and reductions are those of the whole
 * @param arrays the whole tape's number of each of its arrays
 */
record Section(Tape tape, int[] arrays) {

  boolean reduces() {
    return !tape.reductions().isEmpty();
  }

  /** What one section may hold before the compiler stops vectorising it. */
  static boolean fits(int arrays, int stores, int operations) {
    return arrays <= 5 && stores <= 3 && operations <= 16;
  }

  static Section of(Tape whole, List<Tape.Instruction> code, int[] arrays) {
    List<Reduction> reductions =
        code.stream()
            .filter(Tape.Reduce.class::isInstance)
            .map(instruction -> ((Tape.Reduce) instruction).kind())
            .toList();
    Tape tape =
        new Tape(
            whole.compute(),
            List.copyOf(code),
            arrays.length,
            whole.scalars(),
            whole.keys(),
            reductions);
    return new Section(tape, arrays);
  }
}
