package dev.glissade.fuse;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The data of one run of a program: what each node holds, and room to work in. */
final class Frame {
  final Plane[] @Nullable [] planes;

  /** How many threads may work on a large pass. */
  int threads = Engine.THREADS;

  /** Whether inputs are being stored over: behind this, an exception leaves them half done. */
  boolean storing;

  final double[] values;
  final long[] keys;
  final @Nullable Object[] functions;
  final Plane[] @Nullable [] results;
  private final External.@Nullable Room[] rooms;
  private final IdentityHashMap<Stage, Sweep> sweeps = new IdentityHashMap<>();

  Frame(int nodes, int targets) {
    this.planes = new Plane[nodes][];
    this.values = new double[nodes];
    this.keys = new long[nodes];
    this.functions = new Object[nodes];
    this.results = new Plane[targets][];
    this.rooms = new External.Room[nodes];
  }

  Plane[] planes(int node) {
    Plane[] held = planes[node];
    if (held == null) {
      throw new IllegalStateException("node " + node + " is not computed yet");
    }
    return held;
  }

  /** What the function of an external node keeps. */
  External.Room room(int node, int inputs) {
    External.Room known = rooms[node];
    if (known == null) {
      known = new External.Room(inputs);
      rooms[node] = known;
    }
    return known;
  }

  /** What runs the stage's loops, made at its first run. */
  Sweep sweep(Stage stage) {
    Sweep known = sweeps.get(stage);
    if (known == null) {
      known = new Sweep(stage.loops());
      sweeps.put(stage, known);
    }
    return known;
  }
}
