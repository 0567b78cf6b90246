package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.memory.Element;
import org.objectweb.asm.MethodVisitor;

/** How a generated loop takes an array, and reads and writes its elements. */
public enum Storage {
  /** A float[], double[] or short[]. */
  ARRAY,
  /** A java.nio.ByteBuffer in the machine's byte order. */
  BYTES,
  /** A java.lang.foreign.MemorySegment, since JDK 22. */
  SEGMENT;

  private static final String BUFFER = "java/nio/ByteBuffer";
  private static final String MEMORY = "java/lang/foreign/MemorySegment";
  private static final String LAYOUT = "java/lang/foreign/ValueLayout";

  String descriptor(Element element) {
    return switch (this) {
      case ARRAY -> "[" + letter(element);
      case BYTES -> "L" + BUFFER + ";";
      case SEGMENT -> "L" + MEMORY + ";";
    };
  }

  private static char letter(Element element) {
    return switch (element) {
      case F32 -> 'F';
      case F64 -> 'D';
      case BF16, F16 -> 'S';
    };
  }

  private static String name(Element element) {
    return switch (element) {
      case F32 -> "Float";
      case F64 -> "Double";
      case BF16, F16 -> "Short";
    };
  }

  /** Pushes where the element of an index is: its index, or its first byte. */
  void offset(MethodVisitor out, Element element, int index) {
    int shift = ICONST_0 + Integer.numberOfTrailingZeros(element.bytes());
    out.visitVarInsn(ILOAD, index);
    switch (this) {
      case ARRAY -> {}
      case BYTES -> {
        out.visitInsn(shift);
        out.visitInsn(ISHL);
      }
      case SEGMENT -> {
        out.visitInsn(I2L);
        out.visitInsn(shift);
        out.visitInsn(LSHL);
      }
    }
  }

  /** Pushes what {@link #get}, or {@link #put} below the number, needs. */
  void place(MethodVisitor out, Element element, int array, int index) {
    out.visitVarInsn(ALOAD, array);
    if (this == SEGMENT) {
      String layout = LAYOUT + "$Of" + name(element);
      String constant = "JAVA_" + name(element).toUpperCase(java.util.Locale.ROOT) + "_UNALIGNED";
      out.visitFieldInsn(GETSTATIC, LAYOUT, constant, "L" + layout + ";");
    }
    offset(out, element, index);
  }

  /** Pushes the bits of the element at a place. */
  void get(MethodVisitor out, Element element) {
    char letter = letter(element);
    switch (this) {
      case ARRAY -> out.visitInsn(letter == 'F' ? FALOAD : letter == 'D' ? DALOAD : SALOAD);
      case BYTES -> {
        String name = "get" + name(element);
        out.visitMethodInsn(INVOKEVIRTUAL, BUFFER, name, "(I)" + letter, false);
      }
      case SEGMENT -> {
        String signature = "(L" + LAYOUT + "$Of" + name(element) + ";J)" + letter;
        out.visitMethodInsn(INVOKEINTERFACE, MEMORY, "get", signature, true);
      }
    }
  }

  /** Writes the bits on the stack to a place. */
  void put(MethodVisitor out, Element element) {
    char letter = letter(element);
    switch (this) {
      case ARRAY -> out.visitInsn(letter == 'F' ? FASTORE : letter == 'D' ? DASTORE : SASTORE);
      case BYTES -> {
        String signature = "(I" + letter + ")L" + BUFFER + ";";
        out.visitMethodInsn(INVOKEVIRTUAL, BUFFER, "put" + name(element), signature, false);
        out.visitInsn(POP);
      }
      case SEGMENT -> {
        String signature = "(L" + LAYOUT + "$Of" + name(element) + ";J" + letter + ")V";
        out.visitMethodInsn(INVOKEINTERFACE, MEMORY, "set", signature, true);
      }
    }
  }
}
