package dev.glissade.fuse;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes a section's loop by vectors, and behind it, for the elements that fill no vector, one by
 * elements. Arrays may be memory outside of the heap, and lanes have an index of their own, so that
 * stores and reductions are one loop which copies nothing.
 */
final class VectorLoop extends LoopWriter {
  private final VectorWriter vectors;
  private final boolean careful;
  private final int vector;
  private final int first;
  private final int laneIndex;
  private final int last;
  private final int registers;

  /**
   * @param outside bit a: array a is outside of the heap
   * @param careful whether products are added up in double, element by element
   */
  VectorLoop(Section section, Vectors machine, long outside, boolean careful) {
    super(section, careful, machine.memory(), outside);
    this.vectors = new VectorWriter(single);
    this.careful = careful;
    this.vector = machine.lanes(tape.compute());
    this.first = freeSlot();
    this.laneIndex = first + 1;
    this.last = first + 2;
    this.registers = first + 3;
  }

  /** How many operations on vectors an instruction is. */
  static int calls(Tape.Instruction instruction) {
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

  @Override
  void elements(MethodVisitor out) {
    out.visitVarInsn(ILOAD, indexSlot());
    out.visitVarInsn(ISTORE, first);
    out.visitInsn(ICONST_0);
    out.visitVarInsn(ISTORE, laneIndex);
    if (!careful) {
      vectors(out);
    }
    super.elements(out);
  }

  /** for (last = end - vector; index <= last; index += vector) all instructions. */
  private void vectors(MethodVisitor out) {
    int index = indexSlot();
    out.visitVarInsn(ILOAD, index + 1);
    out.visitIntInsn(SIPUSH, vector);
    out.visitInsn(ISUB);
    out.visitVarInsn(ISTORE, last);
    Label body = new Label();
    Label test = new Label();
    out.visitJumpInsn(GOTO, test);
    out.visitLabel(body);
    if (lanes > 0) {
      laneIndex(out);
    }
    for (int register = 0; register < tape.code().size(); register++) {
      instruction(out, register, tape.code().get(register));
    }
    out.visitIincInsn(index, vector);
    out.visitLabel(test);
    out.visitVarInsn(ILOAD, index);
    out.visitVarInsn(ILOAD, last);
    out.visitJumpInsn(IF_ICMPLE, body);
  }

  /** laneIndex = (index - first) % 512, which all of a vector's lanes follow. */
  private void laneIndex(MethodVisitor out) {
    out.visitVarInsn(ILOAD, indexSlot());
    out.visitVarInsn(ILOAD, first);
    out.visitInsn(ISUB);
    out.visitIntInsn(SIPUSH, Loop.BLOCK - 1);
    out.visitInsn(IAND);
    out.visitVarInsn(ISTORE, laneIndex);
  }

  @Override
  void lane(MethodVisitor out, int reduction) {
    out.visitVarInsn(ALOAD, inputs + reduction);
    laneIndex(out);
    out.visitVarInsn(ILOAD, laneIndex);
  }

  private int register(int number) {
    return registers + number;
  }

  private void get(MethodVisitor out, int register) {
    out.visitVarInsn(ALOAD, register(register));
  }

  private void instruction(MethodVisitor out, int register, Tape.Instruction instruction) {
    if (instruction instanceof Tape.Load load) {
      vectors.load(out, storage(load.array()), load.array(), indexSlot());
    } else if (instruction instanceof Tape.Scalar scalar) {
      vectors.broadcast(out, scalarSlot(scalar.scalar()));
    } else if (instruction instanceof Tape.Unary unary) {
      get(out, unary.a());
      vectors.unary(out, unary.op());
    } else if (instruction instanceof Tape.Binary binary) {
      get(out, binary.a());
      get(out, binary.b());
      vectors.binary(out, binary.op());
    } else if (instruction instanceof Tape.Round round) {
      get(out, round.a());
    } else if (instruction instanceof Tape.Store store) {
      get(out, store.a());
      vectors.store(out, storage(store.array()), store.array(), indexSlot());
      return;
    } else if (instruction instanceof Tape.Reduce reduce) {
      reduce(out, reduce);
      return;
    } else {
      return;
    }
    out.visitVarInsn(ASTORE, register(register));
  }

  private void reduce(MethodVisitor out, Tape.Reduce reduce) {
    int slot = inputs + reduce.reduction();
    vectors.load(out, Storage.ARRAY, slot, laneIndex);
    get(out, reduce.a());
    switch (reduce.kind()) {
      case DOT -> {
        get(out, reduce.b());
        vectors.binary(out, Op.MUL);
      }
      case SUM -> {}
      case SUM_ABS, MAX_ABS -> vectors.unary(out, Op.ABS);
      case NON_FINITE -> vectors.nonFinite(out);
    }
    vectors.binary(out, reduce.kind() == Reduction.MAX_ABS ? Op.MAX : Op.ADD);
    vectors.store(out, Storage.ARRAY, slot, laneIndex);
  }
}
