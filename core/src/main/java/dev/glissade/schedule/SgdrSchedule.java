package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.List;

/**
 * Cosine decay with warm restarts (Loshchilov and Hutter, "SGDR", 2017): one warm-up and decay
 * after the other, each for its {@code decaySteps} steps, the last one without an end.
 *
 * @param cosineKwargs the cycles, at least one
 */
@Withers
public record SgdrSchedule(List<WarmupCosineDecaySchedule> cosineKwargs)
    implements Schedule, SgdrScheduleWithers {
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
    return Single.isSingle(this) ? (float) value : value; // as the original's
  }
}
