package dev.glissade.bench;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.util.StringJoiner;

/**
 * The process of a {@link StartBenchmark}: prints the nanoseconds from the creation of a stepper to
 * the end of some of its steps.
 */
final class StartProbe {
  private StartProbe() {}

  /** Takes the name of a workload, the number of elements, and the steps after which to print. */
  public static void main(String[] arguments) {
    Workload workload =
        Workloads.optimizers().stream()
            .filter(candidate -> candidate.name().equals(arguments[0]))
            .findFirst()
            .orElseThrow();
    TreeShape form = TreeShape.vector(Integer.parseInt(arguments[1]));
    Tree params = RandomData.tree(form, 1, false);
    Tree[] gradients = {RandomData.tree(form, 2, false), RandomData.tree(form, 2, true)};
    StringJoiner times = new StringJoiner(" ");
    long start = System.nanoTime();
    Stepper<?> stepper = Stepper.borrowing(workload.optimizer(), params).threads(1);
    int taken = 0;
    for (int i = 2; i < arguments.length; i++) {
      while (taken < Integer.parseInt(arguments[i])) {
        stepper.step(gradients[taken++ & 1]);
      }
      times.add(Long.toString(System.nanoTime() - start));
    }
    System.out.println(times);
  }
}
