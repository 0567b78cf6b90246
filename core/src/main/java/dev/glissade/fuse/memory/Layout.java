package dev.glissade.fuse.memory;

import java.lang.reflect.Array;
import java.nio.Buffer;
import java.util.Arrays;
import java.util.IdentityHashMap;

/** The size and the element type of each plane of a tree; compares by content. */
public final class Layout {
  private final int[] sizes;
  private final Element[] elements;
  private final int hash;

  public Layout(int[] sizes, Element[] elements) {
    this.sizes = sizes.clone();
    this.elements = elements.clone();
    this.hash = 31 * Arrays.hashCode(sizes) + Arrays.hashCode(elements);
  }

  public int planes() {
    return sizes.length;
  }

  public int size(int plane) {
    return sizes[plane];
  }

  public Element element(int plane) {
    return elements[plane];
  }

  /** Returns whether a plane stores fewer bits than its arithmetic has. */
  public boolean rounds() {
    return Arrays.stream(elements).anyMatch(element -> element != element.compute());
  }

  public long bytes() {
    long bytes = 0;
    for (int p = 0; p < sizes.length; p++) {
      bytes += (long) sizes[p] * elements[p].bytes();
    }
    return bytes;
  }

  public Plane[] allocate() {
    Plane[] planes = new Plane[sizes.length];
    for (int p = 0; p < planes.length; p++) {
      planes[p] = Plane.allocate(elements[p], sizes[p]);
    }
    return planes;
  }

  /** Returns whether other planes have these sizes, and some of them are slices of arrays. */
  public boolean isSliced(Plane[] like) {
    boolean sliced = false;
    if (like.length != sizes.length) {
      return false;
    }
    for (int p = 0; p < sizes.length; p++) {
      if (like[p].length() != sizes[p]) {
        return false;
      }
      sliced |= isSlice(like[p]);
    }
    return sliced;
  }

  private static boolean isSlice(Plane plane) {
    return plane.array() instanceof Buffer buffer && buffer.hasArray();
  }

  /** Returns new planes that lie at the same places as others: loops over both need one index. */
  public Plane[] allocateLike(Plane[] places) {
    IdentityHashMap<Object, Integer> rooms = new IdentityHashMap<>();
    for (Plane place : places) {
      rooms.merge(place.owner(), place.length(), Integer::sum);
    }
    IdentityHashMap<Object, Plane> commons = new IdentityHashMap<>();
    Plane[] planes = allocate();
    for (int p = 0; p < planes.length; p++) {
      Object owner = places[p].owner();
      int room = isSlice(places[p]) ? Array.getLength(owner) : 0;
      if (room > 0 && 2L * rooms.getOrDefault(owner, 0) >= room) {
        Element element = elements[p];
        Plane common = commons.computeIfAbsent(owner, key -> Plane.allocate(element, room));
        planes[p] =
            common.element() == element
                ? Plane.slice(element, common.array(), places[p].begin(), sizes[p])
                : planes[p];
      }
    }
    return planes;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Layout that
            && hash == that.hash
            && Arrays.equals(sizes, that.sizes)
            && Arrays.equals(elements, that.elements));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "Layout" + Arrays.toString(sizes) + Arrays.toString(elements);
  }
}
