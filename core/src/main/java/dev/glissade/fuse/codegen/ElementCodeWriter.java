package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.CubeRoot;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Half;
import org.objectweb.asm.Type;

/** Emits scalar arithmetic on stack operands that are all float or all double. */
final class ElementCodeWriter {
  private static final String HALF = Type.getInternalName(Half.class);
  private static final String SUPPORT = Type.getInternalName(LoopSupport.class);
  private static final String CUBE_ROOT = Type.getInternalName(CubeRoot.class);
  private static final String MATH = "java/lang/Math";

  private final boolean single;
  private final char type;

  ElementCodeWriter(boolean single) {
    this.single = single;
    this.type = single ? 'F' : 'D';
  }

  /** Converts the stored bits of an element to the compute type. */
  void widen(Assembler out, Element element) {
    if (element.bytes() == Short.BYTES) {
      out.callStatic(HALF, "from" + format(element), "(S)F");
    }
    if (!single && element != Element.F64) {
      out.add(F2D);
    }
  }

  /** Converts a value of the compute type to the stored bits of an element. */
  void narrow(Assembler out, Element element) {
    if (!single && element != Element.F64) {
      out.add(D2F);
    }
    if (element.bytes() == Short.BYTES) {
      out.callStatic(HALF, "to" + format(element), "(F)S");
    }
  }

  private static String format(Element element) {
    return element == Element.BF16 ? "BFloat16" : "Float16";
  }

  void unary(Assembler out, Op op) {
    switch (op) {
      case NEG -> out.add(single ? FNEG : DNEG);
      case ABS -> out.callStatic(MATH, "abs", "(" + type + ")" + type);
      case SQRT -> inDouble(out, "sqrt");
      case EXP -> inDouble(out, "exp");
      case LOG -> inDouble(out, "log");
      case TANH -> inDouble(out, "tanh");
      case CBRT -> inDouble(out, CUBE_ROOT, "of");
      case SIGN -> support(out, "sign");
      case NAN_TO_ZERO -> support(out, "nanToZero");
      default -> throw new UnsupportedOperationException("no loop implements " + op);
    }
  }

  void binary(Assembler out, Op op) {
    switch (op) {
      case ADD -> out.add(single ? FADD : DADD);
      case SUB -> out.add(single ? FSUB : DSUB);
      case MUL -> out.add(single ? FMUL : DMUL);
      case DIV -> out.add(single ? FDIV : DDIV);
      case MAX -> out.callStatic(MATH, "max", "(" + type + type + ")" + type);
      case MIN -> out.callStatic(MATH, "min", "(" + type + type + ")" + type);
      case GREATER -> out.callStatic(SUPPORT, "greater", "(" + type + type + ")" + type);
      default -> throw new UnsupportedOperationException("no loop implements " + op);
    }
  }

  /** Replaces a mask and two values on the stack by the one that the mask selects. */
  void select(Assembler out) {
    out.callStatic(SUPPORT, "select", "(" + type + type + type + ")" + type);
  }

  void nonFinite(Assembler out) {
    support(out, "nonFinite");
  }

  private void support(Assembler out, String name) {
    out.callStatic(SUPPORT, name, "(" + type + ")" + type);
  }

  private void inDouble(Assembler out, String name) {
    inDouble(out, MATH, name);
  }

  private void inDouble(Assembler out, String owner, String name) {
    if (single) {
      out.add(F2D);
    }
    out.callStatic(owner, name, "(D)D");
    if (single) {
      out.add(D2F);
    }
  }
}
