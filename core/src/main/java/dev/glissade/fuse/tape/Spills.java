package dev.glissade.fuse.tape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts values that are too large for one loop: some of what they are made of is stored on the way,
 * in temporary arrays of one range, which stay in cache. Their numbers follow those of the tape's
 * arrays.
 */
public final class Spills {
  private final Tape tape;
  private final Section.Limit limit;

  /** The registers that are stored, with the temporary array. */
  private final Map<Integer, Integer> arrays = new LinkedHashMap<>();

  private final TapeSlice excerpt;

  private Spills(Tape tape, Section.Limit limit) {
    this.tape = tape;
    this.limit = limit;
    this.excerpt = new TapeSlice(tape, arrays);
  }

  /**
   * The tape with such stores, if it needs any: each store and reduction, given what is stored
   * before it, fits by itself.
   */
  public static Tape of(Tape tape, Section.Limit limit) {
    return of(tape, limit, false);
  }

  /**
   * The same.
   *
   * @param ahead whether to keep all values that are stored over arrays, too
   */
  public static Tape of(Tape tape, Section.Limit limit, boolean ahead) {
    Spills spills = new Spills(tape, limit);
    for (int register = 0; register < tape.code().size(); register++) {
      spills.fit(register);
    }
    if (ahead) {
      tape.code().forEach(spills::keep);
    }
    return spills.arrays.isEmpty() ? tape : spills.written();
  }

  private void keep(Tape.Instruction instruction) {
    if (instruction instanceof Tape.Store store && !tape.isFill(store)) {
      arrays.putIfAbsent(store.a(), tape.arrays() + arrays.size());
    }
  }

  private void fit(int register) {
    while (!limit.allows(alone(register))) {
      Integer operand = largestOperand(register);
      if (operand == null) {
        return;
      }
      arrays.put(operand, tape.arrays() + arrays.size());
    }
  }

  /** What has to be computed for a register, which is then stored, if it is a value. */
  private Section alone(int register) {
    Tape.Instruction instruction = tape.code().get(register);
    boolean job = instruction instanceof Tape.Store || instruction instanceof Tape.Reduce;
    return job
        ? excerpt.section(List.of(register))
        : excerpt.storing(register, tape.arrays() + arrays.size());
  }

  /** The operand that most is computed for; null if they are all in memory. */
  private @Nullable Integer largestOperand(int register) {
    Integer largest = null;
    int most = 1;
    for (int operand : tape.code().get(register).operands()) {
      int size = excerpt.needed(operand).cardinality();
      if (size > most) {
        largest = operand;
        most = size;
      }
    }
    return largest;
  }

  private Tape written() {
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
    return new Tape(
        tape.compute(),
        List.copyOf(code),
        tape.arrays(),
        tape.scalars(),
        tape.keys(),
        tape.reductions());
  }
}
