package dev.glissade;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.records.Records;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.util.IdentityHashMap;

/** Copies trees so that leaves lie one after another in common arrays. */
final class Packing {
  /** Longer leaves have their own arrays: they are few, and each fills many pages. */
  private static final int LONGEST = 32_768;

  /** The largest number of elements in a common array. */
  private static final int COMMON = 1 << 20;

  private Packing() {}

  /** Returns a copy with the small leaves in common arrays. */
  static Tree packed(Tree tree) {
    Plane[] planes = tree.node().planes();
    Plane[] packed = new Plane[planes.length];
    for (int p = 0; p < planes.length; ) {
      int end = groupEnd(planes, p);
      Element element = planes[p].element();
      if (end == p + 1) {
        packed[p] = planes[p].copy().borrow();
      } else {
        int length = 0;
        for (int q = p; q < end; q++) {
          length += planes[q].length();
        }
        Object common = element.allocate(length);
        int from = 0;
        for (int q = p; q < end; q++) {
          packed[q] = Plane.slice(element, common, from, planes[q].length()).borrow();
          planes[q].copyTo(packed[q]);
          from += planes[q].length();
        }
      }
      p = end;
    }
    return Tree.ofPlanes(tree.structure(), packed);
  }

  /** Returns the end of the run of planes that share an array with the first. */
  private static int groupEnd(Plane[] planes, int first) {
    int end = first;
    int room = COMMON;
    while (end < planes.length
        && planes[end].element() == planes[first].element()
        && planes[end].length() <= Math.min(LONGEST, room)) {
      room -= planes[end++].length();
    }
    return Math.max(end, first + 1);
  }

  /**
   * Returns a copy whose leaves lie at the same places as those of {@code like}, if those are
   * slices of common arrays and the trees have the same sizes: loops over both then need only one
   * index.
   */
  static Tree copy(Tree tree, Tree like) {
    if (!tree.isEvaluated()) {
      return copy(tree.evaluate(), like);
    }
    Plane[] planes = tree.node().planes();
    Plane[] places = like.node().planes();
    if (!isAlike(planes, places) || !isFull(places) || !MemoryRegions.of(places).areApart()) {
      return tree.copy();
    }
    IdentityHashMap<Object, Plane> commons = new IdentityHashMap<>();
    Plane[] copies = new Plane[planes.length];
    for (int p = 0; p < planes.length; p++) {
      copies[p] = place(planes[p], places[p], commons);
      planes[p].copyTo(copies[p]);
    }
    return Tree.ofPlanes(tree.structure(), copies);
  }

  private static boolean isAlike(Plane[] planes, Plane[] places) {
    boolean alike = planes.length == places.length;
    for (int p = 0; alike && p < planes.length; p++) {
      alike = planes[p].length() == places[p].length();
    }
    return alike;
  }

  /** Returns whether the planes fill at least half of the arrays that they are slices of. */
  private static boolean isFull(Plane[] places) {
    IdentityHashMap<Object, Boolean> commons = new IdentityHashMap<>();
    long room = 0;
    long used = 0;
    for (Plane place : places) {
      if (place.array() instanceof Buffer buffer && buffer.hasArray()) {
        used += place.length();
        if (commons.put(buffer.array(), true) == null) {
          room += Array.getLength(buffer.array());
        }
      }
    }
    return 2 * used >= room;
  }

  /** Returns a copy of a state whose trees are {@linkplain #copy placed} as the parameters are. */
  static <S> S copyState(S state, Tree params) {
    return Records.map(state, leaf -> leaf instanceof Tree tree ? copy(tree, params) : leaf);
  }

  private static Plane place(Plane plane, Plane like, IdentityHashMap<Object, Plane> commons) {
    Element element = plane.element();
    if (!(like.array() instanceof Buffer buffer) || !buffer.hasArray()) {
      return Plane.allocate(element, plane.length());
    }
    int length = Array.getLength(buffer.array());
    Plane common = commons.computeIfAbsent(buffer.array(), key -> Plane.allocate(element, length));
    return common.element() == element
        ? Plane.slice(element, common.array(), buffer.arrayOffset(), plane.length())
        : Plane.allocate(element, plane.length());
  }
}
