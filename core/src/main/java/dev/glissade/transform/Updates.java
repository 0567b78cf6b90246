package dev.glissade.transform;

import dev.glissade.Tree;
import dev.glissade.records.Check;

/**
 * Moves the parameters of one model towards those of another, as for target networks. Both methods
 * return evaluated trees, and change no argument.
 */
public final class Updates {
  private Updates() {}

  /**
   * Returns {@code stepSize fresh + (1 - stepSize) old}: an exponential moving average, if it is
   * called after each step with what it returned before. {@code Transforms.paramsEma} keeps one
   * inside an optimizer.
   *
   * @param fresh the new parameters
   * @param old the average so far, or the parameters of the target
   * @param stepSize how far to move, in [0, 1]: 0 returns old, 1 returns fresh
   * @return the average, in the types of old
   * @throws IllegalArgumentException if stepSize is not in [0, 1], or the paths, shapes or computed
   *     types differ
   */
  public static Tree incrementalUpdate(Tree fresh, Tree old, double stepSize) {
    Check.that(stepSize >= 0 && stepSize <= 1, "stepSize must be in [0, 1]", stepSize);
    Tree moved = stepSize == 0 ? old : Moments.mean(old, 1 - stepSize, fresh).as(old.structure());
    return moved.copy();
  }

  /**
   * Returns a copy of {@code fresh} if the number of steps is a multiple of the period, else of
   * {@code old}.
   *
   * @param fresh the new parameters
   * @param old the parameters of the target
   * @param steps the number of steps taken
   * @param updatePeriod the number of steps from one update to the next, at least 1
   * @return the parameters of the target, in the types of old
   * @throws IllegalArgumentException if updatePeriod is less than 1, or the paths or shapes differ
   */
  public static Tree periodicUpdate(Tree fresh, Tree old, long steps, long updatePeriod) {
    Check.that(updatePeriod >= 1, "updatePeriod must be at least 1", updatePeriod);
    Tree stored = fresh.as(old.structure());
    return (steps % updatePeriod == 0 ? stored : old).copy();
  }
}
