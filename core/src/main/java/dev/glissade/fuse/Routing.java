package dev.glissade.fuse;

import java.util.Arrays;

/** Which plane of which operand each plane of a result is; moves nothing. */
public final class Routing {
  final int[] source;
  final int[] plane;

  public Routing(int[] source, int[] plane) {
    this.source = source.clone();
    this.plane = plane.clone();
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
