package dev.glissade.spark;

import dev.glissade.Tree;
import java.util.SplittableRandom;

/**
 * Adds up the gradients of one partition's shards: all of them, in order, or a batch. For batches
 * it shuffles the shards for each pass. The order depends on seed, pass and rank only, so that a
 * task may begin at any step.
 *
 * @param <T> the shards
 */
final class ShardLoop<T> {
  private final TrainingPlan<T> plan;
  private final int rank;
  private final ShardGradient<? super T> gradient;

  /** The pass whose order is known. */
  private long pass = -1;

  private int[] order = {};

  ShardLoop(TrainingPlan<T> plan, int rank) {
    this.plan = plan;
    this.rank = rank;
    this.gradient = plan.gradient().get();
  }

  /** Replaces a sum by that of a step. */
  void add(Tree params, T[] shards, long step, GradientSum sum) throws Exception {
    sum.clear();
    boolean all = plan.batch() == 0 || plan.batch() >= shards.length;
    int count = all ? shards.length : plan.batch();
    for (int i = 0; i < count; i++) {
      int shard = all ? i : drawn((step - 1) * count + i, shards.length);
      ShardStep at = new ShardStep(step, rank, plan.ranks(), i, plan.seed());
      gradient.add(params, shards[shard], at, sum);
    }
    sum.complete();
  }

  /** Returns the shard at a position in the sequence of all passes. */
  private int drawn(long position, int count) {
    long wanted = position / count;
    if (wanted != pass) {
      order = order(wanted, count);
      pass = wanted;
    }
    return order[(int) (position % count)];
  }

  /** Returns 0 to n - 1, shuffled by the algorithm of Fisher and Yates. */
  private int[] order(long wanted, int count) {
    SplittableRandom random =
        new SplittableRandom(ShardStep.mixed(plan.seed(), wanted, rank, count));
    int[] shuffled = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      shuffled[i] = shuffled[j];
      shuffled[j] = i;
    }
    return shuffled;
  }
}
