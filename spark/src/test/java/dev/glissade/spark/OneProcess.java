package dev.glissade.spark;

import dev.glissade.Applied;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.Tree;
import java.time.Duration;
import java.util.List;

/**
 * The same training without Spark: the partitions one after another, added up as trees, and the
 * optimizer as a function.
 */
final class OneProcess {
  private OneProcess() {}

  /** What a training ends with. */
  record End(Tree params, Object state, double[] losses) {}

  static <T, S> End train(
      List<List<T>> partitions,
      SerializableSupplier<ShardGradient<T>> gradient,
      GradientTransformation<S> optimizer,
      Tree params,
      int steps,
      int batch,
      long seed)
      throws Exception {
    TrainingPlan<T> plan =
        new TrainingPlan<>(
            "one",
            gradient,
            () -> optimizer,
            steps,
            batch,
            seed,
            partitions.size(),
            NonFinite.Action.ERROR,
            0,
            Duration.ofSeconds(1));
    Applied<S> now = new Applied<>(params, optimizer.init(params));
    double[] losses = new double[steps];
    for (int step = 1; step <= steps; step++) {
      Tree gradients = null;
      double loss = 0;
      double weight = 0;
      for (int rank = 0; rank < partitions.size(); rank++) {
        GradientSum sum = new GradientSum(params.structure(), 1);
        @SuppressWarnings("unchecked")
        T[] shards = (T[]) partitions.get(rank).toArray();
        new ShardLoop<>(plan, rank).add(now.params(), shards, step, sum);
        Tree own = sum.gradients().copy();
        gradients = gradients == null ? own : gradients.plus(own).evaluate();
        loss += sum.loss();
        weight += sum.weight();
      }
      losses[step - 1] = loss / weight;
      now =
          optimizer.apply(
              gradients.times(1 / weight).evaluate(),
              now.state(),
              now.params(),
              Extras.NONE.withValue(losses[step - 1]));
    }
    return new End(now.params(), now.state(), losses);
  }
}
