package dev.glissade.fuse;

import java.util.List;

/**
 * The straight-line program of one loop: what to do with the elements at one index. Registers are
 * numbered by instruction. It holds no data: arrays, scalars, keys and reductions are numbered
 * arguments, so a kernel for a tape serves every loop of the same structure.
 *
 * @param compute the type of the arithmetic, F32 or F64
 * @param arrays how many arrays it takes
 * @param scalars how many scalars
 * @param keys how many random keys
 * @param reductions the reductions that it gives a partial result of
 */
record Tape(
    Element compute,
    List<Instruction> code,
    int arrays,
    int scalars,
    int keys,
    List<Reduction> reductions) {

  /** One past the largest number of a reduction in the code. */
  int reductionRoom() {
    int room = 0;
    for (Instruction instruction : code) {
      if (instruction instanceof Reduce reduce) {
        room = Math.max(room, reduce.reduction() + 1);
      }
    }
    return room;
  }

  /** One instruction; operands are the registers of earlier ones. */
  sealed interface Instruction {}

  record Load(int array, Element element) implements Instruction {}

  record Scalar(int scalar) implements Instruction {}

  record Unary(Op op, int a) implements Instruction {}

  record Binary(Op op, int a, int b) implements Instruction {}

  record Round(Element element, int a) implements Instruction {}

  /** Standard normal draws by a counter that is the element's index. */
  record Normal(int key) implements Instruction {}

  record Store(int array, Element element, int a) implements Instruction {}

  /** {@code b} is {@code a} again where the reduction takes one operand. */
  record Reduce(int reduction, Reduction kind, int a, int b) implements Instruction {}
}
