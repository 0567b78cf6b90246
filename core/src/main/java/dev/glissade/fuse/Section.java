package dev.glissade.fuse;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A part of a tape that is one loop.
 *
 * @param tape its instructions; numbers of scalars, keys and reductions are those of the whole
 * @param arrays the whole tape's number of each of its arrays
 * @param outer how many arrays the whole tape takes; temporary ones have numbers from there on
 */
record Section(Tape tape, int[] arrays, int outer) {
  /** Up to 255 numbers and arrays are a method's parameters. */
  private static final int MOST_INSTRUCTIONS = 100;

  private static final int MOST_ELEMENT_SIZE = 38;

  /** Long chains were vectorised up to 30, above now and then. */
  private static final int GOOD_ELEMENT_SIZE = 30;

  /** A value of 50 was vectorised, one of 62 was not. */
  private static final int LARGEST_ELEMENT_SIZE = 50;

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
    return fitsElements(MOST_ELEMENT_SIZE);
  }

  private boolean fitsElements(int most) {
    int results = 0;
    int lanes = 0;
    for (Tape.Instruction instruction : tape.code()) {
      lanes += instruction instanceof Tape.Reduce ? 1 : 0;
      results += instruction instanceof Tape.Store || instruction instanceof Tape.Reduce ? 1 : 0;
    }
    int touched = arrays.length + lanes;
    int room = most - 5 * Math.max(touched - 4, 0);
    boolean alike = lanes == 0 || lanes == results;
    return alike && touched <= 6 && results <= 3 && size() <= room;
  }

  /** Whether it does so, too, if it is one of many pieces of a chain of operations. */
  boolean fitsElementsWell() {
    return fitsElements(GOOD_ELEMENT_SIZE);
  }

  /** Whether the compiler may vectorise it, if it can't be cut into smaller ones. */
  boolean mayBeElements() {
    return size() <= LARGEST_ELEMENT_SIZE;
  }

  private int size() {
    return tape.code().stream().mapToInt(Section::weight).sum();
  }

  /** Whether it is a good size for a loop of elements that is not vectorised. */
  boolean fitsLoop() {
    return tape.code().size() <= MOST_INSTRUCTIONS;
  }

  /** Whether one of its arrays is a temporary one. */
  boolean isTemporary(int array) {
    return arrays[array] >= outer;
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
    return new Section(tape, IntStream.range(0, tape.arrays()).toArray(), tape.arrays());
  }

  /** A section of a tape. */
  static Section of(Tape whole, List<Tape.Instruction> code, int[] arrays) {
    return new Section(tape(whole, code, arrays.length), arrays, whole.arrays());
  }

  /** Other instructions on the same arrays. */
  Section with(List<Tape.Instruction> code) {
    return new Section(tape(tape, code, arrays.length), arrays, outer);
  }

  private static Tape tape(Tape whole, List<Tape.Instruction> code, int arrays) {
    List<Reduction> reductions =
        code.stream()
            .filter(Tape.Reduce.class::isInstance)
            .map(instruction -> ((Tape.Reduce) instruction).kind())
            .toList();
    return new Tape(
        whole.compute(), List.copyOf(code), arrays, whole.scalars(), whole.keys(), reductions);
  }
}
