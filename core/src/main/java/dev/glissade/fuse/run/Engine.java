package dev.glissade.fuse.run;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.kernel.Kernels;
import dev.glissade.fuse.plan.Program;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compiles graphs to programs, once for each structure, and runs them. */
public final class Engine {
  /** The default number of threads of a large pass. */
  public static final int THREADS = Math.min(Runtime.getRuntime().availableProcessors(), 8);

  private static final int MAX_PROGRAMS = 512;

  private static final Map<List<Object>, Program> PROGRAMS =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<List<Object>, Program> eldest) {
              return size() > MAX_PROGRAMS;
            }
          });

  private static final Kernels KERNELS = new Kernels();

  private Engine() {}

  /** Binds the program of some targets to their data, without running it. */
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
