package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.memory.Element;
import java.util.Locale;

/** Where an array operand of a generated loop lives; emits the access to its elements. */
public enum Storage {
  /** A float[], double[] or short[]. */
  ARRAY,
  /** A java.nio.ByteBuffer in native byte order. */
  BYTES,
  /** The same, whose vectors a loop accesses by address: {@link NativeVectors}. */
  NATIVE,
  /** A java.lang.foreign.MemorySegment, since JDK 22. */
  SEGMENT;

  private static final String BUFFER = "java/nio/ByteBuffer";
  private static final String MEMORY = "java/lang/foreign/MemorySegment";
  private static final String LAYOUT = "java/lang/foreign/ValueLayout";

  String descriptor(Element element) {
    return switch (this) {
      case ARRAY -> "[" + letter(element);
      case BYTES, NATIVE -> "L" + BUFFER + ";";
      case SEGMENT -> "L" + MEMORY + ";";
    };
  }

  private static char letter(Element element) {
    return name(element).charAt(0);
  }

  private static String name(Element element) {
    return switch (element) {
      case F32 -> "Float";
      case F64 -> "Double";
      case BF16, F16 -> "Short";
    };
  }

  /** Pushes the index of an element, or its offset in bytes. */
  void offset(Assembler out, Element element, int index) {
    int shift = ICONST_0 + Integer.numberOfTrailingZeros(element.bytes());
    out.local(ILOAD, index);
    switch (this) {
      case ARRAY -> {}
      case BYTES, NATIVE -> out.add(shift, ISHL);
      case SEGMENT -> out.add(I2L, shift, LSHL);
    }
  }

  /** Pushes the address that {@link #get} takes, and {@link #put} below the value. */
  void address(Assembler out, Element element, int array, int index) {
    out.local(ALOAD, array);
    if (this == SEGMENT) {
      String layout = LAYOUT + "$Of" + name(element);
      String constant = "JAVA_" + name(element).toUpperCase(Locale.ROOT) + "_UNALIGNED";
      out.field(GETSTATIC, LAYOUT, constant, "L" + layout + ";");
    }
    offset(out, element, index);
  }

  /** Replaces an address by the bits of the element. */
  void get(Assembler out, Element element) {
    char letter = letter(element);
    String name = name(element);
    switch (this) {
      case ARRAY -> out.add(letter == 'F' ? FALOAD : letter == 'D' ? DALOAD : SALOAD);
      case BYTES, NATIVE -> out.call(INVOKEVIRTUAL, BUFFER, "get" + name, "(I)" + letter);
      case SEGMENT -> {
        String descriptor = "(L" + LAYOUT + "$Of" + name + ";J)" + letter;
        out.call(INVOKEINTERFACE, MEMORY, "get", descriptor);
      }
    }
  }

  /** Stores the bits on the stack at the address below them. */
  void put(Assembler out, Element element) {
    char letter = letter(element);
    String name = name(element);
    switch (this) {
      case ARRAY -> out.add(letter == 'F' ? FASTORE : letter == 'D' ? DASTORE : SASTORE);
      case BYTES, NATIVE -> {
        String descriptor = "(I" + letter + ")L" + BUFFER + ";";
        out.call(INVOKEVIRTUAL, BUFFER, "put" + name, descriptor).add(POP);
      }
      case SEGMENT -> {
        String descriptor = "(L" + LAYOUT + "$Of" + name + ";J" + letter + ")V";
        out.call(INVOKEINTERFACE, MEMORY, "set", descriptor);
      }
    }
  }
}
