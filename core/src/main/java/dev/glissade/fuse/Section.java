package dev.glissade.fuse;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A part of a tape that is one loop.
 *
 * @param tape its instructions; numbers of scalars, keys and reductions are those of the whole
 * @param arrays the whole tape's number of each of its arrays
 */
record Section(Tape tape, int[] arrays) {
  /** Up to 110 were kept in registers on JDK 17 and 130 on 25; 64 were fastest on both. */
  private static final int GOOD_CALLS = 64;

  private static final int MOST_CALLS = 96;

  boolean reduces() {
    return !tape.reductions().isEmpty();
  }

  /**
   * Whether the compiler vectorises its loop over elements, which either stores or reduces:
   * measured with two compilers, with some distance to where they stop. The lanes of a reduction
   * are arrays, too.
   */
  boolean fitsElements() {
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
    boolean alike = lanes == 0 || lanes == results;
    return alike && touched <= 6 && results <= 3 && size <= room;
  }

  /** Whether it is a good size for a loop by vectors. */
  boolean fitsVectors() {
    return fitsVectors(1);
  }

  /** Whether it is with so many vectors in one go. */
  boolean fitsVectors(int vectors) {
    return vectors * calls() <= GOOD_CALLS;
  }

  /**
   * Whether the compiler keeps all of its loop's vectors in registers, with some distance to where
   * it stops inlining what they are made of and allocates each.
   */
  boolean mayBeVectors() {
    return calls() <= MOST_CALLS;
  }

  private int calls() {
    return tape.code().stream().mapToInt(VectorLoop::calls).sum();
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
