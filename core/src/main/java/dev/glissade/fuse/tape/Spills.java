package dev.glissade.fuse.tape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Splits values that are too large for one loop: spills some of their subexpressions to temporary
 * arrays of the size of a range, which stay in cache. The numbers of temporary arrays follow those
 * of the tape's arrays.
 */
public final class Spills {
  private final Tape tape;
  private final Section.Limit limit;

  /** The temporary array of each spilled register. */
  private final Map<Integer, Integer> arrays = new LinkedHashMap<>();

  private final TapeSlice slice;

  private Spills(Tape tape, Section.Limit limit) {
    this.tape = tape;
    this.limit = limit;
    this.slice = new TapeSlice(tape, arrays);
  }

  /** Returns the tape with the spills after which each root fits the limit by itself. */
  public static Tape of(Tape tape, Section.Limit limit) {
    return of(tape, limit, false);
  }

  /**
   * Returns the tape with spills.
   *
   * @param stores whether to spill all stored values, too
   */
  public static Tape of(Tape tape, Section.Limit limit, boolean stores) {
    Spills spills = new Spills(tape, limit);
    for (int register = 0; register < tape.code().size(); register++) {
      spills.fit(register);
    }
    for (Tape.Store store : tape.all(Tape.Store.class)) {
      if (stores && !tape.isFill(store)) {
        spills.arrays.putIfAbsent(store.a(), spills.next());
      }
    }
    return spills.arrays.isEmpty() ? tape : spills.rewritten();
  }

  /** Returns the number of the next temporary array. */
  private int next() {
    return tape.arrays() + tape.staged() + arrays.size();
  }

  private void fit(int register) {
    while (!limit.allows(alone(register))) {
      Integer operand = largestOperand(register);
      if (operand == null) {
        return;
      }
      arrays.put(operand, next());
    }
  }

  /** Returns the section of a root, or the one that computes and stores a value. */
  private Section alone(int register) {
    return tape.code().get(register).isRoot()
        ? slice.section(List.of(register))
        : slice.storing(register, next());
  }

  /** Returns the operand with the largest slice; null if all operands are in memory. */
  private @Nullable Integer largestOperand(int register) {
    Integer largest = null;
    int most = 1;
    for (int operand : tape.code().get(register).operands()) {
      int size = slice.needed(operand).cardinality();
      if (size > most) {
        largest = operand;
        most = size;
      }
    }
    return largest;
  }

  private Tape rewritten() {
    List<Tape.Instruction> code = new ArrayList<>();
    int[] at = new int[tape.code().size()];
    for (int register = 0; register < at.length; register++) {
      code.add(tape.code().get(register).with(old -> at[old]));
      at[register] = code.size() - 1;
      Integer array = arrays.get(register);
      if (array != null) {
        code.add(new Tape.Store(array, tape.compute(), at[register]));
      }
    }
    return tape.with(code);
  }
}
