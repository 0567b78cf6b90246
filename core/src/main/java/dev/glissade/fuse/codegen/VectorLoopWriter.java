package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes a section's loop by vectors, and behind it, for the elements that fill no row, one by
 * elements. Arrays may be memory outside of the heap, and lanes have an index of their own, so that
 * stores and reductions are one loop which copies nothing. Lanes are taken in {@link
 * LaneOrder#ROWS}, and stay in registers while they are the same, if the loop is not too large for
 * as many vectors as a row has: in memory they keep the machine from looking ahead as far.
 */
public final class VectorLoopWriter extends ElementLoopWriter {
  private final VectorCodeWriter vectors;
  private final Scaling scaling;
  private final int vector;
  private final int width;

  /** How many vectors a row is, if lanes stay in registers; else 1. */
  private final int parts;

  private final boolean inRegisters;
  private final int shift;
  private final int laneIndex;
  private final int last;
  private final int stop;
  private final int place;
  private final int temporary;
  private final int sums;
  private final int registers;

  /**
   * @param outside bit a: array a is outside of the heap
   * @param scaling how products are added up; if not plainly, then element by element
   */
  public VectorLoopWriter(Section section, VectorApi machine, long outside, Scaling scaling) {
    super(section, scaling, machine.memory(), outside);
    this.vectors = new VectorCodeWriter(single);
    this.scaling = scaling;
    this.vector = machine.lanes(tape.compute());
    this.width = LaneOrder.width(tape.compute());
    int row = Math.max(1, width / vector);
    this.inRegisters = lanes > 0 && vector <= width && section.fitsVectors(row);
    this.parts = inRegisters ? row : 1;
    this.shift = freeSlot();
    this.laneIndex = shift + 1;
    this.last = shift + 2;
    this.stop = shift + 3;
    this.place = shift + 4;
    this.temporary = shift + 5;
    this.sums = shift + 6;
    this.registers = sums + parts * lanes;
  }

  /** The position of the piece's first element in its range. */
  @Override
  String ofPiece() {
    return "position";
  }

  @Override
  void elements(MethodVisitor out) {
    out.visitVarInsn(ILOAD, indexSlot() + 2);
    out.visitVarInsn(ILOAD, indexSlot());
    out.visitInsn(ISUB);
    out.visitVarInsn(ISTORE, shift);
    out.visitInsn(ICONST_0);
    out.visitVarInsn(ISTORE, laneIndex);
    out.visitInsn(ICONST_0);
    out.visitVarInsn(ISTORE, temporary);
    if (scaling == Scaling.NONE) {
      vectors(out);
    }
    super.elements(out);
  }

  /**
   * for (last = end - parts * vector; index <= last; ) turn; without lanes in registers all is one
   * turn.
   */
  private void vectors(MethodVisitor out) {
    int step = parts * vector;
    out.visitVarInsn(ILOAD, indexSlot() + 1);
    push(out, step);
    out.visitInsn(ISUB);
    out.visitVarInsn(ISTORE, last);
    if (!inRegisters) {
      turn(out, last, step);
      return;
    }
    Label body = new Label();
    Label test = new Label();
    out.visitJumpInsn(GOTO, test);
    out.visitLabel(body);
    stop(out);
    laneIndex(out);
    lanes(out, true);
    turn(out, stop, step);
    lanes(out, false);
    out.visitLabel(test);
    out.visitVarInsn(ILOAD, indexSlot());
    out.visitVarInsn(ILOAD, last);
    out.visitJumpInsn(IF_ICMPLE, body);
  }

  /**
   * stop = index + min(last - index, what is left until this turn's last row), which can't be
   * beyond the largest int.
   */
  private void stop(MethodVisitor out) {
    out.visitVarInsn(ILOAD, indexSlot());
    out.visitVarInsn(ILOAD, last);
    out.visitVarInsn(ILOAD, indexSlot());
    out.visitInsn(ISUB);
    push(out, (LaneOrder.ROWS_A_TURN - 1) * width);
    position(out);
    push(out, LaneOrder.ROWS_A_TURN * width - 1);
    out.visitInsn(IAND);
    out.visitInsn(ISUB);
    ElementCodeWriter.call(out, "java/lang/Math", "min", "(II)I");
    out.visitInsn(IADD);
    out.visitVarInsn(ISTORE, stop);
  }

  /** for (; index <= limit; index += step) all instructions of each part. */
  private void turn(MethodVisitor out, int limit, int step) {
    int index = indexSlot();
    Label body = new Label();
    Label test = new Label();
    out.visitJumpInsn(GOTO, test);
    out.visitLabel(body);
    if (lanes > 0 && !inRegisters) {
      laneIndex(out);
    }
    begin(out);
    part(out, index, 0);
    for (int part = 1; part < parts; part++) {
      out.visitVarInsn(ILOAD, index);
      push(out, part * vector);
      out.visitInsn(IADD);
      out.visitVarInsn(ISTORE, place);
      out.visitIincInsn(temporary, vector);
      part(out, place, part);
    }
    out.visitIincInsn(index, step);
    out.visitLabel(test);
    out.visitVarInsn(ILOAD, index);
    out.visitVarInsn(ILOAD, limit);
    out.visitJumpInsn(IF_ICMPLE, body);
  }

  /** Temporary arrays are under the position. */
  @Override
  void begin(MethodVisitor out) {
    position(out);
    out.visitVarInsn(ISTORE, temporary);
  }

  @Override
  int indexSlot(int array) {
    return placeSlot(array, indexSlot());
  }

  /** The slot of a vector's place in an array, if its first element's index is in slot at. */
  private int placeSlot(int array, int at) {
    return section.isTemporary(array) ? temporary : at;
  }

  private static void push(MethodVisitor out, int number) {
    out.visitIntInsn(SIPUSH, number);
  }

  /** Pushes index + shift, the element's position in its range. */
  private void position(MethodVisitor out) {
    out.visitVarInsn(ILOAD, indexSlot());
    out.visitVarInsn(ILOAD, shift);
    out.visitInsn(IADD);
  }

  /** laneIndex = the lane of the element, which the others of its vector follow. */
  private void laneIndex(MethodVisitor out) {
    position(out);
    push(out, Integer.numberOfTrailingZeros(LaneOrder.ROWS_A_TURN));
    out.visitInsn(ISHR);
    push(out, LaneOrder.LANES - width);
    out.visitInsn(IAND);
    position(out);
    push(out, width - 1);
    out.visitInsn(IAND);
    out.visitInsn(IOR);
    out.visitVarInsn(ISTORE, laneIndex);
  }

  /** Takes the lanes of a turn from memory to registers, or back. */
  private void lanes(MethodVisitor out, boolean load) {
    for (Tape.Instruction instruction : tape.code()) {
      if (instruction instanceof Tape.Reduce reduce) {
        for (int part = 0; part < parts; part++) {
          out.visitVarInsn(ILOAD, laneIndex);
          push(out, part * vector);
          out.visitInsn(IADD);
          out.visitVarInsn(ISTORE, place);
          if (load) {
            vectors.load(out, Storage.ARRAY, lanesSlot(reduce.reduction()), place);
            out.visitVarInsn(ASTORE, sum(reduce, part));
          } else {
            out.visitVarInsn(ALOAD, sum(reduce, part));
            vectors.store(out, Storage.ARRAY, lanesSlot(reduce.reduction()), place);
          }
        }
      }
    }
  }

  private int sum(Tape.Reduce reduce, int part) {
    return sums + parts * (lanesSlot(reduce.reduction()) - inputs) + part;
  }

  @Override
  void lane(MethodVisitor out, int reduction) {
    out.visitVarInsn(ALOAD, lanesSlot(reduction));
    laneIndex(out);
    out.visitVarInsn(ILOAD, laneIndex);
  }

  private int register(int number) {
    return registers + number;
  }

  private void get(MethodVisitor out, int register) {
    out.visitVarInsn(ALOAD, register(register));
  }

  /** All instructions for the vector at a slot's index; scalars are the same for all parts. */
  private void part(MethodVisitor out, int at, int part) {
    for (int register = 0; register < tape.code().size(); register++) {
      Tape.Instruction instruction = tape.code().get(register);
      if (instruction instanceof Tape.Store store) {
        get(out, store.a());
        int array = store.array();
        vectors.store(out, storage(array), array, placeSlot(array, at));
      } else if (instruction instanceof Tape.Reduce reduce) {
        reduce(out, reduce, part);
      } else if (part == 0 || !(instruction instanceof Tape.Scalar)) {
        value(out, instruction, at);
        out.visitVarInsn(ASTORE, register(register));
      }
    }
  }

  private void value(MethodVisitor out, Tape.Instruction instruction, int at) {
    if (instruction instanceof Tape.Load load) {
      int array = load.array();
      vectors.load(out, storage(array), array, placeSlot(array, at));
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
    } else {
      throw new UnsupportedOperationException(instruction + " has no loop by vectors");
    }
  }

  private void reduce(MethodVisitor out, Tape.Reduce reduce, int part) {
    int slot = lanesSlot(reduce.reduction());
    if (inRegisters) {
      out.visitVarInsn(ALOAD, sum(reduce, part));
    } else {
      vectors.load(out, Storage.ARRAY, slot, laneIndex);
    }
    get(out, reduce.a());
    switch (reduce.kind()) {
      case DOT, PLAIN_DOT, NORM -> {
        get(out, reduce.b());
        vectors.binary(out, Op.MUL);
      }
      case SUM -> {}
      case SUM_ABS, MAX_ABS -> vectors.unary(out, Op.ABS);
      case NON_FINITE -> vectors.nonFinite(out);
    }
    vectors.binary(out, reduce.kind() == Reduction.MAX_ABS ? Op.MAX : Op.ADD);
    if (inRegisters) {
      out.visitVarInsn(ASTORE, sum(reduce, part));
    } else {
      vectors.store(out, Storage.ARRAY, slot, laneIndex);
    }
  }
}
