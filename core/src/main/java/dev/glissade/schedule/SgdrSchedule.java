package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.List;

/**
 * Repeats cosine decay with warm restarts (Loshchilov and Hutter, "SGDR: Stochastic Gradient
 * Descent with Warm Restarts", 2017, arXiv 1608.03983): one warm-up and decay after another, each
 * for its own {@code decaySteps} steps. The last cycle never ends, so its final value stays.
 *
 * <p>Values are those of Optax. Arguments are checked when the schedule is made.
 *
 * @param cosineKwargs the cycles in order, at least one; each counts from its own start
 */
@Withers
public record SgdrSchedule(List<WarmupCosineDecaySchedule> cosineKwargs)
    implements Schedule, SgdrScheduleWithers {
  /**
   * Copies the list and checks that it is not empty.
   *
   * @param cosineKwargs not empty
   * @throws IllegalArgumentException if there is no cycle
   */
  public SgdrSchedule {
    cosineKwargs = List.copyOf(cosineKwargs);
    Check.that(!cosineKwargs.isEmpty(), "cosineKwargs must not be empty", cosineKwargs);
  }

  @Override
  public double at(double count) {
    int cycle = 0;
    double start = 0;
    double end = 0;
    for (int i = 1; i < cosineKwargs.size(); i++) {
      end += cosineKwargs.get(i - 1).decaySteps();
      if (count >= end) {
        cycle = i;
        start = end;
      }
    }
    double value = cosineKwargs.get(cycle).at(count - start);
    return Single.isSingle(this) ? (float) value : value; // as in Optax
  }
}
