package dev.glissade.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Benchmarks one step in place with JMH and its profilers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullUnmarked
public class StepBenchmark {
  @Param({"sgd", "adamw", "clip+adamw", "cocob", "dadapt_adamw", "prodigy", "mechanize(adamw)"})
  public String optimizer;

  @Param({"1000", "100000", "10000000"})
  public int size;

  @Param("1")
  public int threads;

  private Steps steps;

  /** Allocates params, state and gradients. */
  @Setup(Level.Trial)
  public void prepare() {
    Workload workload =
        Workloads.optimizers().stream()
            .filter(candidate -> candidate.name().equals(optimizer))
            .findFirst()
            .orElseThrow();
    steps = new Steps(workload, TreeShape.vector(size), threads, false);
  }

  /** Takes one step. */
  @Benchmark
  public void step() {
    steps.run(1);
  }
}
