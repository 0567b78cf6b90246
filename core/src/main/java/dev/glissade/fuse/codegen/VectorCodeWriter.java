package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.memory.Element;

/** Emits Vector API calls on stack operands that are all vectors of float or all of double. */
final class VectorCodeWriter {
  private static final String PACKAGE = "jdk/incubator/vector/";
  private static final String VECTOR = "L" + PACKAGE + "Vector;";
  private static final String SPECIES = "L" + PACKAGE + "VectorSpecies;";
  private static final String MASK = "L" + PACKAGE + "VectorMask;";
  private static final String ORDER = "Ljava/nio/ByteOrder;";

  private final boolean single;
  private final char type;
  private final Element element;
  private final String owner;
  private final String self;
  private final int lanes;
  private final int addresses;

  /**
   * @param lanes the lanes of a vector
   * @param addresses a slot for a vector that is stored at an address; the addresses of all arrays
   *     follow it
   */
  VectorCodeWriter(boolean single, int lanes, int addresses) {
    this.single = single;
    this.lanes = lanes;
    this.addresses = addresses;
    this.type = single ? 'F' : 'D';
    this.element = single ? Element.F32 : Element.F64;
    this.owner = PACKAGE + (single ? "FloatVector" : "DoubleVector");
    this.self = "L" + owner + ";";
  }

  private Assembler species(Assembler out) {
    return out.field(GETSTATIC, owner, "SPECIES_PREFERRED", SPECIES);
  }

  private void call(Assembler out, String name, String descriptor) {
    out.call(INVOKEVIRTUAL, owner, name, descriptor);
  }

  /** Pushes a vector with the number of a slot in each lane. */
  void broadcast(Assembler out, int slot) {
    broadcast(species(out).local(single ? FLOAD : DLOAD, slot));
  }

  /** Replaces the species and the number on the stack by a vector. */
  private void broadcast(Assembler out) {
    out.callStatic(owner, "broadcast", "(" + SPECIES + type + ")" + self);
  }

  private void constant(Assembler out, double value) {
    species(out);
    if (single) {
      out.constant((float) value);
    } else {
      out.constant(value);
    }
    broadcast(out);
  }

  /** Loads a vector at an index of an array or of off-heap memory. */
  void load(Assembler out, Storage storage, int array, int index) {
    if (storage == Storage.NATIVE) {
      at(array, index).load(out, owner);
      return;
    }
    address(species(out), storage, array, index);
    String descriptor = "(" + SPECIES + addressTypes(storage) + ")" + self;
    out.callStatic(owner, "from" + name(storage), descriptor);
  }

  /** Stores the vector on the stack at an index of an array or of off-heap memory. */
  void store(Assembler out, Storage storage, int array, int index) {
    if (storage == Storage.NATIVE) {
      at(array, index).store(out.local(ASTORE, addresses), addresses);
      return;
    }
    address(out, storage, array, index);
    call(out, "into" + name(storage), "(" + addressTypes(storage) + ")V");
  }

  /** Returns the slot of the address of a native array. */
  int addressSlot(int array) {
    return addresses + 1 + 2 * array;
  }

  private NativeVectors.At at(int array, int index) {
    return new NativeVectors.At(single, lanes, array, addressSlot(array), index);
  }

  private static String name(Storage storage) {
    return switch (storage) {
      case ARRAY -> "Array";
      case BYTES, NATIVE -> "ByteBuffer";
      case SEGMENT -> "MemorySegment";
    };
  }

  private String addressTypes(Storage storage) {
    return storage.descriptor(element)
        + switch (storage) {
          case ARRAY -> "I";
          case BYTES, NATIVE -> "I" + ORDER;
          case SEGMENT -> "J" + ORDER;
        };
  }

  private void address(Assembler out, Storage storage, int array, int index) {
    out.local(ALOAD, array);
    storage.offset(out, element, index);
    if (storage != Storage.ARRAY) {
      out.callStatic("java/nio/ByteOrder", "nativeOrder", "()" + ORDER);
    }
  }

  static boolean supports(Op op) {
    return switch (op) {
      case ADD, SUB, MUL, DIV, MAX, MIN, NEG, ABS, SQRT, SIGN, NAN_TO_ZERO, GREATER -> true;
      default -> false;
    };
  }

  void unary(Assembler out, Op op) {
    switch (op) {
      case NEG -> call(out, "neg", "()" + self);
      case ABS -> call(out, "abs", "()" + self);
      case SQRT -> call(out, "sqrt", "()" + self);
      case SIGN -> sign(out);
      case NAN_TO_ZERO -> {
        compare(out.add(DUP, DUP), "NE");
        constant(out, 0);
        blend(out.add(SWAP));
      }
      default -> throw new UnsupportedOperationException("no vectorized loop implements " + op);
    }
  }

  /** Emits {@link LoopSupport#sign} on vectors. */
  private void sign(Assembler out) {
    for (int i = 0; i < 2; i++) {
      constant(out, single ? LoopSupport.LARGE_FLOAT : LoopSupport.LARGE_DOUBLE);
      binary(out, Op.MUL);
    }
    constant(out, -1);
    binary(out, Op.MAX);
    constant(out, 1);
    binary(out, Op.MIN);
  }

  /** Emits {@link LoopSupport#nonFinite} on vectors: 1 where the number is NaN or infinite. */
  void nonFinite(Assembler out) {
    unary(out, Op.ABS);
    constant(out, single ? Float.MAX_VALUE : Double.MAX_VALUE);
    compare(out, "LE");
    constant(out, 1);
    out.add(SWAP);
    constant(out, 0);
    blend(out.add(SWAP));
  }

  /** Replaces b, a and a mask on the stack by a where the mask is not 0, else by b. */
  void select(Assembler out) {
    constant(out, 0);
    compare(out, "NE");
    blend(out);
  }

  /** Replaces two vectors on the stack by 1 where the first is greater, else by 0. */
  private void greater(Assembler out) {
    compare(out, "GT");
    indicator(out);
  }

  /** Replaces a mask on the stack by 1 where it is set, else by 0. */
  private void indicator(Assembler out) {
    constant(out, 0);
    out.add(SWAP);
    constant(out, 1);
    blend(out.add(SWAP));
  }

  private void compare(Assembler out, String comparison) {
    String kind = "L" + PACKAGE + "VectorOperators$Comparison;";
    out.field(GETSTATIC, PACKAGE + "VectorOperators", comparison, kind).add(SWAP);
    call(out, "compare", "(" + kind + VECTOR + ")" + MASK);
  }

  private void blend(Assembler out) {
    call(out, "blend", "(" + VECTOR + MASK + ")" + self);
  }

  void binary(Assembler out, Op op) {
    if (op == Op.GREATER) {
      greater(out);
      return;
    }
    String name =
        switch (op) {
          case ADD -> "add";
          case SUB -> "sub";
          case MUL -> "mul";
          case DIV -> "div";
          case MAX -> "max";
          case MIN -> "min";
          default -> throw new UnsupportedOperationException("no vectorized loop implements " + op);
        };
    call(out, name, "(" + VECTOR + ")" + self);
  }
}
