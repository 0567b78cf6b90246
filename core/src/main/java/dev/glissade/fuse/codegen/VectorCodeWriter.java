package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.memory.Element;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes operations of the Vector API on vectors that are on the stack, all float or all double.
 */
final class VectorCodeWriter {
  private static final String PACKAGE = "jdk/incubator/vector/";
  private static final String VECTOR = "L" + PACKAGE + "Vector;";
  private static final String SPECIES = "L" + PACKAGE + "VectorSpecies;";
  private static final String MASK = "L" + PACKAGE + "VectorMask;";
  private static final String ORDER = "Ljava/nio/ByteOrder;";
  private static final String BYTES = "Ljava/nio/ByteBuffer;";
  private static final String SEGMENT = "Ljava/lang/foreign/MemorySegment;";

  private final boolean single;
  private final char type;
  private final String owner;
  private final String self;

  VectorCodeWriter(boolean single) {
    this.single = single;
    this.type = single ? 'F' : 'D';
    this.owner = PACKAGE + (single ? "FloatVector" : "DoubleVector");
    this.self = "L" + owner + ";";
  }

  private void species(MethodVisitor out) {
    out.visitFieldInsn(GETSTATIC, owner, "SPECIES_PREFERRED", SPECIES);
  }

  private void call(MethodVisitor out, String name, String signature) {
    out.visitMethodInsn(INVOKEVIRTUAL, owner, name, signature, false);
  }

  /** A vector with the number of a slot in each lane. */
  void broadcast(MethodVisitor out, int slot) {
    species(out);
    out.visitVarInsn(single ? FLOAD : DLOAD, slot);
    broadcast(out);
  }

  /** A vector with the number on the stack, above the species, in each lane. */
  private void broadcast(MethodVisitor out) {
    String signature = "(" + SPECIES + type + ")" + self;
    out.visitMethodInsn(INVOKESTATIC, owner, "broadcast", signature, false);
  }

  private void constant(MethodVisitor out, double value) {
    species(out);
    if (single) {
      out.visitLdcInsn((float) value);
    } else {
      out.visitLdcInsn(value);
    }
    broadcast(out);
  }

  /** Reads a vector at an index of an array or of memory. */
  void load(MethodVisitor out, Storage storage, int array, int index) {
    species(out);
    at(out, storage, array, index);
    String signature = "(" + SPECIES + place(storage) + ")" + self;
    out.visitMethodInsn(INVOKESTATIC, owner, "from" + name(storage), signature, false);
  }

  /** Writes the vector on the stack at an index of an array or of memory. */
  void store(MethodVisitor out, Storage storage, int array, int index) {
    at(out, storage, array, index);
    call(out, "into" + name(storage), "(" + place(storage) + ")V");
  }

  private static String name(Storage storage) {
    return switch (storage) {
      case ARRAY -> "Array";
      case BYTES -> "ByteBuffer";
      case SEGMENT -> "MemorySegment";
    };
  }

  private String place(Storage storage) {
    return switch (storage) {
      case ARRAY -> "[" + type + "I";
      case BYTES -> BYTES + "I" + ORDER;
      case SEGMENT -> SEGMENT + "J" + ORDER;
    };
  }

  private void at(MethodVisitor out, Storage storage, int array, int index) {
    out.visitVarInsn(ALOAD, array);
    storage.offset(out, single ? Element.F32 : Element.F64, index);
    if (storage != Storage.ARRAY) {
      ElementCodeWriter.call(out, "java/nio/ByteOrder", "nativeOrder", "()" + ORDER);
    }
  }

  static boolean can(Op op) {
    return switch (op) {
      case NEG, ABS, SQRT, SIGN, NAN_TO_ZERO -> true;
      default -> false;
    };
  }

  void unary(MethodVisitor out, Op op) {
    switch (op) {
      case NEG -> call(out, "neg", "()" + self);
      case ABS -> call(out, "abs", "()" + self);
      case SQRT -> call(out, "sqrt", "()" + self);
      case SIGN -> sign(out);
      case NAN_TO_ZERO -> {
        out.visitInsn(DUP);
        out.visitInsn(DUP);
        compare(out, "NE");
        constant(out, 0);
        out.visitInsn(SWAP);
        blend(out);
      }
      default -> throw new UnsupportedOperationException(op + " of vectors has no loop");
    }
  }

  /** As {@link LoopSupport#sign}. */
  private void sign(MethodVisitor out) {
    for (int i = 0; i < 2; i++) {
      constant(out, single ? LoopSupport.LARGE_FLOAT : LoopSupport.LARGE_DOUBLE);
      binary(out, Op.MUL);
    }
    constant(out, -1);
    binary(out, Op.MAX);
    constant(out, 1);
    binary(out, Op.MIN);
  }

  /** As {@link LoopSupport#nonFinite}: 1 where the number is NaN or infinite. */
  void nonFinite(MethodVisitor out) {
    unary(out, Op.ABS);
    constant(out, single ? Float.MAX_VALUE : Double.MAX_VALUE);
    compare(out, "LE");
    constant(out, 1);
    out.visitInsn(SWAP);
    constant(out, 0);
    out.visitInsn(SWAP);
    blend(out);
  }

  private void compare(MethodVisitor out, String comparison) {
    String kind = "L" + PACKAGE + "VectorOperators$Comparison;";
    out.visitFieldInsn(GETSTATIC, PACKAGE + "VectorOperators", comparison, kind);
    out.visitInsn(SWAP);
    call(out, "compare", "(" + kind + VECTOR + ")" + MASK);
  }

  private void blend(MethodVisitor out) {
    call(out, "blend", "(" + VECTOR + MASK + ")" + self);
  }

  void binary(MethodVisitor out, Op op) {
    String name =
        switch (op) {
          case ADD -> "add";
          case SUB -> "sub";
          case MUL -> "mul";
          case DIV -> "div";
          case MAX -> "max";
          case MIN -> "min";
          default -> throw new UnsupportedOperationException(op + " of vectors has no loop");
        };
    call(out, name, "(" + VECTOR + ")" + self);
  }
}
