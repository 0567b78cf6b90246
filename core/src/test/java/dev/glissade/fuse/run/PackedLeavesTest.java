package dev.glissade.fuse.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.kernel.Interpreter;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Tape;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Slices of common arrays become one piece if they are adjacent. */
@Tag("vectors")
class PackedLeavesTest {
  private static final int[] SIZES = {5, 3, 4};

  private static Loop loop(boolean reduces) {
    Tape.Instruction last =
        reduces ? new Tape.Reduce(0, Reduction.SUM, 0, 0) : new Tape.Store(1, Element.F32, 0);
    List<Reduction> reductions = reduces ? List.of(Reduction.SUM) : List.of();
    Tape tape =
        new Tape(Element.F32, List.of(new Tape.Load(0, Element.F32), last), 2, 0, 0, reductions);
    return new Loop(
        tape,
        new Interpreter(tape, LaneOrder.COLUMNS),
        SIZES,
        Ranges.of(SIZES, Element.F32),
        new Loop.ArrayRef[2 * SIZES.length],
        new int[0],
        new int[0],
        new int[reductions.size()],
        Loop.Small.none(reductions.size() * SIZES.length));
  }

  /** Two arrays for each leaf, the leaves at these places. */
  private static Object[] slices(float[] a, float[] b, int... places) {
    Object[] slices = new Object[2 * SIZES.length];
    for (int leaf = 0; leaf < SIZES.length; leaf++) {
      slices[2 * leaf] = FloatBuffer.wrap(a, places[leaf], SIZES[leaf]).slice();
      slices[2 * leaf + 1] = FloatBuffer.wrap(b, places[leaf], SIZES[leaf]).slice();
    }
    return slices;
  }

  private static int[] cut(boolean reduces, Object[] storage) {
    PackedLeaves leaves = new PackedLeaves(loop(reduces));
    assertThat(leaves.bind(storage)).isTrue();
    assertThat(leaves.bind(storage)).isTrue();
    Ranges ranges = leaves.ranges();
    int pieces = ranges.first()[1];
    int[] cut = new int[2 * pieces];
    for (int piece = 0; piece < pieces; piece++) {
      cut[2 * piece] = ranges.from()[piece];
      cut[2 * piece + 1] = ranges.length()[piece];
    }
    return cut;
  }

  private final float[] a = new float[20];
  private final float[] b = new float[20];

  @Test
  void neighborsAreOnePiece() {
    assertThat(cut(false, slices(a, b, 2, 7, 10))).containsExactly(2, 12);
    assertThat(cut(false, slices(a, b, 2, 7, 11))).containsExactly(2, 8, 11, 4);
    assertThat(cut(false, slices(a, b, 9, 2, 5))).containsExactly(9, 5, 2, 7);
  }

  @Test
  void piecesOfAReductionStayApart() {
    assertThat(cut(true, slices(a, b, 2, 7, 10))).containsExactly(2, 5, 7, 3, 10, 4);
  }

  @Test
  void neighborsInOtherArraysAreApart() {
    Object[] storage = slices(a, b, 0, 5, 8);
    storage[3] = FloatBuffer.wrap(new float[20], 5, 3).slice();
    assertThat(cut(false, storage)).containsExactly(0, 5, 5, 3, 8, 4);
  }

  @Test
  void leavesAtOtherOffsetsAreNotPacked() {
    PackedLeaves leaves = new PackedLeaves(loop(false));
    Object[] storage = slices(a, b, 2, 7, 10);
    assertThat(leaves.bind(storage)).isTrue();
    Object[] moved = storage.clone();
    moved[1] = FloatBuffer.wrap(b, 3, 5).slice();
    assertThat(leaves.bind(moved)).isFalse();
    moved[1] = FloatBuffer.wrap(b, 2, 5).slice().asReadOnlyBuffer();
    assertThat(leaves.bind(moved)).isFalse();
    assertThat(leaves.bind(slices(b, a, 1, 6, 10))).isTrue();
    assertThat(leaves.ranges().first()[1]).isEqualTo(2);
    assertThat(leaves.bind(storage)).isTrue();
    assertThat(leaves.ranges().first()[1]).isEqualTo(1);
    assertThat(leaves.arrays()).containsExactly(a, b, a, b, a, b);
  }
}
