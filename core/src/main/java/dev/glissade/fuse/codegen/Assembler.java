package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Appends bytecode instructions to one method; calls chain. */
final class Assembler {
  private final MethodVisitor method;

  Assembler(ClassWriter owner, int access, String name, String descriptor) {
    this(owner.visitMethod(access, name, descriptor, null, null));
  }

  Assembler(MethodVisitor method) {
    this.method = method;
    method.visitCode();
  }

  /** Appends instructions that have no immediate operands. */
  Assembler add(int... opcodes) {
    for (int opcode : opcodes) {
      method.visitInsn(opcode);
    }
    return this;
  }

  /** Appends a load or a store of a local variable. */
  Assembler local(int opcode, int slot) {
    method.visitVarInsn(opcode, slot);
    return this;
  }

  Assembler increment(int slot, int step) {
    method.visitIincInsn(slot, step);
    return this;
  }

  Assembler push(int value) {
    method.visitIntInsn(SIPUSH, value);
    return this;
  }

  Assembler constant(Object value) {
    method.visitLdcInsn(value);
    return this;
  }

  Assembler field(int opcode, String owner, String name, String descriptor) {
    method.visitFieldInsn(opcode, owner, name, descriptor);
    return this;
  }

  Assembler cast(String type) {
    method.visitTypeInsn(CHECKCAST, type);
    return this;
  }

  Assembler call(int opcode, String owner, String name, String descriptor) {
    method.visitMethodInsn(opcode, owner, name, descriptor, opcode == INVOKEINTERFACE);
    return this;
  }

  Assembler callStatic(String owner, String name, String descriptor) {
    return call(INVOKESTATIC, owner, name, descriptor);
  }

  /** Appends {@code while (condition) body}; the jump tests the operands that condition pushes. */
  void loop(Runnable condition, int jump, Runnable body) {
    Label start = new Label();
    Label test = new Label();
    method.visitJumpInsn(GOTO, test);
    method.visitLabel(start);
    body.run();
    method.visitLabel(test);
    condition.run();
    method.visitJumpInsn(jump, start);
  }

  /** Appends the return and ends the method. */
  void finish() {
    finish(0);
  }

  /** Appends the return and, after it, bytes that never run. */
  void finish(int padding) {
    finish(RETURN, padding);
  }

  /** Appends an instruction that returns and, after it, bytes that never run. */
  void finish(int opcode, int padding) {
    add(opcode);
    for (int i = 0; i < padding; i++) {
      add(NOP);
    }
    method.visitMaxs(0, 0);
    method.visitEnd();
  }
}
