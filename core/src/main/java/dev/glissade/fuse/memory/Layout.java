package dev.glissade.fuse.memory;

import java.util.Arrays;

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
