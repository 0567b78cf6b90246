package dev.glissade.fuse.codegen;

import static org.objectweb.asm.Opcodes.*;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Scaling;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Tape;

/**
 * Emits a section's vectorized loop, followed by an element loop for the elements that do not fill
 * a row. Arrays may be off-heap, and lanes have an index of their own, so one loop stores and
 * reduces without any copies. The loop assigns elements to lanes in {@link LaneOrder#ROWS}. It
 * keeps the lanes of a tile in registers, if those suffice for as many vectors as a row has: lanes
 * in memory limit how far the processor looks ahead.
 */
public final class VectorLoopWriter extends ElementLoopWriter {
  private final VectorCodeWriter vectors;
  private final boolean vectorized;
  private final int vector;
  private final int width;

  /** The vectors of a row if lanes stay in registers; else 1. */
  private final int parts;

  private final boolean inRegisters;
  private final int shift;
  private final int laneIndex;
  private final int last;
  private final int stop;
  private final int partIndex;
  private final int temporary;
  private final int sums;
  private final int registers;

  /**
   * @param offHeap bit a: array a is off-heap
   * @param scaling how the loop adds up products; unless plainly, it has no vectors
   */
  public VectorLoopWriter(Section section, VectorApi api, long offHeap, Scaling scaling) {
    this(section, api, offHeap, scaling, scaling == Scaling.NONE);
  }

  private VectorLoopWriter(
      Section section, VectorApi api, long offHeap, Scaling scaling, boolean vectorized) {
    super(section, scaling, api.memory(), offHeap);
    this.vectorized = vectorized;
    this.vector = api.lanes(tape.compute());
    this.width = LaneOrder.width(tape.compute());
    int row = Math.max(1, width / vector);
    this.inRegisters = lanes > 0 && vector <= width && section.fitsVectors(row);
    this.parts = inRegisters ? row : 1;
    this.shift = freeSlot();
    this.laneIndex = shift + 1;
    this.last = shift + 2;
    this.stop = shift + 3;
    this.partIndex = shift + 4;
    this.temporary = shift + 5;
    this.sums = shift + 6;
    this.registers = sums + parts * lanes;
    this.vectors = new VectorCodeWriter(single, vector, registers + tape.code().size());
  }

  /** Returns a writer of the element loop alone, which computes the same bits. */
  public static VectorLoopWriter withoutVectors(Section section, VectorApi api, long offHeap) {
    return new VectorLoopWriter(section, api, offHeap, Scaling.NONE, false);
  }

  /** Returns the field with the position of the piece's first element in its range. */
  @Override
  String pieceField() {
    return "position";
  }

  @Override
  void elements(Assembler out) {
    out.local(ILOAD, indexSlot() + 2).local(ILOAD, indexSlot()).add(ISUB).local(ISTORE, shift);
    out.add(ICONST_0).local(ISTORE, laneIndex);
    out.add(ICONST_0).local(ISTORE, temporary);
    if (vectorized) {
      addresses(out);
      vectors(out);
      keepAlive(out);
    }
    super.elements(out);
  }

  /** Reads the addresses of native arrays. */
  private void addresses(Assembler out) {
    for (int array = 0; array < inputs; array++) {
      if (storage(array) == Storage.NATIVE) {
        int slot = vectors.addressSlot(array);
        int bytes = tape.compute().bytes();
        NativeVectors.address(out, array, indexSlot(), indexSlot() + 1, bytes, slot);
      }
    }
  }

  private void keepAlive(Assembler out) {
    for (int array = 0; array < inputs; array++) {
      if (storage(array) == Storage.NATIVE) {
        NativeVectors.keepAlive(out, array);
      }
    }
  }

  /**
   * Emits {@code for (last = end - parts * vector; index <= last; )} around one tile. Without lanes
   * in registers the whole piece is one tile.
   */
  private void vectors(Assembler out) {
    int step = parts * vector;
    out.local(ILOAD, indexSlot() + 1).push(step).add(ISUB).local(ISTORE, last);
    if (!inRegisters) {
      tile(out, last, step);
      return;
    }
    out.loop(
        () -> out.local(ILOAD, indexSlot()).local(ILOAD, last),
        IF_ICMPLE,
        () -> {
          stop(out);
          laneIndex(out);
          moveLanes(out, true);
          tile(out, stop, step);
          moveLanes(out, false);
        });
  }

  /**
   * Emits {@code stop = index + min(last - index, elements up to the tile's last row)}, which can't
   * overflow.
   */
  private void stop(Assembler out) {
    out.local(ILOAD, indexSlot()).local(ILOAD, last).local(ILOAD, indexSlot()).add(ISUB);
    out.push((LaneOrder.ROWS_PER_TILE - 1) * width);
    position(out).push(LaneOrder.ROWS_PER_TILE * width - 1).add(IAND, ISUB);
    out.callStatic("java/lang/Math", "min", "(II)I").add(IADD).local(ISTORE, stop);
  }

  /** Emits {@code for (; index <= limit; index += step)} over all instructions of each part. */
  private void tile(Assembler out, int limit, int step) {
    int index = indexSlot();
    out.loop(
        () -> out.local(ILOAD, index).local(ILOAD, limit),
        IF_ICMPLE,
        () -> {
          if (lanes > 0 && !inRegisters) {
            laneIndex(out);
          }
          temporary(out);
          part(out, index, 0);
          for (int part = 1; part < parts; part++) {
            out.local(ILOAD, index).push(part * vector).add(IADD).local(ISTORE, partIndex);
            out.increment(temporary, vector);
            part(out, partIndex, part);
          }
          out.increment(index, step);
        });
  }

  /** Begins an element of the loop over elements. */
  @Override
  void begin(Assembler out) {
    temporary(out);
    if (lanes > 0) {
      laneIndex(out);
    }
  }

  /** Sets the index of temporary arrays, which is the position. */
  private void temporary(Assembler out) {
    position(out).local(ISTORE, temporary);
  }

  @Override
  int indexSlot(int array) {
    return indexSlot(array, indexSlot());
  }

  /** Returns the slot of a vector's index in an array; {@code at} has the piece's. */
  private int indexSlot(int array, int at) {
    return section.isTemporary(array) ? temporary : at;
  }

  /** Pushes index + shift, the element's position in its range. */
  private Assembler position(Assembler out) {
    return out.local(ILOAD, indexSlot()).local(ILOAD, shift).add(IADD);
  }

  /** Sets laneIndex to the lane of the vector's first element; the other lanes follow it. */
  private void laneIndex(Assembler out) {
    position(out).push(Integer.numberOfTrailingZeros(LaneOrder.ROWS_PER_TILE)).add(ISHR);
    out.push(LaneOrder.LANES - width).add(IAND);
    position(out).push(width - 1).add(IAND, IOR).local(ISTORE, laneIndex);
  }

  /** Loads the lanes of a tile from memory into registers, or stores them back. */
  private void moveLanes(Assembler out, boolean load) {
    for (Tape.Reduce reduce : tape.all(Tape.Reduce.class)) {
      int slot = lanesSlot(reduce.reduction());
      for (int part = 0; part < parts; part++) {
        out.local(ILOAD, laneIndex).push(part * vector).add(IADD).local(ISTORE, partIndex);
        if (load) {
          vectors.load(out, Storage.ARRAY, slot, partIndex);
          out.local(ASTORE, sumSlot(slot, part));
        } else {
          out.local(ALOAD, sumSlot(slot, part));
          vectors.store(out, Storage.ARRAY, slot, partIndex);
        }
      }
    }
  }

  private int sumSlot(int lanesSlot, int part) {
    return sums + parts * (lanesSlot - inputs) + part;
  }

  @Override
  void lane(Assembler out, int reduction) {
    out.local(ALOAD, lanesSlot(reduction)).local(ILOAD, laneIndex);
  }

  private void get(Assembler out, int register) {
    out.local(ALOAD, registers + register);
  }

  /** Emits all instructions for the vector at a slot's index; all parts share the scalars. */
  private void part(Assembler out, int at, int part) {
    for (int register = 0; register < tape.code().size(); register++) {
      Tape.Instruction instruction = tape.code().get(register);
      if (instruction instanceof Tape.Store store) {
        get(out, store.a());
        int array = store.array();
        vectors.store(out, storage(array), array, indexSlot(array, at));
      } else if (instruction instanceof Tape.Reduce reduce) {
        reduce(out, reduce, part);
      } else if (part == 0 || !(instruction instanceof Tape.Scalar)) {
        value(out, instruction, at);
        out.local(ASTORE, registers + register);
      }
    }
  }

  private void value(Assembler out, Tape.Instruction instruction, int at) {
    if (instruction instanceof Tape.Load load) {
      int array = load.array();
      vectors.load(out, storage(array), array, indexSlot(array, at));
    } else if (instruction instanceof Tape.Scalar scalar) {
      vectors.broadcast(out, scalarSlot(scalar.scalar()));
    } else if (instruction instanceof Tape.Unary unary) {
      get(out, unary.a());
      vectors.unary(out, unary.op());
    } else if (instruction instanceof Tape.Binary binary) {
      get(out, binary.a());
      get(out, binary.b());
      vectors.binary(out, binary.op());
    } else if (instruction instanceof Tape.Select select) {
      get(out, select.b());
      get(out, select.a());
      get(out, select.mask());
      vectors.select(out);
    } else if (instruction instanceof Tape.Round round) {
      get(out, round.a());
    } else {
      throw new UnsupportedOperationException("no vectorized loop implements " + instruction);
    }
  }

  private void reduce(Assembler out, Tape.Reduce reduce, int part) {
    int slot = lanesSlot(reduce.reduction());
    if (inRegisters) {
      out.local(ALOAD, sumSlot(slot, part));
    } else {
      vectors.load(out, Storage.ARRAY, slot, laneIndex);
    }
    get(out, reduce.a());
    switch (reduce.kind()) {
      case DOT, PLAIN_DOT, NORM -> {
        get(out, reduce.b());
        vectors.binary(out, Op.MUL);
      }
      case SUM -> {}
      case SUM_ABS, MAX_ABS -> vectors.unary(out, Op.ABS);
      case NON_FINITE -> vectors.nonFinite(out);
    }
    vectors.binary(out, reduce.kind() == Reduction.MAX_ABS ? Op.MAX : Op.ADD);
    if (inRegisters) {
      out.local(ASTORE, sumSlot(slot, part));
    } else {
      vectors.store(out, Storage.ARRAY, slot, laneIndex);
    }
  }
}
