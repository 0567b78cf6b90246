package dev.glissade.spark;

import dev.glissade.Structure;
import dev.glissade.Tree;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A task of one step: returns the sum of its partition's gradients in frames.
 *
 * @param <T> the shards
 * @param plan what all tasks know
 * @param params the form of the parameters
 * @param numbers the parameters in frames
 * @param step the number of the step
 */
record AggregateTask<T>(
    TrainingPlan<T> plan, TreeForm params, Broadcast<byte[][]> numbers, long step)
    implements Serializable {
  /** The memory of a task. */
  private record Worker<T>(ShardLoop<T> loop, GradientSum sum, Tree params, Frames frames) {}

  byte[][] run(TaskContext context, scala.collection.Iterator<T> shards) throws Exception {
    int rank = context.partitionId();
    Worker<T> worker = worker(rank);
    worker.frames().set(numbers.value());
    worker.loop().add(worker.params(), BarrierTask.array(shards), step, worker.sum());
    byte[][] result = worker.sum().frames().toBytes();
    IdleWorkers.put(plan.id(), rank, worker);
    return result;
  }

  @SuppressWarnings("unchecked") // the key has the training's identity
  private Worker<T> worker(int rank) {
    if (IdleWorkers.take(plan.id(), rank) instanceof Worker<?> idle) {
      return (Worker<T>) idle;
    }
    Structure structure = params.structure();
    Tree own = ArrayTrees.zeros(structure);
    return new Worker<>(
        new ShardLoop<>(plan, rank),
        new GradientSum(structure, plan.ranks()),
        own,
        new Frames(ArrayTrees.arrays(own)));
  }
}
