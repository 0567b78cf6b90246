package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;
import java.lang.invoke.MethodHandles;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Type;

/**
 * Emits a section as a hidden class with two or three methods: the loop; {@code run}, which calls
 * it for each piece of a {@link KernelArguments}; and, if a section of an element loop reduces,
 * {@code blocks}, which copies blocks of 512 elements and runs the loop over the copies, because
 * arrays and lanes have to share one index.
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
   * Generates the section's loop over arrays, which the compiler vectorizes.
   *
   * @param scaling how the loop adds up products
   * @throws UnsupportedOperationException if no loop implements one of the operations
   * @throws IllegalStateException if the virtual machine rejects the class
   */
  public static GeneratedLoop generate(Section section, Scaling scaling) {
    return define(
        new LoopClassWriter(section, new ElementLoopWriter(section, scaling), section.reduces()));
  }

  /** Generates the section's vectorized loop, which needs no copies. */
  public static GeneratedLoop generate(Section section, VectorLoopWriter loop) {
    return define(new LoopClassWriter(section, loop, false));
  }

  private static GeneratedLoop define(LoopClassWriter writer) {
    try {
      return (GeneratedLoop)
          MethodHandles.lookup()
              .defineHiddenClass(writer.write(), true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException
        | LinkageError
        | MethodTooLargeException
        | ClassTooLargeException e) {
      throw new IllegalStateException("the virtual machine rejects a generated loop", e);
    }
  }

  private byte[] write() {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES | ClassWriter.COMPUTE_MAXS);
    String[] interfaces = {Type.getInternalName(GeneratedLoop.class)};
    writer.visit(V17, ACC_FINAL | ACC_SUPER, NAME, null, "java/lang/Object", interfaces);
    new Assembler(writer, 0, "<init>", "()V")
        .local(ALOAD, 0)
        .call(INVOKESPECIAL, "java/lang/Object", "<init>", "()V")
        .finish();
    run(new Assembler(writer, ACC_PUBLIC, "run", RUN));
    int hidden = ACC_PRIVATE | ACC_STATIC;
    if (blocks) {
      blocks(new Assembler(writer, hidden, "blocks", blocksDescriptor));
    }
    loop.write(new Assembler(writer, hidden, "loop", loop.descriptor));
    writer.visitEnd();
    return writer.toByteArray();
  }

  /**
   * Emits {@code for (piece = 0; piece < arguments.pieces; piece++)} around a call of the loop or
   * of {@code blocks} with the arrays, lanes, scalars, keys, from, to and the piece's value.
   */
  private void run(Assembler out) {
    int piece = 3;
    out.add(ICONST_0).local(ISTORE, piece);
    out.loop(
        () -> argument(out.local(ILOAD, piece), "pieces", "I"),
        IF_ICMPLT,
        () -> {
          for (int i = 0; i < loop.inputs; i++) {
            array(out, i, piece);
          }
          for (int i = blocks ? 0 : loop.inputs; i < loop.inputs + loop.lanes; i++) {
            cast(out.local(ALOAD, 2).push(i).add(AALOAD), i);
          }
          scalarsAndKeys(out, piece);
          ofPiece(out, "from", piece);
          ofPiece(out, "to", piece);
          ofPiece(out, loop.pieceField(), piece);
          String descriptor = blocks ? blocksDescriptor : loop.descriptor;
          out.callStatic(NAME, blocks ? "blocks" : "loop", descriptor);
          out.increment(piece, 1);
        });
    out.finish();
  }

  /** Pushes the section's i-th array: one of the piece's, or a temporary one. */
  private void array(Assembler out, int i, int piece) {
    int array = section.arrays()[i];
    if (section.isTemporary(i)) {
      argument(out, "temporaries", "[Ljava/lang/Object;").push(array - section.outer());
    } else {
      argument(out, "arrays", "[Ljava/lang/Object;");
      ofPiece(out, "array", piece).push(array).add(IADD);
    }
    cast(out.add(AALOAD), i);
  }

  private void cast(Assembler out, int array) {
    out.cast(Type.getType(loop.arrayType(array)).getInternalName());
  }

  private void scalarsAndKeys(Assembler out, int piece) {
    for (Tape.Instruction instruction : loop.tape.code()) {
      if (instruction instanceof Tape.Scalar scalar) {
        argument(out, "scalars", "[D").push(scalar.scalar());
        if (scalar.scalar() >= loop.tape.scalars()) {
          ofPiece(out, "scalar", piece).add(IADD);
        }
        out.add(DALOAD);
        if (loop.single) {
          out.add(D2F);
        }
      } else if (instruction instanceof Tape.Draw draw) {
        argument(out, "keys", "[J");
        ofPiece(out, "key", piece).push(draw.key()).add(IADD, LALOAD);
      }
    }
  }

  private static Assembler argument(Assembler out, String name, String type) {
    return out.local(ALOAD, 1).field(GETFIELD, ARGUMENTS, name, type);
  }

  private static Assembler ofPiece(Assembler out, String name, int piece) {
    return argument(out, name, "[I").local(ILOAD, piece).add(IALOAD);
  }

  /**
   * Emits {@code for (start = from; start < to; start += 512)} around a copy of the next {@code
   * count} elements of each input and {@code loop(copies, lanes, scalars, keys, 0, count, start +
   * offset)}.
   */
  private void blocks(Assembler out) {
    int start = loop.inputs + loop.indexSlot();
    int to = start + 1;
    int offset = start + 2;
    int count = start + 3;
    out.loop(
        () -> out.local(ILOAD, start).local(ILOAD, to),
        IF_ICMPLT,
        () -> {
          out.push(LaneOrder.LANES).local(ILOAD, to).local(ILOAD, start).add(ISUB);
          out.callStatic("java/lang/Math", "min", "(II)I").local(ISTORE, count);
          for (int i = 0; i < loop.inputs; i++) {
            out.local(ALOAD, i).local(ILOAD, start).local(ALOAD, loop.inputs + i);
            out.add(ICONST_0).local(ILOAD, count);
            out.callStatic("java/lang/System", "arraycopy", COPY);
          }
          for (int i = 0; i < loop.inputs + loop.lanes; i++) {
            out.local(ALOAD, loop.inputs + i);
          }
          passScalarsAndKeys(out);
          out.add(ICONST_0).local(ILOAD, count);
          out.local(ILOAD, start).local(ILOAD, offset).add(IADD);
          out.callStatic(NAME, "loop", loop.descriptor).increment(start, LaneOrder.LANES);
        });
    out.finish();
  }

  /** Pushes the caller's scalars and keys in their order. */
  private void passScalarsAndKeys(Assembler out) {
    int slot = 2 * loop.inputs + loop.lanes;
    for (Tape.Instruction instruction : loop.tape.code()) {
      if (instruction instanceof Tape.Scalar) {
        out.local(loop.single ? FLOAD : DLOAD, slot);
        slot += loop.single ? 1 : 2;
      } else if (instruction instanceof Tape.Draw) {
        out.local(LLOAD, slot);
        slot += 2;
      }
    }
  }
}
