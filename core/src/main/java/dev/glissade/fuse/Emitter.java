package dev.glissade.fuse;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes a section as a class of one static loop over all its arrays under one shared index, the
 * form that the just-in-time compiler vectorises, and a method that unpacks the arguments.
 */
final class Emitter {
  private static final String NAME = "dev/glissade/fuse/GeneratedLoop";
  private static final String HALF = "dev/glissade/fuse/Half";
  private static final String LANES = "dev/glissade/fuse/Lanes";
  private static final String RUN = "([Ljava/lang/Object;[D[JII)V";

  private final Tape tape;
  private final boolean single;
  private final char type;
  private final OperationWriter operations;
  private final int wide;
  private final int arrays;
  private final Element[] elements;
  private final int[] scalarSlot;
  private final int[] keySlot;
  private final int index;
  private final int end;
  private final int firstRegister;
  private final String descriptor;

  private Emitter(Section section) {
    this.tape = section.tape();
    this.single = tape.compute() == Element.F32;
    this.type = single ? 'F' : 'D';
    this.operations = new OperationWriter(single);
    this.wide = single ? 1 : 2;
    this.arrays = section.arrays().length + lanes(tape);
    this.elements = elements();
    this.scalarSlot = new int[tape.scalars()];
    this.keySlot = new int[tape.keys()];
    StringBuilder parameters = new StringBuilder("(");
    int slot = 0;
    for (int i = 0; i < arrays; i++) {
      parameters.append(arrayType(elements[i]));
      slot++;
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
    this.end = slot + 1;
    this.firstRegister = slot + 2;
    this.descriptor = parameters + "II)V";
  }

  /** How many lane arrays a section has: one past its largest reduction. */
  static int lanes(Tape tape) {
    return tape.reductionRoom();
  }

  private Element[] elements() {
    Element[] found = new Element[arrays];
    Arrays.fill(found, tape.compute());
    for (Tape.Instruction instruction : tape.code()) {
      if (instruction instanceof Tape.Load load) {
        found[load.array()] = load.element();
      } else if (instruction instanceof Tape.Store store) {
        found[store.array()] = store.element();
      }
    }
    return found;
  }

  private static String arrayType(Element element) {
    return switch (element) {
      case F32 -> "[F";
      case F64 -> "[D";
      case BF16, F16 -> "[S";
    };
  }

  /**
   * The section's loop.
   *
   * @throws UnsupportedOperationException if it holds an operation that no loop is written for
   * @throws IllegalStateException if the class can't be defined
   */
  static Body body(Section section) {
    byte[] bytes = new Emitter(section).write();
    try {
      return (Body)
          MethodHandles.lookup()
              .defineHiddenClass(bytes, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("a generated loop can't be defined", e);
    }
  }

  private byte[] write() {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES | ClassWriter.COMPUTE_MAXS);
    writer.visit(
        V17,
        ACC_FINAL | ACC_SUPER,
        NAME,
        null,
        "java/lang/Object",
        new String[] {"dev/glissade/fuse/Body"});
    MethodVisitor made = writer.visitMethod(0, "<init>", "()V", null, null);
    made.visitCode();
    made.visitVarInsn(ALOAD, 0);
    made.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    made.visitInsn(RETURN);
    made.visitMaxs(0, 0);
    made.visitEnd();
    unpack(writer.visitMethod(ACC_PUBLIC, "run", RUN, null, null));
    loop(writer.visitMethod(ACC_PRIVATE | ACC_STATIC, "loop", descriptor, null, null));
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void unpack(MethodVisitor out) {
    out.visitCode();
    for (int i = 0; i < arrays; i++) {
      out.visitVarInsn(ALOAD, 1);
      push(out, i);
      out.visitInsn(AALOAD);
      out.visitTypeInsn(CHECKCAST, arrayType(elements[i]));
    }
    for (Tape.Instruction instruction : tape.code()) {
      if (instruction instanceof Tape.Scalar scalar) {
        out.visitVarInsn(ALOAD, 2);
        push(out, scalar.scalar());
        out.visitInsn(DALOAD);
        if (single) {
          out.visitInsn(D2F);
        }
      } else if (instruction instanceof Tape.Normal normal) {
        out.visitVarInsn(ALOAD, 3);
        push(out, normal.key());
        out.visitInsn(LALOAD);
      }
    }
    out.visitVarInsn(ILOAD, 4);
    out.visitVarInsn(ILOAD, 5);
    out.visitMethodInsn(INVOKESTATIC, NAME, "loop", descriptor, false);
    out.visitInsn(RETURN);
    out.visitMaxs(0, 0);
    out.visitEnd();
  }

  private static void push(MethodVisitor out, int number) {
    out.visitIntInsn(SIPUSH, number);
  }

  private void loop(MethodVisitor out) {
    out.visitCode();
    Label body = new Label();
    Label test = new Label();
    out.visitJumpInsn(GOTO, test);
    out.visitLabel(body);
    for (int register = 0; register < tape.code().size(); register++) {
      instruction(out, register, tape.code().get(register));
    }
    out.visitIincInsn(index, 1);
    out.visitLabel(test);
    out.visitVarInsn(ILOAD, index);
    out.visitVarInsn(ILOAD, end);
    out.visitJumpInsn(IF_ICMPLT, body);
    out.visitInsn(RETURN);
    out.visitMaxs(0, 0);
    out.visitEnd();
  }

  private void get(MethodVisitor out, int register) {
    Tape.Instruction instruction = tape.code().get(register);
    int slot =
        instruction instanceof Tape.Scalar scalar
            ? scalarSlot[scalar.scalar()]
            : firstRegister + wide * register;
    out.visitVarInsn(single ? FLOAD : DLOAD, slot);
  }

  private void set(MethodVisitor out, int register) {
    out.visitVarInsn(single ? FSTORE : DSTORE, firstRegister + wide * register);
  }

  private void at(MethodVisitor out, int array) {
    out.visitVarInsn(ALOAD, array);
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
      out.visitVarInsn(LLOAD, keySlot[normal.key()]);
      out.visitVarInsn(ILOAD, index);
      out.visitInsn(I2L);
      String name = single ? "normalFloat" : "normalDouble";
      OperationWriter.call(out, "dev/glissade/random/Threefry", name, "(JJ)" + type);
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

  private void load(MethodVisitor out, Tape.Load load) {
    at(out, load.array());
    switch (load.element()) {
      case F32 -> out.visitInsn(FALOAD);
      case F64 -> out.visitInsn(DALOAD);
      case BF16 -> {
        out.visitInsn(SALOAD);
        OperationWriter.call(out, HALF, "fromBFloat16", "(S)F");
      }
      case F16 -> {
        out.visitInsn(SALOAD);
        OperationWriter.call(out, HALF, "fromFloat16", "(S)F");
      }
    }
    if (!single && load.element() != Element.F64) {
      out.visitInsn(F2D);
    }
  }

  private void store(MethodVisitor out, Tape.Store store) {
    at(out, store.array());
    get(out, store.a());
    if (!single && store.element() != Element.F64) {
      out.visitInsn(D2F);
    }
    switch (store.element()) {
      case F32 -> out.visitInsn(FASTORE);
      case F64 -> out.visitInsn(DASTORE);
      case BF16 -> {
        OperationWriter.call(out, HALF, "toBFloat16", "(F)S");
        out.visitInsn(SASTORE);
      }
      case F16 -> {
        OperationWriter.call(out, HALF, "toFloat16", "(F)S");
        out.visitInsn(SASTORE);
      }
    }
  }

  private void reduce(MethodVisitor out, Tape.Reduce reduce) {
    int lanes = arrays - lanes(tape) + reduce.reduction();
    at(out, lanes);
    at(out, lanes);
    out.visitInsn(single ? FALOAD : DALOAD);
    get(out, reduce.a());
    switch (reduce.kind()) {
      case DOT -> {
        get(out, reduce.b());
        out.visitInsn(single ? FMUL : DMUL);
      }
      case SUM -> {}
      case SUM_ABS, MAX_ABS -> operations.math(out, "abs", 1);
      case NON_FINITE -> OperationWriter.call(out, LANES, "nonFinite", "(" + type + ")" + type);
    }
    if (reduce.kind() == Reduction.MAX_ABS) {
      operations.math(out, "max", 2);
    } else {
      out.visitInsn(single ? FADD : DADD);
    }
    out.visitInsn(single ? FASTORE : DASTORE);
  }
}
