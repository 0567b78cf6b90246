package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Half;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.random.Threefry;
import java.util.Arrays;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Writes a section's loop as a static method: all arrays under one shared index, the form that the
 * just-in-time compiler vectorises. Its parameters are the section's arrays, the lanes of its
 * reductions, scalars and keys, the first index, the end, and one number more of the piece: here
 * what is added to an index to have the element's number in its leaf.
 *
 * <p>For ranges where that is not good enough products are added up as a {@link Scaling} says.
 */
class ElementLoopWriter {
  /**
   * Bytes, never reached, that keep the compiler from inlining a loop into its caller, where it is
   * not vectorised reliably: hot methods are inlined up to 325 bytes.
   */
  private static final int TOO_LARGE_TO_INLINE = 330;

  private static final String HALF = Type.getInternalName(Half.class);
  private static final String LANES = Type.getInternalName(LoopSupport.class);

  final Tape tape;
  final boolean single;
  final char type;

  /** What the lanes of a reduction hold. */
  final Element lane;

  final Section section;
  final int inputs;
  final int lanes;
  final String descriptor;

  private final Scaling scaling;
  private final ElementCodeWriter operations;
  private final int wide;
  private final Element[] elements;
  private final Storage[] storages;
  private final int[] scalarSlot;
  private final int[] keySlot;
  private final int index;

  /** A loop over arrays. */
  ElementLoopWriter(Section section, Scaling scaling) {
    this(section, scaling, Storage.ARRAY, 0);
  }

  /**
   * @param memory how arrays outside of the heap are taken
   * @param outside bit a: array a is outside of the heap
   */
  ElementLoopWriter(Section section, Scaling scaling, Storage memory, long outside) {
    this.section = section;
    this.tape = section.tape();
    this.single = tape.compute() == Element.F32;
    this.type = single ? 'F' : 'D';
    this.scaling = scaling;
    this.lane = scaling.lane(tape.compute());
    this.operations = new ElementCodeWriter(single);
    this.wide = single ? 1 : 2;
    this.inputs = section.arrays().length;
    this.lanes = section.lanes();
    this.elements = elements();
    this.storages = new Storage[elements.length];
    Arrays.fill(storages, Storage.ARRAY);
    for (int array = 0; outside >>> array != 0; array++) {
      storages[array] = (outside >>> array & 1) != 0 ? memory : Storage.ARRAY;
    }
    this.scalarSlot = new int[tape.scalars()];
    this.keySlot = new int[tape.keys()];
    StringBuilder parameters = new StringBuilder("(");
    int slot = 0;
    for (; slot < inputs + lanes; slot++) {
      parameters.append(arrayType(slot));
    }
    for (Tape.Instruction instruction : tape.code()) {
      if (instruction instanceof Tape.Scalar scalar) {
        scalarSlot[scalar.scalar()] = slot;
        parameters.append(type);
        slot += wide;
      } else if (instruction instanceof Tape.Normal normal) {
        keySlot[normal.key()] = slot;
        parameters.append('J');
        slot += 2;
      }
    }
    this.index = slot;
    this.descriptor = parameters + "III)V";
  }

  private Element[] elements() {
    Element[] found = new Element[inputs + lanes];
    Arrays.fill(found, lane);
    for (Tape.Instruction instruction : tape.code()) {
      if (instruction instanceof Tape.Load load) {
        found[load.array()] = load.element();
      } else if (instruction instanceof Tape.Store store) {
        found[store.array()] = store.element();
      }
    }
    return found;
  }

  /** The type of an array parameter. */
  final String arrayType(int array) {
    return storages[array].descriptor(elements[array]);
  }

  final Storage storage(int array) {
    return storages[array];
  }

  /** The field of {@link KernelArguments} that has the last parameter of each piece. */
  String ofPiece() {
    return "offset";
  }

  /** The slot of the first index; then come the end and the last parameter. */
  final int indexSlot() {
    return index;
  }

  final void write(MethodVisitor out) {
    out.visitCode();
    elements(out);
    out.visitInsn(RETURN);
    for (int i = 0; i < TOO_LARGE_TO_INLINE; i++) {
      out.visitInsn(NOP);
    }
    out.visitMaxs(0, 0);
    out.visitEnd();
  }

  /** for (; index < end; index++) all instructions. */
  void elements(MethodVisitor out) {
    int end = index + 1;
    Label body = new Label();
    Label test = new Label();
    out.visitJumpInsn(GOTO, test);
    out.visitLabel(body);
    begin(out);
    for (int register = 0; register < tape.code().size(); register++) {
      instruction(out, register, tape.code().get(register));
    }
    out.visitIincInsn(index, 1);
    out.visitLabel(test);
    out.visitVarInsn(ILOAD, index);
    out.visitVarInsn(ILOAD, end);
    out.visitJumpInsn(IF_ICMPLT, body);
  }

  /** Begins an element. */
  void begin(MethodVisitor out) {}

  /** The slot of the element's index in an array. */
  int indexSlot(int array) {
    return index;
  }

  private int registerSlot(int register) {
    return index + 3 + wide * register;
  }

  /** The first slot that nothing here uses. */
  final int freeSlot() {
    return registerSlot(tape.code().size());
  }

  final int scalarSlot(int scalar) {
    return scalarSlot[scalar];
  }

  private void get(MethodVisitor out, int register) {
    Tape.Instruction instruction = tape.code().get(register);
    int slot =
        instruction instanceof Tape.Scalar scalar
            ? scalarSlot[scalar.scalar()]
            : registerSlot(register);
    out.visitVarInsn(single ? FLOAD : DLOAD, slot);
  }

  private void set(MethodVisitor out, int register) {
    out.visitVarInsn(single ? FSTORE : DSTORE, registerSlot(register));
  }

  /** The slot of a reduction's lanes. */
  final int lanesSlot(int reduction) {
    return inputs + section.lanes(reduction);
  }

  /** Pushes a reduction's lanes and the index of the element's lane. */
  void lane(MethodVisitor out, int reduction) {
    out.visitVarInsn(ALOAD, lanesSlot(reduction));
    out.visitVarInsn(ILOAD, index);
  }

  private void instruction(MethodVisitor out, int register, Tape.Instruction instruction) {
    if (instruction instanceof Tape.Load load) {
      load(out, load);
    } else if (instruction instanceof Tape.Unary unary) {
      get(out, unary.a());
      operations.unary(out, unary.op());
    } else if (instruction instanceof Tape.Binary binary) {
      get(out, binary.a());
      get(out, binary.b());
      operations.binary(out, binary.op());
    } else if (instruction instanceof Tape.Round round) {
      get(out, round.a());
      operations.round(out, round.element());
    } else if (instruction instanceof Tape.Normal normal) {
      normal(out, normal);
    } else if (instruction instanceof Tape.Store store) {
      store(out, store);
      return;
    } else if (instruction instanceof Tape.Reduce reduce) {
      reduce(out, reduce);
      return;
    } else {
      return;
    }
    set(out, register);
  }

  private void normal(MethodVisitor out, Tape.Normal normal) {
    out.visitVarInsn(LLOAD, keySlot[normal.key()]);
    out.visitVarInsn(ILOAD, index);
    out.visitVarInsn(ILOAD, index + 2);
    out.visitInsn(IADD);
    out.visitInsn(I2L);
    String name = single ? "normalFloat" : "normalDouble";
    ElementCodeWriter.call(out, Type.getInternalName(Threefry.class), name, "(JJ)" + type);
  }

  private void load(MethodVisitor out, Tape.Load load) {
    Storage storage = storages[load.array()];
    storage.place(out, load.element(), load.array(), indexSlot(load.array()));
    storage.get(out, load.element());
    switch (load.element()) {
      case F32, F64 -> {}
      case BF16 -> ElementCodeWriter.call(out, HALF, "fromBFloat16", "(S)F");
      case F16 -> ElementCodeWriter.call(out, HALF, "fromFloat16", "(S)F");
    }
    if (!single && load.element() != Element.F64) {
      out.visitInsn(F2D);
    }
  }

  private void store(MethodVisitor out, Tape.Store store) {
    Storage storage = storages[store.array()];
    storage.place(out, store.element(), store.array(), indexSlot(store.array()));
    get(out, store.a());
    if (!single && store.element() != Element.F64) {
      out.visitInsn(D2F);
    }
    switch (store.element()) {
      case F32, F64 -> {}
      case BF16 -> ElementCodeWriter.call(out, HALF, "toBFloat16", "(F)S");
      case F16 -> ElementCodeWriter.call(out, HALF, "toFloat16", "(F)S");
    }
    storage.put(out, store.element());
  }

  private void reduce(MethodVisitor out, Tape.Reduce reduce) {
    boolean laneSingle = lane == Element.F32;
    ElementCodeWriter sum = laneSingle == single ? operations : new ElementCodeWriter(laneSingle);
    lane(out, reduce.reduction());
    lane(out, reduce.reduction());
    out.visitInsn(laneSingle ? FALOAD : DALOAD);
    term(out, reduce.a(), laneSingle);
    switch (reduce.kind()) {
      case DOT, PLAIN_DOT -> {
        term(out, reduce.b(), laneSingle);
        sum.binary(out, Op.MUL);
      }
      case NORM -> {
        scaled(out);
        out.visitInsn(laneSingle ? DUP : DUP2);
        sum.binary(out, Op.MUL);
      }
      case SUM -> {}
      case SUM_ABS, MAX_ABS -> sum.unary(out, Op.ABS);
      case NON_FINITE -> {
        char of = laneSingle ? 'F' : 'D';
        ElementCodeWriter.call(out, LANES, "nonFinite", "(" + of + ")" + of);
      }
    }
    sum.binary(out, reduce.kind() == Reduction.MAX_ABS ? Op.MAX : Op.ADD);
    out.visitInsn(laneSingle ? FASTORE : DASTORE);
  }

  private void scaled(MethodVisitor out) {
    if (scaling.factor() != 1) {
      out.visitLdcInsn(scaling.factor());
      out.visitInsn(DMUL);
    }
  }

  private void term(MethodVisitor out, int register, boolean laneSingle) {
    get(out, register);
    if (single && !laneSingle) {
      out.visitInsn(F2D);
    }
  }
}
