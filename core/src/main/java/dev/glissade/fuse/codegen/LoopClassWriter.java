package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import java.lang.invoke.MethodHandles;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Writes a section as a class: its loop; for a reducing section a method that runs the loop over
 * copies of blocks of 512, since lanes and arrays have to be under one index; and a method that
 * does so for each piece of a {@link KernelArguments}.
 */
public final class LoopClassWriter {
  private static final String NAME = Type.getInternalName(GeneratedLoop.class) + "Class";
  private static final String ARGUMENTS = Type.getInternalName(KernelArguments.class);
  private static final String RUN = "(L" + ARGUMENTS + ";[Ljava/lang/Object;)V";
  private static final String COPY = "(Ljava/lang/Object;ILjava/lang/Object;II)V";

  private final Section section;
  private final ElementLoopWriter loop;
  private final boolean blocks;
  private final String blocksDescriptor;

  private LoopClassWriter(Section section, ElementLoopWriter loop, boolean blocks) {
    this.section = section;
    this.loop = loop;
    this.blocks = blocks;
    StringBuilder inputs = new StringBuilder("(");
    for (int i = 0; i < loop.inputs; i++) {
      inputs.append(loop.arrayType(i));
    }
    this.blocksDescriptor = inputs + loop.descriptor.substring(1);
  }

  /**
   * The section's loop for arrays, which the compiler vectorises.
   *
   * @param scaling how products are added up
   * @throws UnsupportedOperationException if it holds an operation that no loop is written for
   * @throws IllegalStateException if the class can't be defined
   */
  public static GeneratedLoop body(Section section, Scaling scaling) {
    return define(
        new LoopClassWriter(section, new ElementLoopWriter(section, scaling), section.reduces()));
  }

  /** The section's loop by vectors, which needs no copies. */
  public static GeneratedLoop body(Section section, VectorLoopWriter loop) {
    return define(new LoopClassWriter(section, loop, false));
  }

  private static GeneratedLoop define(LoopClassWriter emitter) {
    try {
      byte[] bytes = emitter.write();
      return (GeneratedLoop)
          MethodHandles.lookup()
              .defineHiddenClass(bytes, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException
        | LinkageError
        | MethodTooLargeException
        | ClassTooLargeException e) {
      throw new IllegalStateException("a generated loop can't be defined", e);
    }
  }

  private byte[] write() {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES | ClassWriter.COMPUTE_MAXS);
    String[] interfaces = {Type.getInternalName(GeneratedLoop.class)};
    writer.visit(V17, ACC_FINAL | ACC_SUPER, NAME, null, "java/lang/Object", interfaces);
    MethodVisitor made = writer.visitMethod(0, "<init>", "()V", null, null);
    made.visitCode();
    made.visitVarInsn(ALOAD, 0);
    made.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    made.visitInsn(RETURN);
    made.visitMaxs(0, 0);
    made.visitEnd();
    int hidden = ACC_PRIVATE | ACC_STATIC;
    run(writer.visitMethod(ACC_PUBLIC, "run", RUN, null, null));
    if (blocks) {
      blocks(writer.visitMethod(hidden, "blocks", blocksDescriptor, null, null));
    }
    loop.write(writer.visitMethod(hidden, "loop", loop.descriptor, null, null));
    writer.visitEnd();
    return writer.toByteArray();
  }

  /** for (p = 0; p < work.pieces; p++) loop or blocks(arrays, scalars, keys, from, to, offset). */
  private void run(MethodVisitor out) {
    int piece = 3;
    out.visitCode();
    out.visitInsn(ICONST_0);
    out.visitVarInsn(ISTORE, piece);
    Label body = new Label();
    Label test = new Label();
    out.visitJumpInsn(GOTO, test);
    out.visitLabel(body);
    for (int i = 0; i < loop.inputs; i++) {
      array(out, i, piece);
    }
    for (int i = blocks ? 0 : loop.inputs; i < loop.inputs + loop.lanes; i++) {
      out.visitVarInsn(ALOAD, 2);
      push(out, i);
      out.visitInsn(AALOAD);
      cast(out, i);
    }
    numbers(out, piece);
    ofPiece(out, "from", piece);
    ofPiece(out, "to", piece);
    ofPiece(out, loop.ofPiece(), piece);
    if (blocks) {
      out.visitMethodInsn(INVOKESTATIC, NAME, "blocks", blocksDescriptor, false);
    } else {
      out.visitMethodInsn(INVOKESTATIC, NAME, "loop", loop.descriptor, false);
    }
    out.visitIincInsn(piece, 1);
    out.visitLabel(test);
    out.visitVarInsn(ILOAD, piece);
    field(out, "pieces", "I");
    out.visitJumpInsn(IF_ICMPLT, body);
    out.visitInsn(RETURN);
    out.visitMaxs(0, 0);
    out.visitEnd();
  }

  /** Pushes the piece's array, or the temporary array, that the section has as its i-th. */
  private void array(MethodVisitor out, int i, int piece) {
    int array = section.arrays()[i];
    if (section.isTemporary(i)) {
      field(out, "temporaries", "[Ljava/lang/Object;");
      push(out, array - section.outer());
    } else {
      field(out, "arrays", "[Ljava/lang/Object;");
      ofPiece(out, "array", piece);
      push(out, array);
      out.visitInsn(IADD);
    }
    out.visitInsn(AALOAD);
    cast(out, i);
  }

  private void cast(MethodVisitor out, int array) {
    out.visitTypeInsn(CHECKCAST, Type.getType(loop.arrayType(array)).getInternalName());
  }

  private void numbers(MethodVisitor out, int piece) {
    for (Tape.Instruction instruction : loop.tape.code()) {
      if (instruction instanceof Tape.Scalar scalar) {
        field(out, "scalars", "[D");
        push(out, scalar.scalar());
        out.visitInsn(DALOAD);
        if (loop.single) {
          out.visitInsn(D2F);
        }
      } else if (instruction instanceof Tape.Normal normal) {
        field(out, "keys", "[J");
        ofPiece(out, "key", piece);
        push(out, normal.key());
        out.visitInsn(IADD);
        out.visitInsn(LALOAD);
      }
    }
  }

  private static void field(MethodVisitor out, String name, String type) {
    out.visitVarInsn(ALOAD, 1);
    out.visitFieldInsn(GETFIELD, ARGUMENTS, name, type);
  }

  private static void ofPiece(MethodVisitor out, String name, int piece) {
    field(out, name, "[I");
    out.visitVarInsn(ILOAD, piece);
    out.visitInsn(IALOAD);
  }

  private static void push(MethodVisitor out, int number) {
    out.visitIntInsn(SIPUSH, number);
  }

  /**
   * for (start = from; start < to; start += 512) { copy each input's next count elements;
   * loop(copies, lanes, scalars, keys, 0, count, start + offset) }.
   */
  private void blocks(MethodVisitor out) {
    int start = loop.inputs + loop.indexSlot();
    int to = start + 1;
    int offset = start + 2;
    int count = start + 3;
    out.visitCode();
    Label body = new Label();
    Label test = new Label();
    out.visitJumpInsn(GOTO, test);
    out.visitLabel(body);
    push(out, LaneOrder.LANES);
    out.visitVarInsn(ILOAD, to);
    out.visitVarInsn(ILOAD, start);
    out.visitInsn(ISUB);
    ElementCodeWriter.call(out, "java/lang/Math", "min", "(II)I");
    out.visitVarInsn(ISTORE, count);
    for (int i = 0; i < loop.inputs; i++) {
      out.visitVarInsn(ALOAD, i);
      out.visitVarInsn(ILOAD, start);
      out.visitVarInsn(ALOAD, loop.inputs + i);
      out.visitInsn(ICONST_0);
      out.visitVarInsn(ILOAD, count);
      ElementCodeWriter.call(out, "java/lang/System", "arraycopy", COPY);
    }
    for (int i = 0; i < loop.inputs + loop.lanes; i++) {
      out.visitVarInsn(ALOAD, loop.inputs + i);
    }
    passNumbers(out);
    out.visitInsn(ICONST_0);
    out.visitVarInsn(ILOAD, count);
    out.visitVarInsn(ILOAD, start);
    out.visitVarInsn(ILOAD, offset);
    out.visitInsn(IADD);
    out.visitMethodInsn(INVOKESTATIC, NAME, "loop", loop.descriptor, false);
    out.visitIincInsn(start, LaneOrder.LANES);
    out.visitLabel(test);
    out.visitVarInsn(ILOAD, start);
    out.visitVarInsn(ILOAD, to);
    out.visitJumpInsn(IF_ICMPLT, body);
    out.visitInsn(RETURN);
    out.visitMaxs(0, 0);
    out.visitEnd();
  }

  /** The scalars and keys of the caller, in the same order. */
  private void passNumbers(MethodVisitor out) {
    int slot = 2 * loop.inputs + loop.lanes;
    for (Tape.Instruction instruction : loop.tape.code()) {
      if (instruction instanceof Tape.Scalar) {
        out.visitVarInsn(loop.single ? FLOAD : DLOAD, slot);
        slot += loop.single ? 1 : 2;
      } else if (instruction instanceof Tape.Normal) {
        out.visitVarInsn(LLOAD, slot);
        slot += 2;
      }
    }
  }
}
