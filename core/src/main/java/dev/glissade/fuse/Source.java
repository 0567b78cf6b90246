package dev.glissade.fuse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The planes of one node or target that a loop uses. */
final class Source {
  private final Loop.ArrayRef first;
  private final int[] position;
  private final int[] plane;
  private Plane @Nullable [] last;

  private Source(Loop.ArrayRef[] refs, List<Integer> positions) {
    this.first = refs[positions.get(0)];
    this.position = positions.stream().mapToInt(Integer::intValue).toArray();
    this.plane = positions.stream().mapToInt(p -> refs[p].plane()).toArray();
  }

  /** All that a loop uses. */
  static Source[] of(Loop loop) {
    Map<Loop.ArrayRef, List<Integer>> positions = new LinkedHashMap<>();
    Loop.ArrayRef[] refs = loop.arrays();
    for (int i = 0; i < refs.length; i++) {
      positions.computeIfAbsent(refs[i].at(0), key -> new ArrayList<>()).add(i);
    }
    return positions.values().stream().map(list -> new Source(refs, list)).toArray(Source[]::new);
  }

  /** Takes the arrays; whether they are others than at the last step. */
  @SuppressWarnings("ReferenceEquality") // plane arrays are not changed once they are made
  boolean fill(Frame frame, Object[] arrays, Object[] given) {
    Plane[] planes = first.planes(frame);
    if (planes == last) {
      return false;
    }
    last = null;
    for (int i = 0; i < position.length; i++) {
      Plane of = planes[plane[i]];
      arrays[position[i]] = of.array();
      given[position[i]] = Vectors.given(of);
    }
    last = planes;
    return true;
  }
}
