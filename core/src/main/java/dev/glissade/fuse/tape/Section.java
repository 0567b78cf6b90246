package dev.glissade.fuse.tape;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A part of a tape that is one loop.
 *
 * @param tape its instructions; numbers of scalars, keys and reductions are those of the whole
 * @param arrays the whole tape's number of each of its arrays
 * @param outer how many arrays the whole tape takes; temporary ones have numbers from there on
 */
public record Section(Tape tape, int[] arrays, int outer) {
  /** Up to 255 numbers and arrays are a method's parameters. */
  private static final int MOST_INSTRUCTIONS = 100;

  private static final int MOST_ELEMENT_SIZE = 38;

  /** Long chains were vectorised up to 30, above now and then. */
  private static final int GOOD_ELEMENT_SIZE = 30;

  /** A value of 50 was vectorised, one of 62 was not. */
  private static final int LARGEST_ELEMENT_SIZE = 50;

  /** Up to 110 were kept in registers on JDK 17 and 130 on 25; 64 were fastest on both. */
  private static final int GOOD_CALLS = 64;

  /** Of two vectors with their sums 42 operations were kept in registers, 58 not always. */
  private static final int GOOD_CALLS_IN_ONE_GO = 48;

  private static final int MOST_CALLS = 96;

  /**
   * What a loop may be.
   *
   * @param most more instructions never fit
   */
  public record Limit(int most, Predicate<Section> fits) {
    boolean allows(Section section) {
      return fits.test(section);
    }
  }

  /** A good size for a loop by vectors. */
  static final Limit VECTORS = new Limit(GOOD_CALLS, Section::fitsVectors);

  /** What the compiler vectorises. */
  public static final Limit ELEMENTS = new Limit(MOST_ELEMENT_SIZE, Section::fitsElements);

  /** What it vectorises even if it is one of many pieces of a chain of operations. */
  public static final Limit CHAINS =
      new Limit(GOOD_ELEMENT_SIZE, s -> s.fitsElements(GOOD_ELEMENT_SIZE));

  /** What it may vectorise if it can't be cut into smaller ones. */
  public static final Limit VALUES =
      new Limit(LARGEST_ELEMENT_SIZE, s -> s.size() <= LARGEST_ELEMENT_SIZE);

  /** A good size for a loop that is not vectorised. */
  public static final Limit PLAIN =
      new Limit(MOST_INSTRUCTIONS, s -> s.tape().code().size() <= MOST_INSTRUCTIONS);

  public boolean reduces() {
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
    int lanes = lanes();
    for (Tape.Instruction instruction : tape.code()) {
      results += instruction instanceof Tape.Store || instruction instanceof Tape.Reduce ? 1 : 0;
    }
    int touched = arrays.length + lanes;
    int room = most - 5 * Math.max(touched - 4, 0);
    boolean alike = lanes == 0 || lanes == results;
    return alike && touched <= 6 && results <= 3 && size() <= room;
  }

  private int size() {
    return tape.code().stream().mapToInt(Section::weight).sum();
  }

  /** How many reductions it has, each with lanes of its own. */
  public int lanes() {
    return (int) tape.code().stream().filter(Tape.Reduce.class::isInstance).count();
  }

  /** Which of the lanes are a reduction's: they are in the order of the code. */
  public int lanes(int reduction) {
    int lanes = 0;
    for (Tape.Instruction instruction : tape.code()) {
      if (instruction instanceof Tape.Reduce reduce) {
        if (reduce.reduction() == reduction) {
          return lanes;
        }
        lanes++;
      }
    }
    throw new IllegalArgumentException("no reduction has the number " + reduction);
  }

  /** Whether one of its arrays is a temporary one. */
  public boolean isTemporary(int array) {
    return arrays[array] >= outer;
  }

  /** Whether it is a good size for a loop by vectors. */
  public boolean fitsVectors() {
    return fitsVectors(1);
  }

  /** Whether it is with so many vectors in one go, whose sums are in registers, too. */
  public boolean fitsVectors(int vectors) {
    return vectors * calls() <= (vectors == 1 ? GOOD_CALLS : GOOD_CALLS_IN_ONE_GO);
  }

  /**
   * Whether the compiler keeps all of its loop's vectors in registers, with some distance to where
   * it stops inlining what they are made of and allocates each.
   */
  boolean mayBeVectors() {
    return calls() <= MOST_CALLS;
  }

  private int calls() {
    return tape.code().stream().mapToInt(Section::calls).sum();
  }

  /**
   * How many operations on vectors an instruction is. A scalar counts twice: with 21 of them in a
   * loop of 64 operations vectors were allocated, once there were many other loops in the program.
   */
  private static int calls(Tape.Instruction instruction) {
    if (instruction instanceof Tape.Scalar) {
      return 2;
    }
    if (instruction instanceof Tape.Unary unary) {
      return switch (unary.op()) {
        case SIGN -> 8;
        case NAN_TO_ZERO -> 3;
        default -> 1;
      };
    }
    return instruction instanceof Tape.Reduce reduce
        ? reduce.kind() == Reduction.NON_FINITE ? 9 : 4
        : 1;
  }

  /** A sign is four operations, and does not vectorise beside many others. */
  private static int weight(Tape.Instruction instruction) {
    return instruction instanceof Tape.Unary unary && unary.op() == Op.SIGN ? 16 : 1;
  }

  /** All of a tape. */
  public static Section whole(Tape tape) {
    return new Section(tape, IntStream.range(0, tape.arrays()).toArray(), tape.arrays());
  }

  /** A section of a tape. */
  static Section of(Tape whole, List<Tape.Instruction> code, int[] arrays) {
    return new Section(tape(whole, code, arrays.length), arrays, whole.arrays());
  }

  /** Other instructions on the same arrays. */
  public Section with(List<Tape.Instruction> code) {
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
