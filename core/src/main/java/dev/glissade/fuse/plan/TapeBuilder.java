package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.AxisMap;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.Tape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Emits the tape of one loop: computes common subexpressions once and loads before it stores. */
final class TapeBuilder {
  /**
   * What the numbers of staged arrays, and of the scalars of each leaf, are beyond until {@link
   * #build} knows how many others there are.
   */
  private static final int BEYOND = 1 << 20;

  private final PlaneResolver planes;
  private final List<Tape.Instruction> code = new ArrayList<>();
  private final List<Tape.Instruction> stores = new ArrayList<>();
  private final Map<Object, Integer> registers = new HashMap<>();
  private final Map<Loop.ArrayRef, Integer> arrays = new LinkedHashMap<>();
  private final List<Integer> scalars = new ArrayList<>();
  private final List<Integer> keys = new ArrayList<>();
  private final List<Integer> reductionNodes = new ArrayList<>();
  private final List<Reduction> reductions = new ArrayList<>();
  private final List<Integer> targets = new ArrayList<>();
  private final List<Loop.ArrayRef> numbers = new ArrayList<>();
  private final List<Loop.SpreadRef> spreads = new ArrayList<>();
  private final List<PassBuilder.Job> folds = new ArrayList<>();
  private Element compute = Element.F32;

  TapeBuilder(PlaneResolver planes) {
    this.planes = planes;
  }

  void reduce(PassBuilder.Job job) {
    Node node = planes.node(job.reduction());
    if (node.kind() == Node.Kind.REDUCE_AXES) {
      folds.add(job);
      return;
    }
    Reduction kind = node.reduction();
    int a = value(job.values().get(0));
    int b = value(job.values().get(job.values().size() - 1));
    boolean byLeaf = node.kind() == Node.Kind.REDUCE_LEAVES;
    targets.add(byLeaf ? node.leafReduction().target(job.plane()) : -1);
    reductionNodes.add(job.reduction());
    reductions.add(kind);
    code.add(new Tape.Reduce(reductions.size() - 1, kind, a, b));
  }

  void store(PassBuilder.Job job) {
    Loop.ArrayRef destination = job.destination();
    Element element = job.element();
    if (destination == null || element == null) {
      throw new IllegalStateException("the job has no destination");
    }
    stores.add(new Tape.Store(array(destination), element, value(job.values().get(0))));
    widen(element);
  }

  /** Returns the tape and its operands, for a leaf of a size. */
  Leaf build(int size) {
    Map<Integer, Integer> staged = new LinkedHashMap<>();
    List<Integer> foldArrays = new ArrayList<>();
    for (PassBuilder.Job fold : folds) {
      int value = value(fold.values().get(0));
      Integer known = staged.putIfAbsent(value, staged.size());
      foldArrays.add(known == null ? staged.size() - 1 : known);
    }
    staged.forEach((value, array) ->
        stores.add(new Tape.Store(BEYOND + spreads.size() + array, compute, value)));
    code.addAll(stores);
    Tape tape =
        new Tape(
            compute,
            code.stream().map(this::numbered).toList(),
            arrays.size(),
            scalars.size(),
            keys.size(),
            List.copyOf(reductions),
            numbers.size(),
            spreads.size() + staged.size());
    List<Integer> foldNodes = folds.stream().map(PassBuilder.Job::reduction).toList();
    Shared shared =
        new Shared(tape, List.copyOf(scalars), List.copyOf(reductionNodes), foldNodes, foldArrays);
    return new Leaf(
        size,
        shared,
        List.copyOf(arrays.keySet()),
        List.copyOf(keys),
        numbers,
        spreads,
        folds.stream().map(this::foldRef).toList(),
        targets);
  }

  /** Returns an instruction with the final numbers of staged arrays and of a leaf's scalars. */
  private Tape.Instruction numbered(Tape.Instruction instruction) {
    if (instruction instanceof Tape.Load load && load.array() >= BEYOND) {
      return new Tape.Load(arrays.size() + load.array() - BEYOND, compute);
    }
    if (instruction instanceof Tape.Store store && store.array() >= BEYOND) {
      return new Tape.Store(arrays.size() + store.array() - BEYOND, compute, store.a());
    }
    if (instruction instanceof Tape.Scalar scalar && scalar.scalar() >= BEYOND) {
      return new Tape.Scalar(scalars.size() + scalar.scalar() - BEYOND);
    }
    return instruction;
  }

  private Loop.FoldRef foldRef(PassBuilder.Job job) {
    Node node = planes.node(job.reduction());
    return new Loop.FoldRef(job.plane(), node.axisReduction().maps().get(job.plane()));
  }

  /** What the leaves of a loop have in common. */
  record Shared(
      Tape tape,
      List<Integer> scalars,
      List<Integer> reductions,
      List<Integer> folds,
      List<Integer> foldArrays) {}

  /** The operands of one leaf. */
  record Leaf(
      int size,
      Shared shared,
      List<Loop.ArrayRef> arrays,
      List<Integer> keys,
      List<Loop.ArrayRef> numbers,
      List<Loop.SpreadRef> spreads,
      List<Loop.FoldRef> folds,
      List<Integer> targets) {}

  private void widen(Element element) {
    if (element == Element.F64) {
      compute = Element.F64;
    }
  }

  private int array(Loop.ArrayRef ref) {
    Integer number = arrays.putIfAbsent(ref, arrays.size());
    return number == null ? arrays.size() - 1 : number;
  }

  private int emit(Object key, Tape.Instruction instruction) {
    code.add(instruction);
    registers.put(key, code.size() - 1);
    return code.size() - 1;
  }

  private int value(PlaneRef start) {
    PlaneRef ref = planes.resolved(start);
    Integer register = registers.get(ref);
    if (register != null) {
      return register;
    }
    Loop.ArrayRef place = planes.arrayOf(ref);
    if (place != null) {
      Element element = planes.node(ref.node()).layout().element(ref.plane());
      widen(element);
      return emit(ref, new Tape.Load(array(place), element));
    }
    return emit(ref, instruction(ref));
  }

  private Tape.Instruction instruction(PlaneRef ref) {
    Node node = planes.node(ref.node());
    widen(node.layout().element(ref.plane()));
    int[] operands = planes.operands(ref.node());
    return switch (node.kind()) {
      case FILL -> scalarInstruction(operands[0]);
      case SPREAD -> spread(new PlaneRef(operands[0], ref.plane()), node, ref.plane());
      case UNARY -> new Tape.Unary(node.op(), operand(operands[0], ref.plane()));
      case BINARY -> {
        int a = operand(operands[0], ref.plane());
        yield new Tape.Binary(node.op(), a, operand(operands[1], ref.plane()));
      }
      case SELECT -> {
        int mask = operand(operands[0], ref.plane());
        int a = operand(operands[1], ref.plane());
        yield new Tape.Select(mask, a, operand(operands[2], ref.plane()));
      }
      case ROUND ->
          new Tape.Round(node.layout().element(ref.plane()), operand(operands[0], ref.plane()));
      case DRAW -> {
        keys.add(operands[ref.plane()]);
        yield new Tape.Draw(node.distribution(), keys.size() - 1);
      }
      default -> throw new IllegalStateException(node.kind() + " is not an element-wise value");
    };
  }

  /** Returns the load of a plane that is repeated, or of the number that it consists of. */
  private Tape.Instruction spread(PlaneRef operand, Node node, int plane) {
    Loop.ArrayRef place = planes.arrayOf(planes.resolved(operand));
    if (place == null) {
      throw new IllegalStateException("no pass has stored what is repeated");
    }
    AxisMap map = node.spread().maps().get(plane);
    if (map.isNumber()) {
      numbers.add(place);
      return new Tape.Scalar(BEYOND + numbers.size() - 1);
    }
    spreads.add(new Loop.SpreadRef(place, map));
    return new Tape.Load(BEYOND + spreads.size() - 1, compute);
  }

  private int operand(int id, int plane) {
    if (planes.node(id).sort() == Node.Sort.TREE) {
      return value(new PlaneRef(id, plane));
    }
    Integer register = registers.get(id);
    return register != null ? register : emit(id, scalarInstruction(id));
  }

  private Tape.Instruction scalarInstruction(int id) {
    scalars.add(id);
    return new Tape.Scalar(scalars.size() - 1);
  }
}
