package dev.glissade.fuse;

/**
 * Host work, then one pass over memory.
 *
 * @param temporaries nodes that the pass stores in planes of the frame's own
 * @param reduced nodes that the pass sums into, to be cleared first
 * @param overwrites whether the pass stores over inputs
 */
record Stage(HostStep[] host, int[] temporaries, int[] reduced, Loop[] loops, boolean overwrites) {

  /** Finds all that the pass needs, before it or an earlier one stores over inputs. */
  void reserve(Frame frame, Graph graph) {
    makeTemporaries(frame, graph);
    if (loops.length > 0) {
      frame.sweep(this).reserve(frame);
    }
  }

  private void makeTemporaries(Frame frame, Graph graph) {
    for (int id : temporaries) {
      if (frame.planes[id] == null) {
        frame.planes[id] = graph.nodes.get(id).layout().allocate();
      }
    }
  }

  void host(Frame frame) {
    for (HostStep step : host) {
      step.run(frame);
    }
  }

  void pass(Frame frame, Graph graph) {
    makeTemporaries(frame, graph);
    for (int id : reduced) {
      frame.values[id] = 0;
    }
    if (loops.length > 0) {
      frame.sweep(this).run(frame, overwrites);
    }
    for (int id : reduced) {
      frame.values[id] = graph.nodes.get(id).reduction().result(frame.values[id]);
    }
  }
}
