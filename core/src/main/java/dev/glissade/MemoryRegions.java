package dev.glissade;

import dev.glissade.fuse.memory.Plane;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory that planes occupy: arrays, slices of arrays, and other buffers. Slices of one array
 * are compared; two other buffers count as separate, since overlap of direct memory is not
 * detected.
 */
final class MemoryRegions {
  /** The range of an array's elements that a plane occupies. */
  private record Part(String path, int from, int to) {}

  /**
   * The ranges in one array, sorted by their start.
   *
   * @param from the start of each range
   * @param to the largest end of the ranges up to each
   */
  private record Parts(int[] from, int[] to) {}

  private final IdentityHashMap<Object, Parts> arrays = new IdentityHashMap<>();
  private @Nullable String overlap;

  private MemoryRegions(IdentityHashMap<Object, List<Part>> parts) {
    parts.forEach((array, list) -> arrays.put(array, sorted(list)));
  }

  private Parts sorted(List<Part> parts) {
    parts.sort(Comparator.comparingInt(Part::from));
    int[] from = new int[parts.size()];
    int[] to = new int[from.length];
    for (int i = 0; i < from.length; i++) {
      Part part = parts.get(i);
      from[i] = part.from();
      to[i] = part.to();
      if (i > 0) {
        if (from[i] < to[i - 1] && overlap == null) {
          overlap = "\"%s\" and \"%s\"".formatted(parts.get(i - 1).path(), part.path());
        }
        to[i] = Math.max(to[i], to[i - 1]);
      }
    }
    return new Parts(from, to);
  }

  static MemoryRegions of(Tree tree) {
    IdentityHashMap<Object, List<Part>> parts = new IdentityHashMap<>();
    tree.toMap()
        .forEach((path, tensor) -> {
          for (Plane plane : tensor.planes()) {
            add(parts, path, plane);
          }
        });
    return new MemoryRegions(parts);
  }

  static MemoryRegions of(Plane[] planes) {
    IdentityHashMap<Object, List<Part>> parts = new IdentityHashMap<>();
    for (Plane plane : planes) {
      add(parts, "", plane);
    }
    return new MemoryRegions(parts);
  }

  private static void add(IdentityHashMap<Object, List<Part>> parts, String path, Plane plane) {
    if (plane.length() > 0) {
      Part part = new Part(path, plane.begin(), plane.begin() + plane.length());
      parts.computeIfAbsent(plane.owner(), key -> new ArrayList<>()).add(part);
    }
  }

  /** Returns whether no element is in two planes. */
  boolean areApart() {
    return overlap == null;
  }

  /**
   * Returns this, if no two leaves share elements.
   *
   * @param name the tree's name, for the message
   * @throws IllegalArgumentException if two leaves do
   */
  MemoryRegions apart(String name) {
    if (overlap != null) {
      throw new IllegalArgumentException(
          name + " must not have two leaves on the same elements of an array, but had " + overlap);
    }
    return this;
  }

  /** Returns whether a plane shares elements with these regions. */
  boolean hold(Plane plane) {
    Parts parts = arrays.get(plane.owner());
    if (parts == null || plane.length() == 0) {
      return false;
    }
    int low = 0;
    int high = parts.from.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (parts.from[middle] < plane.begin() + plane.length()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && parts.to[low - 1] > plane.begin();
  }

  /** Returns whether a plane of a tree shares elements with these regions. */
  boolean holdAny(Tree tree) {
    for (Plane plane : tree.node().planes()) {
      if (hold(plane)) {
        return true;
      }
    }
    return false;
  }
}
