package dev.glissade.spark;

import dev.glissade.Tree;
import dev.glissade.privacy.ClippedSum;
import dev.glissade.privacy.PoissonSampler;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * A task of one private step: draws its partition's part of the batch and returns the exact sum of
 * the clipped gradients. Another attempt draws the same examples, since the step's secret and the
 * number of the partition determine them.
 *
 * @param <T> the examples
 * @param id the training's identity
 * @param gradient makes what computes gradients, once on each executor and partition
 * @param form the form of the parameters
 * @param params the parameters in frames
 * @param terms how gradients are clipped and rounded in this step
 * @param samplingRate the probability of each example to be in the batch
 * @param secret determines the batch of this step
 */
record PrivateTask<T>(
    String id,
    SerializableSupplier<? extends PointGradient<? super T>> gradient,
    TreeForm form,
    Broadcast<byte[][]> params,
    ClippedSum.Terms terms,
    double samplingRate,
    byte[] secret)
    implements Serializable {

  /** The memory of a task. */
  private record Worker<T>(
      PointGradient<? super T> gradient, Tree params, Frames frames, ClippedSum sum) {}

  byte[] run(int partition, scala.collection.Iterator<T> in) throws Exception {
    Worker<T> worker = worker(partition);
    worker.frames().set(params.value());
    worker.sum().begin(terms);
    T[] examples = BarrierTask.array(in);
    for (int i : PoissonSampler.of(examples.length, samplingRate, secret, partition).next()) {
      add(worker.gradient().at(worker.params(), examples[i]), worker.sum());
    }
    byte[] bytes = worker.sum().toBytes();
    IdleWorkers.put(id, partition, worker);
    return bytes;
  }

  private static void add(Tree gradient, ClippedSum sum) {
    try {
      sum.add(gradient);
    } catch (IllegalArgumentException e) {
      throw new WrongGradientException(e.getMessage());
    }
  }

  @SuppressWarnings("unchecked") // the key has the training's identity
  private Worker<T> worker(int partition) {
    if (IdleWorkers.take(id, partition) instanceof Worker<?> idle) {
      return (Worker<T>) idle;
    }
    Tree own = ArrayTrees.zeros(form.structure());
    ClippedSum sum = new ClippedSum(own, terms).threads(1);
    return new Worker<>(gradient.get(), own, new Frames(ArrayTrees.arrays(own)), sum);
  }
}
