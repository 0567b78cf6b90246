package dev.glissade.fuse.graph;

import java.util.Arrays;

/** Maps each plane of a result to a plane of an operand; moves no data. */
public final class Routing {
  private final int[] source;
  private final int[] plane;

  public Routing(int[] source, int[] plane) {
    this.source = source.clone();
    this.plane = plane.clone();
  }

  /** Returns the operand that a plane of the result comes from. */
  public int source(int plane) {
    return source[plane];
  }

  /** Returns the plane of that operand. */
  public int sourcePlane(int resultPlane) {
    return plane[resultPlane];
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Routing that
            && Arrays.equals(source, that.source)
            && Arrays.equals(plane, that.plane));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(source) + Arrays.hashCode(plane);
  }
}
