package dev.glissade.fuse.run;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.kernel.Kernels;
import dev.glissade.fuse.plan.Program;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compiles graphs to programs, each structure once, and runs them. */
public final class Engine {
  /** How many threads work on a large pass where nothing else is said. */
  public static final int THREADS = Math.min(Runtime.getRuntime().availableProcessors(), 8);

  private static final int MOST_PROGRAMS = 512;

  private static final Map<List<Object>, Program> PROGRAMS =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<List<Object>, Program> eldest) {
              return size() > MOST_PROGRAMS;
            }
          });

  private static final Kernels KERNELS = new Kernels();

  private Engine() {}

  /** Binds the program for these targets to their data; runs nothing. */
  public static Execution prepare(List<Target> targets) {
    Graph graph = new Graph(targets);
    List<Object> structure = graph.structure();
    Program program = PROGRAMS.get(structure);
    if (program == null) {
      program = new Program(graph, KERNELS::kernel);
      PROGRAMS.put(structure, program);
    }
    return new Execution(graph, program);
  }

  /** Computes the targets from the data that their nodes hold. */
  public static Execution evaluate(List<Target> targets) {
    Execution execution = prepare(targets);
    execution.run();
    return execution;
  }
}
