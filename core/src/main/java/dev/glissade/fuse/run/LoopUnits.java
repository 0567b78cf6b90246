package dev.glissade.fuse.run;

import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.tape.Ranges;
import java.util.ArrayList;
import java.util.List;

/**
 * The units of work of a loop: ranges, or, if the loop reduces over axes, up to 16 consecutive
 * ranges of a leaf, since each unit has a partial result of its own.
 */
final class LoopUnits {
  private static final int RANGES = 4;

  private final int[] first;

  LoopUnits(Loop loop) {
    Ranges ranges = loop.ranges();
    int most = loop.small().folds().length > 0 ? RANGES : 1;
    List<Integer> begins = new ArrayList<>();
    for (int range = 0; range < ranges.count(); range++) {
      int last = begins.isEmpty() ? 0 : begins.get(begins.size() - 1);
      boolean joins =
          range > 0
              && range - last < most
              && ranges.leaf()[ranges.first()[last]] == ranges.leaf()[ranges.first()[range]];
      if (!joins) {
        begins.add(range);
      }
    }
    begins.add(ranges.count());
    this.first = begins.stream().mapToInt(Integer::intValue).toArray();
  }

  int count() {
    return first.length - 1;
  }

  /** Returns the first range of a unit; that of the unit after the last is the number of ranges. */
  int first(int unit) {
    return first[unit];
  }
}
