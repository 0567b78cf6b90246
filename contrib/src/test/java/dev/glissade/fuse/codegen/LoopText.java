package dev.glissade.fuse.codegen;

import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.tape.Section;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceMethodVisitor;

/** The bytecode of a section's loop over elements, as text. */
public final class LoopText {
  private LoopText() {}

  /** Returns one line for each instruction that stores or jumps, after what it takes. */
  public static List<String> of(Section section) {
    ElementLoopWriter loop = new ElementLoopWriter(section, Scaling.NONE);
    Textifier textifier = new Textifier(Opcodes.ASM9) {};
    loop.write(new Assembler(new TraceMethodVisitor(textifier)));
    List<String> lines = new ArrayList<>();
    lines.add("static void loop" + loop.descriptor);
    List<String> line = new ArrayList<>();
    for (Object part : textifier.text) {
      String instruction = part.toString().strip();
      if (instruction.equals("RETURN")) {
        break; // after it come only bytes that keep the method from being inlined
      }
      if (instruction.matches("L\\d+")) {
        lines.add(instruction + ":");
        continue;
      }
      line.add(instruction);
      if (instruction.matches(".*(STORE|GOTO|IF_|IINC).*")) {
        lines.add("  " + String.join("; ", line));
        line.clear();
      }
    }
    lines.add("  RETURN");
    return lines;
  }
}
