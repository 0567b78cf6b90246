package dev.glissade.spark;

import dev.glissade.Tree;

/**
 * Computes the gradients of a shard: an element of the RDD, such as a block of rows. One task uses
 * an instance at a time, so it may keep workspaces.
 *
 * <pre>{@code
 * () -> {
 *   Objective objective = Objective.of(Mlp.of(64, 32, 10), Losses.softmaxCrossEntropy());
 *   return (params, shard, at, sum) -> {
 *     Batch batch = shard.toBatch();
 *     ValueAndGradient result = objective.gradient(params, batch);
 *     sum.addMean(result.value(), result.gradient(), batch.size());
 *   };
 * }
 * }</pre>
 *
 * @param <T> the shards
 */
@FunctionalInterface
public interface ShardGradient<T> {

  /**
   * Adds a shard's losses and gradients to a sum. The same arguments must give the same bits.
   *
   * @param params the parameters, not to be changed
   * @param shard the shard
   * @param at the step, the partition, and what is random there
   * @param sum takes the losses and gradients
   * @throws Exception if the gradients can't be computed; the training then starts again from the
   *     newest checkpoint, as often as {@link SparkTraining#retries} says
   */
  void add(Tree params, T shard, ShardStep at, GradientSum sum) throws Exception;
}
