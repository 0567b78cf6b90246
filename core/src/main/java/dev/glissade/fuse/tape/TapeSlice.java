package dev.glissade.fuse.tape;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes parts of a tape as sections, which read from memory what earlier ones have stored. */
final class TapeSlice {
  private final Tape tape;
  private final List<Tape.Instruction> code;

  /** Registers whose values are in memory, with the array. */
  private final Map<Integer, Integer> stored;

  TapeSlice(Tape tape, Map<Integer, Integer> stored) {
    this.tape = tape;
    this.code = tape.code();
    this.stored = stored;
  }

  /** The instructions that one needs, itself included, but for what is stored already. */
  BitSet needed(int register) {
    return needed(register, Integer.MAX_VALUE);
  }

  /** The same, or some of them if they are more than {@code most}. */
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
   * The section of some stores and reductions: each one's instructions with its store right behind
   * them, which the compiler takes better than all stores at the end; what a store overwrites is
   * read before.
   */
  Section section(List<Integer> jobs) {
    Renumbering section = new Renumbering();
    BitSet all = new BitSet();
    jobs.forEach(job -> all.or(needed(job)));
    for (int job : jobs) {
      BitSet own = needed(job);
      if (code.get(job) instanceof Tape.Store store) {
        all.stream().filter(register -> loads(register, store.array())).forEach(own::set);
      }
      own.clear(job);
      own.stream().forEach(section::add);
      section.add(job);
    }
    return section.done();
  }

  /** A section that stores one register's value in an array. */
  Section storing(int register, int array) {
    Renumbering section = new Renumbering();
    needed(register).stream().forEach(section::add);
    section.store(register, array);
    return section.done();
  }

  private boolean loads(int register, int array) {
    return code.get(register) instanceof Tape.Load load && load.array() == array;
  }

  /** Writes instructions with the registers and arrays of a section. */
  private final class Renumbering {
    private final List<Tape.Instruction> written = new ArrayList<>();
    private final Map<Integer, Integer> registers = new HashMap<>();
    private final List<Integer> arrays = new ArrayList<>();

    Section done() {
      return Section.of(tape, written, arrays.stream().mapToInt(Integer::intValue).toArray());
    }

    void add(int register) {
      if (registers.containsKey(register)) {
        return;
      }
      written.add(renumbered(register));
      registers.put(register, written.size() - 1);
    }

    void store(int register, int array) {
      written.add(new Tape.Store(array(array), tape.compute(), at(register)));
    }

    private Tape.Instruction renumbered(int register) {
      Integer kept = stored.get(register);
      Tape.Instruction instruction = code.get(register);
      if (kept != null) {
        return new Tape.Load(array(kept), tape.compute());
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
      Integer here = registers.get(register);
      if (here == null) {
        throw new IllegalStateException("register " + register + " is not in the section");
      }
      return here;
    }

    private int array(int array) {
      int known = arrays.indexOf(array);
      if (known >= 0) {
        return known;
      }
      arrays.add(array);
      return arrays.size() - 1;
    }
  }
}
