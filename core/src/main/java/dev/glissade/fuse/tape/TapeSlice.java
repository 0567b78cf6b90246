package dev.glissade.fuse.tape;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Extracts sections from a tape; a section loads the values that earlier sections stored. */
final class TapeSlice {
  private final Tape tape;
  private final List<Tape.Instruction> code;

  /** The array of each register whose value is in memory. */
  private final Map<Integer, Integer> stored;

  TapeSlice(Tape tape, Map<Integer, Integer> stored) {
    this.tape = tape;
    this.code = tape.code();
    this.stored = stored;
  }

  /** Returns the backward slice of an instruction: what it needs that is not in memory. */
  BitSet needed(int register) {
    return needed(register, Integer.MAX_VALUE);
  }

  /** Returns the backward slice, or a part of it that exceeds {@code most} instructions. */
  BitSet needed(int register, int most) {
    BitSet needed = new BitSet(register + 1);
    needed.set(register);
    int count = 0;
    for (int next = register; next >= 0 && count <= most; next = needed.previousSetBit(next - 1)) {
      count++;
      if (!stored.containsKey(next)) {
        for (int operand : code.get(next).operands()) {
          needed.set(operand);
        }
      }
    }
    return needed;
  }

  /**
   * Returns the section of some roots. Each store directly follows its slice, a shape that compiles
   * better than all stores at the end; loads of the array that it overwrites precede it.
   */
  Section section(List<Integer> roots) {
    Renumbering section = new Renumbering();
    BitSet all = new BitSet();
    roots.forEach(root -> all.or(needed(root)));
    for (int root : roots) {
      BitSet own = needed(root);
      if (code.get(root) instanceof Tape.Store store) {
        all.stream().filter(register -> loads(register, store.array())).forEach(own::set);
      }
      own.clear(root);
      own.stream().forEach(section::add);
      section.add(root);
    }
    return section.done();
  }

  /** Returns a section that stores a register in an array. */
  Section storing(int register, int array) {
    Renumbering section = new Renumbering();
    needed(register).stream().forEach(section::add);
    section.store(register, array);
    return section.done();
  }

  boolean loads(int register, int array) {
    return code.get(register) instanceof Tape.Load load && load.array() == array;
  }

  /** Appends instructions, renumbered to the registers and arrays of a section. */
  private final class Renumbering {
    private final List<Tape.Instruction> appended = new ArrayList<>();
    private final Map<Integer, Integer> registers = new HashMap<>();
    private final List<Integer> arrays = new ArrayList<>();

    Section done() {
      return Section.of(tape, appended, arrays.stream().mapToInt(Integer::intValue).toArray());
    }

    void add(int register) {
      if (!registers.containsKey(register)) {
        appended.add(renumbered(register));
        registers.put(register, appended.size() - 1);
      }
    }

    void store(int register, int array) {
      appended.add(new Tape.Store(array(array), tape.compute(), at(register)));
    }

    private Tape.Instruction renumbered(int register) {
      Integer inMemory = stored.get(register);
      Tape.Instruction instruction = code.get(register);
      if (inMemory != null) {
        return new Tape.Load(array(inMemory), tape.compute());
      }
      if (instruction instanceof Tape.Load load) {
        return new Tape.Load(array(load.array()), load.element());
      }
      if (instruction instanceof Tape.Store store) {
        return new Tape.Store(array(store.array()), store.element(), at(store.a()));
      }
      return instruction.with(this::at);
    }

    private int at(int register) {
      Integer renumbered = registers.get(register);
      if (renumbered == null) {
        throw new IllegalStateException("the section does not define register " + register);
      }
      return renumbered;
    }

    private int array(int array) {
      if (!arrays.contains(array)) {
        arrays.add(array);
      }
      return arrays.indexOf(array);
    }
  }
}
