package dev.glissade.fuse.tape;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.memory.Element;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * The straight-line program of one loop: what to do with the elements at one index. Registers are
 * numbered by instruction. It holds no data: arrays, scalars, keys and reductions are numbered
 * arguments, so a kernel for a tape serves every loop of the same structure.
 *
 * @param compute the type of the arithmetic, F32 or F64
 * @param arrays how many arrays it takes
 * @param scalars how many scalars
 * @param keys how many random keys
 * @param reductions the reductions that it gives a partial result of
 */
public record Tape(
    Element compute,
    List<Instruction> code,
    int arrays,
    int scalars,
    int keys,
    List<Reduction> reductions) {

  /** One past the largest number of a reduction in the code. */
  public int reductionRoom() {
    int room = 0;
    for (Instruction instruction : code) {
      if (instruction instanceof Reduce reduce) {
        room = Math.max(room, reduce.reduction() + 1);
      }
    }
    return room;
  }

  /** How many temporary arrays it stores in, see {@link Spills}. */
  public int temporaries() {
    int most = arrays;
    for (Instruction instruction : code) {
      if (instruction instanceof Store store) {
        most = Math.max(most, store.array() + 1);
      }
    }
    return most - arrays;
  }

  /**
   * Returns whether a range's sum may turn out to be wrong, because products overflowed or
   * vanished, and can then be added up again.
   */
  public boolean mayBeRetried(Reduce reduce) {
    boolean checked = compute == Element.F32 || reduce.kind() == Reduction.NORM;
    return checked && reduce.kind() != Reduction.PLAIN_DOT && isRepeatable(reduce);
  }

  /**
   * Whether what a reduction adds up can be had again behind all stores but fills, which kernels do
   * last: from arrays that are as before, or as values that were stored. If not, its sum in float
   * stands as it is.
   */
  public boolean isRepeatable(Reduce reduce) {
    Set<Integer> stored = new HashSet<>();
    Set<Integer> overwritten = new HashSet<>();
    for (Instruction instruction : code) {
      if (instruction instanceof Store store && store.array() < arrays && !isFill(store)) {
        overwritten.add(store.array());
        if (store.element() == compute) {
          stored.add(store.a());
        }
      }
    }
    boolean[] kept = new boolean[code.size()];
    for (int register = 0; register < kept.length; register++) {
      Instruction instruction = code.get(register);
      boolean lost = instruction instanceof Load load && overwritten.contains(load.array());
      for (int operand : instruction.operands()) {
        lost |= !kept[operand];
      }
      kept[register] = !lost || stored.contains(register);
    }
    return kept[reduce.a()] && kept[reduce.b()];
  }

  /** Whether a store fills an array with a scalar. */
  boolean isFill(Store store) {
    return code.get(store.a()) instanceof Scalar;
  }

  /** Whether an instruction is a store that fills. */
  boolean isFill(int instruction) {
    return code.get(instruction) instanceof Store store && isFill(store);
  }

  /** One instruction; operands are the registers of earlier ones. */
  public sealed interface Instruction {

    /** The registers that it takes. */
    default int[] operands() {
      return new int[0];
    }

    /** The same with other numbers of registers. */
    default Instruction with(IntUnaryOperator register) {
      return this;
    }
  }

  public record Load(int array, Element element) implements Instruction {}

  public record Scalar(int scalar) implements Instruction {}

  public record Unary(Op op, int a) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {a};
    }

    @Override
    public Instruction with(IntUnaryOperator register) {
      return new Unary(op, register.applyAsInt(a));
    }
  }

  public record Binary(Op op, int a, int b) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {a, b};
    }

    @Override
    public Instruction with(IntUnaryOperator register) {
      return new Binary(op, register.applyAsInt(a), register.applyAsInt(b));
    }
  }

  public record Round(Element element, int a) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {a};
    }

    @Override
    public Instruction with(IntUnaryOperator register) {
      return new Round(element, register.applyAsInt(a));
    }
  }

  /** Standard normal draws by a counter that is the element's index. */
  public record Normal(int key) implements Instruction {}

  public record Store(int array, Element element, int a) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {a};
    }

    @Override
    public Instruction with(IntUnaryOperator register) {
      return new Store(array, element, register.applyAsInt(a));
    }
  }

  /** {@code b} is {@code a} again where the reduction takes one operand. */
  public record Reduce(int reduction, Reduction kind, int a, int b) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {a, b};
    }

    @Override
    public Instruction with(IntUnaryOperator register) {
      return new Reduce(reduction, kind, register.applyAsInt(a), register.applyAsInt(b));
    }
  }
}
