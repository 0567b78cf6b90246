package dev.glissade.fuse.plan;

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
  private final PlaneResolver planes;
  private final List<Tape.Instruction> code = new ArrayList<>();
  private final List<Tape.Instruction> stores = new ArrayList<>();
  private final Map<Object, Integer> registers = new HashMap<>();
  private final Map<Loop.ArrayRef, Integer> arrays = new LinkedHashMap<>();
  private final List<Integer> scalars = new ArrayList<>();
  private final List<Integer> keys = new ArrayList<>();
  private final List<Integer> reductionNodes = new ArrayList<>();
  private final List<Reduction> reductions = new ArrayList<>();
  private Element compute = Element.F32;

  TapeBuilder(PlaneResolver planes) {
    this.planes = planes;
  }

  void reduce(PassBuilder.Job job) {
    Reduction kind = planes.node(job.reduction()).reduction();
    int a = value(job.values().get(0));
    int b = value(job.values().get(job.values().size() - 1));
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
    code.addAll(stores);
    Tape tape =
        new Tape(
            compute,
            List.copyOf(code),
            arrays.size(),
            scalars.size(),
            keys.size(),
            List.copyOf(reductions));
    Shared shared = new Shared(tape, List.copyOf(scalars), List.copyOf(reductionNodes));
    return new Leaf(size, shared, List.copyOf(arrays.keySet()), List.copyOf(keys));
  }

  /** What the leaves of a loop have in common. */
  record Shared(Tape tape, List<Integer> scalars, List<Integer> reductions) {}

  /** The operands of one leaf. */
  record Leaf(int size, Shared shared, List<Loop.ArrayRef> arrays, List<Integer> keys) {}

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
      case NORMAL -> {
        keys.add(operands[ref.plane()]);
        yield new Tape.Normal(keys.size() - 1);
      }
      default -> throw new IllegalStateException(node.kind() + " is not an element-wise value");
    };
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
