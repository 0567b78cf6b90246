package dev.glissade.fuse;

import java.util.List;
import java.util.stream.IntStream;

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

  /**
   * Whether the compiler vectorises it: measured with two compilers, with some distance to where
   * they stop. The lanes of a reduction are arrays, too.
   */
  boolean fits() {
    int results = 0;
    int lanes = 0;
    int size = 0;
    for (Tape.Instruction instruction : tape.code()) {
      lanes += instruction instanceof Tape.Reduce ? 1 : 0;
      results += instruction instanceof Tape.Store || instruction instanceof Tape.Reduce ? 1 : 0;
      size += weight(instruction);
    }
    int touched = arrays.length + lanes;
    int room = 38 - 5 * Math.max(touched - 4, 0);
    return touched <= 6 && results <= 3 && size <= room;
  }

  /** A sign is four operations, and does not vectorise beside many others. */
  private static int weight(Tape.Instruction instruction) {
    return instruction instanceof Tape.Unary unary && unary.op() == Op.SIGN ? 16 : 1;
  }

  /** All of a tape. */
  static Section whole(Tape tape) {
    return new Section(tape, IntStream.range(0, tape.arrays()).toArray());
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
