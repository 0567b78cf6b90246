package dev.glissade.fuse.graph;

import java.util.Arrays;

/** Which plane of which operand each plane of a result is; moves nothing. */
public final class Routing {
  private final int[] source;
  private final int[] plane;

  public Routing(int[] source, int[] plane) {
    this.source = source.clone();
    this.plane = plane.clone();
  }

  /** Returns which operand a plane of the result is of. */
  public int source(int plane) {
    return source[plane];
  }

  /** Returns which plane of that operand it is. */
  public int sourcePlane(int ofResult) {
    return plane[ofResult];
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
