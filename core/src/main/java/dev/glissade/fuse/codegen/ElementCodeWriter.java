package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Half;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/** Writes operations on numbers that are on the stack, all float or all double. */
final class ElementCodeWriter {
  private static final String HALF = Type.getInternalName(Half.class);
  private static final String LANES = Type.getInternalName(LoopSupport.class);
  private static final String MATH = "java/lang/Math";

  private final boolean single;
  private final char type;

  ElementCodeWriter(boolean single) {
    this.single = single;
    this.type = single ? 'F' : 'D';
  }

  void round(MethodVisitor out, Element element) {
    if (element == Element.F64 || (single && element == Element.F32)) {
      return;
    }
    if (!single) {
      out.visitInsn(D2F);
    }
    if (element != Element.F32) {
      String kind = element == Element.BF16 ? "BFloat16" : "Float16";
      call(out, HALF, "to" + kind, "(F)S");
      call(out, HALF, "from" + kind, "(S)F");
    }
    if (!single) {
      out.visitInsn(F2D);
    }
  }

  void unary(MethodVisitor out, Op op) {
    switch (op) {
      case NEG -> out.visitInsn(single ? FNEG : DNEG);
      case ABS -> math(out, "abs", 1);
      case SQRT -> inDouble(out, "sqrt");
      case EXP -> inDouble(out, "exp");
      case LOG -> inDouble(out, "log");
      case SIGN -> call(out, LANES, "sign", "(" + type + ")" + type);
      case NAN_TO_ZERO -> call(out, LANES, "nanToZero", "(" + type + ")" + type);
      default -> throw new UnsupportedOperationException(op + " of elements has no loop");
    }
  }

  void binary(MethodVisitor out, Op op) {
    switch (op) {
      case ADD -> out.visitInsn(single ? FADD : DADD);
      case SUB -> out.visitInsn(single ? FSUB : DSUB);
      case MUL -> out.visitInsn(single ? FMUL : DMUL);
      case DIV -> out.visitInsn(single ? FDIV : DDIV);
      case MAX -> math(out, "max", 2);
      case MIN -> math(out, "min", 2);
      default -> throw new UnsupportedOperationException(op + " of elements has no loop");
    }
  }

  private void inDouble(MethodVisitor out, String name) {
    if (single) {
      out.visitInsn(F2D);
    }
    call(out, MATH, name, "(D)D");
    if (single) {
      out.visitInsn(D2F);
    }
  }

  void math(MethodVisitor out, String name, int operands) {
    call(out, MATH, name, "(" + String.valueOf(type).repeat(operands) + ")" + type);
  }

  static void call(MethodVisitor out, String owner, String name, String signature) {
    out.visitMethodInsn(INVOKESTATIC, owner, name, signature, false);
  }
}
