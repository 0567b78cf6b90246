package dev.glissade.fuse.tape;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A part of a tape that becomes one loop.
 *
 * @param tape the instructions; scalars, keys and reductions keep their numbers in the whole tape
 * @param arrays the number of each array in the whole tape
 * @param outer the number of arrays of the whole tape; temporary arrays have numbers from there on
 */
public record Section(Tape tape, int[] arrays, int outer) {
  /** Keeps scalars and arrays below the 255 parameters of a method. */
  private static final int MAX_INSTRUCTIONS = 100;

  private static final int MAX_ELEMENT_SIZE = 38;

  /** The compiler vectorized long chains of up to 30 operations; of longer ones only some. */
  private static final int GOOD_ELEMENT_SIZE = 30;

  /** The compiler vectorized a value of 50 operations, but not one of 62. */
  private static final int MAX_VALUE_SIZE = 50;

  /** Up to 110 stayed in registers on JDK 17, and up to 130 on 25; 64 were fastest on both. */
  private static final int GOOD_VECTOR_SIZE = 64;

  /** Of two vectors and their sums, 42 operations stayed in registers, 58 not always. */
  private static final int GOOD_UNROLLED_SIZE = 48;

  private static final int MAX_VECTOR_SIZE = 96;

  /**
   * A limit on the size of a loop.
   *
   * @param instructions an upper bound; longer sections never fit
   */
  public record Limit(int instructions, Predicate<Section> fits) {
    boolean allows(Section section) {
      return fits.test(section);
    }
  }

  /** Vectorized loops of a good size. */
  static final Limit VECTORS = new Limit(GOOD_VECTOR_SIZE, Section::fitsVectors);

  /** Element loops that the compiler vectorizes. */
  public static final Limit ELEMENTS =
      new Limit(MAX_ELEMENT_SIZE, s -> s.fitsElements(MAX_ELEMENT_SIZE));

  /** Element loops that it vectorizes even as one of many pieces of a chain of operations. */
  public static final Limit CHAINS =
      new Limit(GOOD_ELEMENT_SIZE, s -> s.fitsElements(GOOD_ELEMENT_SIZE));

  /** Element loops that it may vectorize if fission can't cut them further. */
  public static final Limit VALUES = new Limit(MAX_VALUE_SIZE, s -> s.size() <= MAX_VALUE_SIZE);

  /** Loops of a good size that nothing vectorizes. */
  public static final Limit PLAIN =
      new Limit(MAX_INSTRUCTIONS, s -> s.tape().code().size() <= MAX_INSTRUCTIONS);

  /** Returns whether the compiler vectorizes an element loop of this section. */
  public boolean fitsElements() {
    return fitsElements(MAX_ELEMENT_SIZE);
  }

  public boolean reduces() {
    return !tape.reductions().isEmpty();
  }

  /**
   * Returns whether the compiler vectorizes the element loop, which may either store or reduce. The
   * limits are measured with two compilers and keep some distance from where those stop. The lanes
   * of a reduction count as arrays.
   */
  private boolean fitsElements(int most) {
    long roots = tape.code().stream().filter(Tape.Instruction::isRoot).count();
    int lanes = lanes();
    int touched = arrays.length + lanes;
    boolean uniform = lanes == 0 || lanes == roots;
    return uniform && touched <= 6 && roots <= 3 && size() <= most - 5 * Math.max(touched - 4, 0);
  }

  private int size() {
    return tape.code().stream().mapToInt(Section::weight).sum();
  }

  /** Returns the number of lane arrays: one for each reduction, in the order of the code. */
  public int lanes() {
    return tape.all(Tape.Reduce.class).size();
  }

  /** Returns the index of the lane array of a reduction. */
  public int laneIndex(int reduction) {
    List<Tape.Reduce> reduces = tape.all(Tape.Reduce.class);
    return reduces.stream().map(Tape.Reduce::reduction).toList().indexOf(reduction);
  }

  /** Returns whether an array is temporary. */
  public boolean isTemporary(int array) {
    return arrays[array] >= outer;
  }

  /** Returns whether the section is a vectorized loop of a good size. */
  public boolean fitsVectors() {
    return fitsVectors(1);
  }

  /** Returns whether the loop has a good size with all sums in registers, unrolled this often. */
  public boolean fitsVectors(int vectors) {
    return vectors * vectorSize() <= (vectors == 1 ? GOOD_VECTOR_SIZE : GOOD_UNROLLED_SIZE);
  }

  /**
   * Returns whether the compiler keeps all vectors of the loop in registers, with some distance
   * from where it stops inlining their operations and allocates each vector.
   */
  boolean isVectorizable() {
    return vectorSize() <= MAX_VECTOR_SIZE;
  }

  private int vectorSize() {
    return tape.code().stream().mapToInt(Section::vectorOperations).sum();
  }

  /**
   * Returns the vector operations of an instruction. A scalar counts twice: with 21 scalars in a
   * loop of 64 operations the compiler allocated vectors, once the program had many other loops.
   */
  private static int vectorOperations(Tape.Instruction instruction) {
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
    if (instruction instanceof Tape.Binary binary && binary.op() == Op.GREATER) {
      return 4;
    }
    if (instruction instanceof Tape.Select) {
      return 3;
    }
    return instruction instanceof Tape.Reduce reduce
        ? reduce.kind() == Reduction.NON_FINITE ? 9 : 4
        : 1;
  }

  /** Returns the weight of an instruction: a sign does not vectorize among many others. */
  private static int weight(Tape.Instruction instruction) {
    return instruction instanceof Tape.Unary unary && unary.op() == Op.SIGN ? 16 : 1;
  }

  /** Returns a whole tape as one section. */
  public static Section whole(Tape tape) {
    return new Section(
        tape, IntStream.range(0, tape.arrays() + tape.staged()).toArray(), tape.arrays());
  }

  /** Returns a section of a tape. */
  static Section of(Tape whole, List<Tape.Instruction> code, int[] arrays) {
    return new Section(tape(whole, code, arrays.length), arrays, whole.arrays());
  }

  /** Returns a section with other instructions on the same arrays. */
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
        whole.compute(),
        List.copyOf(code),
        arrays,
        whole.scalars(),
        whole.keys(),
        reductions,
        whole.leafScalars(),
        0);
  }
}
