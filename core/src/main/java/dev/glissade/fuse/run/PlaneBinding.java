package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.plan.Loop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Binds a loop to the planes of one node or target. */
final class PlaneBinding {
  private final Loop.ArrayRef first;
  private final int[] position;
  private final int[] plane;
  private Plane @Nullable [] last;

  private PlaneBinding(Loop.ArrayRef[] refs, List<Integer> positions) {
    this.first = refs[positions.get(0)];
    this.position = positions.stream().mapToInt(Integer::intValue).toArray();
    this.plane = positions.stream().mapToInt(p -> refs[p].plane()).toArray();
  }

  /** Returns the bindings of all arrays of a loop. */
  static PlaneBinding[] of(Loop loop) {
    Map<Loop.ArrayRef, List<Integer>> positions = new LinkedHashMap<>();
    Loop.ArrayRef[] refs = loop.arrays();
    for (int i = 0; i < refs.length; i++) {
      positions.computeIfAbsent(refs[i].at(0), key -> new ArrayList<>()).add(i);
    }
    return positions.values().stream()
        .map(list -> new PlaneBinding(refs, list))
        .toArray(PlaneBinding[]::new);
  }

  /**
   * Loads the arrays from the frame; returns whether they changed since the last call.
   *
   * @param arrays receives arrays and buffers
   * @param direct receives the operands of a kernel that accesses off-heap memory
   */
  @SuppressWarnings("ReferenceEquality") // nobody changes an array of planes
  boolean fill(Frame frame, Object[] arrays, Object[] direct) {
    Plane[] planes = frame.planes(first);
    if (planes == last) {
      return false;
    }
    last = null;
    for (int i = 0; i < position.length; i++) {
      Plane bound = planes[plane[i]];
      arrays[position[i]] = bound.array();
      direct[position[i]] = VectorApi.operand(bound);
    }
    last = planes;
    return true;
  }
}
