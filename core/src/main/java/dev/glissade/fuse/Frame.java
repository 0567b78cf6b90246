package dev.glissade.fuse;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The data of one run of a program: what each node holds, and room to work in. */
final class Frame {
  final Plane[] @Nullable [] planes;
  final double[] values;
  final long[] keys;
  final @Nullable Object[] functions;
  final Plane[] @Nullable [] results;
  private final IdentityHashMap<Loop, Loop.Arguments> arguments = new IdentityHashMap<>();

  Frame(int nodes, int targets) {
    this.planes = new Plane[nodes][];
    this.values = new double[nodes];
    this.keys = new long[nodes];
    this.functions = new Object[nodes];
    this.results = new Plane[targets][];
  }

  Plane[] planes(int node) {
    Plane[] held = planes[node];
    if (held == null) {
      throw new IllegalStateException("node " + node + " is not computed yet");
    }
    return held;
  }

  /** The loop's arguments, made at its first run. */
  Loop.Arguments arguments(Loop loop) {
    Loop.Arguments known = arguments.get(loop);
    if (known == null) {
      known = new Loop.Arguments(loop);
      arguments.put(loop, known);
    }
    return known;
  }
}
