package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.random.Threefry;
import java.util.Arrays;
import org.objectweb.asm.Type;

/**
 * Emits the loop of a section as a static method. The loop accesses all arrays under one shared
 * index, which is the shape that the just-in-time compiler vectorizes. The parameters are the
 * section's arrays, the lanes of its reductions, its scalars and keys, the first index, the end
 * index, and one value of the piece: here the difference between an element's number in its leaf
 * and its index.
 *
 * <p>A retry of a reduction adds up products as a {@link Scaling} says.
 */
class ElementLoopWriter {
  /**
   * Padding in bytes, never executed. It keeps the compiler from inlining the loop into its caller,
   * where it does not vectorize the loop reliably: it inlines hot methods of up to 325 bytes.
   */
  private static final int INLINING_GUARD = 330;

  final Tape tape;
  final boolean single;
  final Section section;

  /** The number of array parameters; the lanes of the reductions follow them. */
  final int inputs;

  final int lanes;
  final String descriptor;

  private final char type;

  /** The type of the lanes. */
  private final Element lane;

  private final Scaling scaling;
  private final ElementCodeWriter operations;
  private final int valueSlots;
  private final Element[] elements;
  private final Storage[] storages;
  private final int[] scalarSlot;
  private final int[] keySlot;
  private final int index;

  /** Creates a writer for a loop over arrays. */
  ElementLoopWriter(Section section, Scaling scaling) {
    this(section, scaling, Storage.ARRAY, 0);
  }

  /**
   * @param memory the storage of off-heap operands
   * @param offHeap bit a: array a is off-heap
   */
  ElementLoopWriter(Section section, Scaling scaling, Storage memory, long offHeap) {
    this.section = section;
    this.tape = section.tape();
    this.single = tape.compute() == Element.F32;
    this.type = single ? 'F' : 'D';
    this.scaling = scaling;
    this.lane = scaling.lane(tape.compute());
    this.operations = new ElementCodeWriter(single);
    this.valueSlots = single ? 1 : 2;
    this.inputs = section.arrays().length;
    this.lanes = section.lanes();
    this.elements = Arrays.copyOf(tape.elements(), inputs + lanes);
    Arrays.fill(elements, inputs, elements.length, lane);
    this.storages = new Storage[elements.length];
    for (int array = 0; array < storages.length; array++) {
      boolean onHeap = array >= Long.SIZE || (offHeap >>> array & 1) == 0;
      storages[array] = onHeap ? Storage.ARRAY : memory;
    }
    this.scalarSlot = new int[tape.scalars() + tape.leafScalars()];
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
        slot += valueSlots;
      } else if (instruction instanceof Tape.Draw draw) {
        keySlot[draw.key()] = slot;
        parameters.append('J');
        slot += 2;
      }
    }
    this.index = slot;
    this.descriptor = parameters + "III)V";
  }

  /** Returns the descriptor of an array parameter. */
  final String arrayType(int array) {
    return storages[array].descriptor(elements[array]);
  }

  final Storage storage(int array) {
    return storages[array];
  }

  /** Returns the field of {@link KernelArguments} that the last parameter comes from. */
  String pieceField() {
    return "offset";
  }

  /** Returns the slot of the index; the end and the last parameter follow it. */
  final int indexSlot() {
    return index;
  }

  final void write(Assembler out) {
    elements(out);
    out.finish(INLINING_GUARD);
  }

  /** Emits {@code for (; index < end; index++)} over all instructions. */
  void elements(Assembler out) {
    out.loop(
        () -> out.local(ILOAD, index).local(ILOAD, index + 1),
        IF_ICMPLT,
        () -> {
          begin(out);
          for (int register = 0; register < tape.code().size(); register++) {
            instruction(out, register, tape.code().get(register));
          }
          out.increment(index, 1);
        });
  }

  /** Emits what precedes the instructions of an iteration. */
  void begin(Assembler out) {}

  /** Returns the slot of the index into an array. */
  int indexSlot(int array) {
    return index;
  }

  private int registerSlot(int register) {
    return index + 3 + valueSlots * register;
  }

  /** Returns the first slot that this loop leaves free. */
  final int freeSlot() {
    return registerSlot(tape.code().size());
  }

  final int scalarSlot(int scalar) {
    return scalarSlot[scalar];
  }

  private void get(Assembler out, int register) {
    int slot =
        tape.code().get(register) instanceof Tape.Scalar scalar
            ? scalarSlot[scalar.scalar()]
            : registerSlot(register);
    out.local(single ? FLOAD : DLOAD, slot);
  }

  /** Returns the slot of a reduction's lanes. */
  final int lanesSlot(int reduction) {
    return inputs + section.laneIndex(reduction);
  }

  /** Pushes a reduction's lanes and the index of the element's lane. */
  void lane(Assembler out, int reduction) {
    out.local(ALOAD, lanesSlot(reduction)).local(ILOAD, index);
  }

  private void instruction(Assembler out, int register, Tape.Instruction instruction) {
    if (instruction instanceof Tape.Scalar) {
      return;
    }
    if (instruction instanceof Tape.Store store) {
      store(out, store);
    } else if (instruction instanceof Tape.Reduce reduce) {
      reduce(out, reduce);
    } else {
      value(out, instruction);
      out.local(single ? FSTORE : DSTORE, registerSlot(register));
    }
  }

  private void value(Assembler out, Tape.Instruction instruction) {
    if (instruction instanceof Tape.Load load) {
      Storage storage = storages[load.array()];
      storage.address(out, load.element(), load.array(), indexSlot(load.array()));
      storage.get(out, load.element());
      operations.widen(out, load.element());
    } else if (instruction instanceof Tape.Unary unary) {
      get(out, unary.a());
      operations.unary(out, unary.op());
    } else if (instruction instanceof Tape.Binary binary) {
      get(out, binary.a());
      get(out, binary.b());
      operations.binary(out, binary.op());
    } else if (instruction instanceof Tape.Select select) {
      get(out, select.mask());
      get(out, select.a());
      get(out, select.b());
      operations.select(out);
    } else if (instruction instanceof Tape.Round round) {
      get(out, round.a());
      operations.narrow(out, round.element());
      operations.widen(out, round.element());
    } else if (instruction instanceof Tape.Draw draw) {
      out.local(LLOAD, keySlot[draw.key()]);
      out.local(ILOAD, index).local(ILOAD, index + 2).add(IADD, I2L);
      String name = draw.distribution().method(single);
      out.callStatic(Type.getInternalName(Threefry.class), name, "(JJ)" + type);
    } else {
      throw new UnsupportedOperationException(instruction + " has no loop over elements");
    }
  }

  private void store(Assembler out, Tape.Store store) {
    Storage storage = storages[store.array()];
    storage.address(out, store.element(), store.array(), indexSlot(store.array()));
    get(out, store.a());
    operations.narrow(out, store.element());
    storage.put(out, store.element());
  }

  private void reduce(Assembler out, Tape.Reduce reduce) {
    boolean laneSingle = lane == Element.F32;
    ElementCodeWriter sum = laneSingle == single ? operations : new ElementCodeWriter(laneSingle);
    lane(out, reduce.reduction());
    lane(out, reduce.reduction());
    out.add(laneSingle ? FALOAD : DALOAD);
    term(out, reduce.a(), laneSingle);
    switch (reduce.kind()) {
      case DOT, PLAIN_DOT -> {
        term(out, reduce.b(), laneSingle);
        sum.binary(out, Op.MUL);
      }
      case NORM -> {
        if (scaling.factor() != 1) {
          out.constant(scaling.factor()).add(DMUL);
        }
        out.add(laneSingle ? DUP : DUP2);
        sum.binary(out, Op.MUL);
      }
      case SUM -> {}
      case SUM_ABS, MAX_ABS -> sum.unary(out, Op.ABS);
      case NON_FINITE -> sum.nonFinite(out);
    }
    sum.binary(out, reduce.kind() == Reduction.MAX_ABS ? Op.MAX : Op.ADD);
    out.add(laneSingle ? FASTORE : DASTORE);
  }

  private void term(Assembler out, int register, boolean laneSingle) {
    get(out, register);
    if (single && !laneSingle) {
      out.add(F2D);
    }
  }
}
