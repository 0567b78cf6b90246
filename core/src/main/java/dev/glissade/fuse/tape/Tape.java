package dev.glissade.fuse.tape;

import dev.glissade.fuse.graph.Distribution;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.memory.Element;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * The straight-line program of a loop body, in single-assignment form: instruction i defines
 * register i. A tape holds no data: arrays, scalars, keys and reductions are numbered operands, so
 * the kernel of a tape serves every loop of the same structure.
 *
 * @param compute the type of the arithmetic, F32 or F64
 * @param arrays the number of array operands
 * @param scalars the number of scalar operands; those of each leaf have the numbers after them
 * @param keys the number of random keys
 * @param reductions the kinds of the reductions
 * @param leafScalars the number of scalar operands of each leaf
 * @param staged the number of arrays that exist for one range only, with the numbers after the
 *     others: values that are repeated along axes, or reduced over axes
 */
public record Tape(
    Element compute,
    List<Instruction> code,
    int arrays,
    int scalars,
    int keys,
    List<Reduction> reductions,
    int leafScalars,
    int staged) {

  /** Creates a tape without operands of its own for each leaf or range. */
  public Tape(
      Element compute,
      List<Instruction> code,
      int arrays,
      int scalars,
      int keys,
      List<Reduction> reductions) {
    this(compute, code, arrays, scalars, keys, reductions, 0, 0);
  }

  /** Returns all instructions of a type, in order. */
  public <T extends Instruction> List<T> all(Class<T> type) {
    return code.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Returns one more than the largest number of a reduction in the code. */
  public int reductionSlots() {
    return all(Reduce.class).stream().mapToInt(reduce -> reduce.reduction() + 1).max().orElse(0);
  }

  /** Returns how many staged arrays and temporary arrays of {@link Spills} the code has. */
  public int temporaries() {
    int last = all(Store.class).stream().mapToInt(Store::array).max().orElse(0);
    return Math.max(staged, last + 1 - arrays);
  }

  /** Returns this tape with other code. */
  Tape with(List<Instruction> other) {
    return new Tape(
        compute, List.copyOf(other), arrays, scalars, keys, reductions, leafScalars, staged);
  }

  /** Returns the stored type of each array, temporary arrays included. */
  public Element[] elements() {
    Element[] elements = new Element[arrays + temporaries()];
    Arrays.fill(elements, compute);
    all(Load.class).forEach(load -> elements[load.array()] = load.element());
    all(Store.class).forEach(store -> elements[store.array()] = store.element());
    return elements;
  }

  /**
   * Returns whether a kernel has to check the sum of each range, because products may overflow or
   * underflow, and can retry it.
   */
  public boolean isRetryable(Reduce reduce) {
    boolean checked = compute == Element.F32 || reduce.kind() == Reduction.NORM;
    return checked && reduce.kind() != Reduction.PLAIN_DOT && isRepeatable(reduce);
  }

  /**
   * Returns whether the operands of a reduction can be recomputed after all stores except fills,
   * which kernels execute last: from arrays that the stores do not clobber, or from stored values.
   * Otherwise the sum of a range is final.
   */
  public boolean isRepeatable(Reduce reduce) {
    Set<Integer> stored = new HashSet<>();
    Set<Integer> overwritten = new HashSet<>();
    for (Store store : all(Store.class)) {
      if (store.array() < arrays && !isFill(store)) {
        overwritten.add(store.array());
        if (store.element() == compute) {
          stored.add(store.a());
        }
      }
    }
    boolean[] live = new boolean[code.size()];
    for (int register = 0; register < live.length; register++) {
      Instruction instruction = code.get(register);
      boolean lost = instruction instanceof Load load && overwritten.contains(load.array());
      for (int operand : instruction.operands()) {
        lost |= !live[operand];
      }
      live[register] = !lost || stored.contains(register);
    }
    return live[reduce.a()] && live[reduce.b()];
  }

  /** Returns whether a store fills an array with a scalar. */
  boolean isFill(Store store) {
    return code.get(store.a()) instanceof Scalar;
  }

  /** Returns whether an instruction is a store that fills. */
  boolean isFill(int instruction) {
    return code.get(instruction) instanceof Store store && isFill(store);
  }

  /** An instruction; its operands are registers of earlier instructions. */
  public sealed interface Instruction {

    /** Returns the registers that the instruction reads. */
    default int[] operands() {
      return new int[0];
    }

    /** Returns whether the instruction has an effect: whether it stores or reduces. */
    default boolean isRoot() {
      return this instanceof Store || this instanceof Reduce;
    }

    /** Returns the instruction with renumbered registers. */
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

  /** Is {@code a} where the mask is not 0, else {@code b}. */
  public record Select(int mask, int a, int b) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {mask, a, b};
    }

    @Override
    public Instruction with(IntUnaryOperator register) {
      return new Select(register.applyAsInt(mask), register.applyAsInt(a), register.applyAsInt(b));
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

  /** Draws random numbers; the element's index in its leaf is the counter. */
  public record Draw(Distribution distribution, int key) implements Instruction {}

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

  /** Adds to a reduction; {@code b} equals {@code a} if it has one operand. */
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
