package dev.glissade.spark;

import dev.glissade.Structure;
import dev.glissade.Tree;
import java.io.Serializable;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

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
  /**
   * What tasks of the next steps use again on this executor, as long as there is memory. A task
   * takes it out, since another attempt of the same task may still run.
   */
  private static final Map<String, SoftReference<Worker<?>>> IDLE = new ConcurrentHashMap<>();

  private static final int MOST_IDLE = 256;

  /** The memory of a task. */
  private record Worker<T>(ShardLoop<T> loop, GradientSum sum, Tree params, Frames frames) {}

  byte[][] run(TaskContext context, scala.collection.Iterator<T> shards) throws Exception {
    int rank = context.partitionId();
    String key = key(plan.id()) + rank;
    Worker<T> worker = taken(key, rank);
    worker.frames().set(numbers.value());
    worker.loop().add(worker.params(), BarrierTask.array(shards), step, worker.sum());
    byte[][] result = worker.sum().frames().toBytes();
    if (IDLE.size() >= MOST_IDLE) {
      IDLE.clear();
    }
    IDLE.put(key, new SoftReference<>(worker));
    return result;
  }

  @SuppressWarnings("unchecked") // the key has the training's identity
  private Worker<T> taken(String key, int rank) {
    SoftReference<Worker<?>> idle = IDLE.remove(key);
    @Nullable Worker<?> worker = idle == null ? null : idle.get();
    if (worker != null) {
      return (Worker<T>) worker;
    }
    Structure structure = params.structure();
    Tree own = ArrayTrees.zeros(structure);
    return new Worker<>(
        new ShardLoop<>(plan, rank),
        new GradientSum(structure),
        own,
        new Frames(ArrayTrees.arrays(own)));
  }

  private static String key(String id) {
    return id + " rank ";
  }

  /** Forgets a training in this process. */
  static void forget(String id) {
    IDLE.keySet().removeIf(key -> key.startsWith(key(id)));
  }
}
