package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.graph.AxisReduction.Fold;
import dev.glissade.fuse.kernel.AxisFold;
import dev.glissade.fuse.kernel.AxisSpread;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.tape.Ranges;
import java.util.Arrays;

/**
 * The operands of a loop with fewer elements than its leaves. The kernel takes numbers of a leaf as
 * scalars. It finds small arrays repeated in the staged arrays of a range, and stores there what
 * this class then reduces over axes: into one window for each unit of work, which are joined in
 * order. So the results don't depend on the number of threads.
 */
final class SmallOperands {
  private final Loop loop;
  private final Loop.Small small;
  private final int spreads;
  private final int folds;
  private final Element compute;

  /** The small arrays, in the type of the tape. */
  private final Object[] sources;

  /** Copies of those that are in another type or in buffers, and the steps on the way there. */
  private final Object[] copies;

  private final Object[] raw;
  private final double[][] wide;

  /** The window of each unit and fold, and its first element. */
  private final double[][] windows;

  private final int[] begin;
  private final Fold[] kinds;

  SmallOperands(Loop loop, LoopUnits units) {
    this.loop = loop;
    this.small = loop.small();
    this.compute = loop.tape().compute();
    this.folds = small.folds().length;
    this.spreads = loop.sizes().length == 0 ? 0 : small.spreads().length / loop.sizes().length;
    this.sources = new Object[small.spreads().length];
    this.copies = new Object[sources.length];
    this.raw = new Object[sources.length];
    this.wide = new double[sources.length][];
    this.windows = new double[folds == 0 ? 0 : units.count() * folds][];
    this.begin = new int[windows.length];
    this.kinds = new Fold[folds];
    for (int unit = 0; folds > 0 && unit < units.count(); unit++) {
      Ranges ranges = loop.ranges();
      int first = units.first(unit);
      int last = units.first(unit + 1) - 1;
      int leaf = ranges.leaf()[first];
      for (int f = 0; f < folds; f++) {
        int end = ranges.from()[last] + ranges.length()[last];
        int[] window = folded(leaf, f).map().window(ranges.from()[first], end);
        windows[unit * folds + f] = new double[window[1] - window[0]];
        begin[unit * folds + f] = window[0];
      }
    }
  }

  private Loop.FoldRef folded(int leaf, int fold) {
    return small.folded()[leaf * folds + fold];
  }

  /** Loads numbers and small arrays from the frame, and clears the windows. */
  void fill(Frame frame, double[] scalars) {
    int first = loop.scalars().length;
    Loop.ArrayRef[] numbers = small.numbers();
    for (int i = 0; i < numbers.length; i++) {
      scalars[first + i] = frame.planes(numbers[i])[numbers[i].plane()].first();
    }
    for (int i = 0; i < sources.length; i++) {
      Loop.ArrayRef ref = small.spreads()[i].source();
      sources[i] = source(i, frame.planes(ref)[ref.plane()]);
    }
    for (int f = 0; f < folds; f++) {
      kinds[f] = frame.fold(small.folds()[f]);
    }
    for (int w = 0; w < windows.length; w++) {
      Arrays.fill(windows[w], kinds[w % folds].initial());
    }
  }

  /** Returns the numbers of a plane in an array of the tape's type. */
  private Object source(int i, Plane plane) {
    Object array = plane.array();
    if (compute == Element.F32 ? array instanceof float[] : array instanceof double[]) {
      return array;
    }
    if (copies[i] == null) {
      copies[i] = compute.allocate(plane.length());
      raw[i] = plane.element().allocate(plane.length());
      wide[i] = new double[plane.length()];
    }
    plane.element().copy(array, 0, raw[i], 0, plane.length());
    plane.element().load(raw[i], 0, wide[i], plane.length());
    compute.store(wide[i], copies[i], 0, wide[i].length);
    return copies[i];
  }

  /** Fills the staged arrays that the kernel reads for a range. */
  void spread(KernelArguments arguments, int range) {
    if (spreads == 0) {
      return;
    }
    Ranges ranges = loop.ranges();
    int first = ranges.first()[range];
    for (int p = 0; p < ranges.first()[range + 1] - first; p++) {
      int leaf = ranges.leaf()[first + p];
      for (int s = 0; s < spreads; s++) {
        int i = leaf * spreads + s;
        AxisSpread.fill(
            small.spreads()[i].map(),
            sources[i],
            ranges.from()[first + p],
            ranges.length()[first + p],
            arguments.temporaries[s],
            arguments.position[p]);
      }
    }
  }

  /** Returns what reduces values over axes, for one thread: one for each fold. */
  AxisFold[] newFolds() {
    AxisFold[] all = new AxisFold[folds];
    Arrays.setAll(all, f -> new AxisFold());
    return all;
  }

  /** Reduces what the kernel has stored for a range, which is one piece, over axes. */
  void fold(KernelArguments arguments, int range, int unit, AxisFold[] workers) {
    Ranges ranges = loop.ranges();
    for (int f = 0; f < folds; f++) {
      int window = unit * folds + f;
      workers[f].fold(
          kinds[f],
          folded(ranges.leaf()[range], f).map(),
          arguments.temporaries[spreads + small.foldArrays()[f]],
          arguments.position[0],
          ranges.from()[range],
          ranges.length()[range],
          windows[window],
          begin[window]);
    }
  }

  /** Ends a unit of work. */
  void endUnit(int unit, AxisFold[] workers) {
    for (int f = 0; f < folds; f++) {
      workers[f].flush(kinds[f], windows[unit * folds + f]);
    }
  }

  /** Joins the windows of all units, in order, with the results in the frame. */
  void combine(Frame frame, LoopUnits units) {
    for (int w = 0; w < windows.length; w++) {
      int leaf = loop.ranges().leaf()[units.first(w / folds)];
      int f = w % folds;
      double[] result = frame.sums(small.folds()[f])[folded(leaf, f).plane()];
      double[] window = windows[w];
      for (int i = 0; i < window.length; i++) {
        result[begin[w] + i] = kinds[f].join(result[begin[w] + i], window[i]);
      }
    }
  }
}
