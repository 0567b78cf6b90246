package dev.glissade.arena.train;

import dev.glissade.Tree;
import dev.glissade.arena.data.Dataset;
import dev.glissade.models.Batch;
import dev.glissade.models.ValueAndGradient;

/**
 * Computes the gradients of one minibatch after another, always in the same arrays; the returned
 * trees are views of them.
 */
final class Minibatch {
  private final Network network;
  private final Dataset data;
  private final boolean perExample;
  private Batch batch;
  private Tree gradients = Tree.empty();

  Minibatch(Network network, Dataset data, boolean perExample) {
    this.network = network;
    this.data = data;
    this.perExample = perExample;
    this.batch = network.batch(data, new int[0], 0, 0);
  }

  /** Selects examples order[from], ..., order[to - 1]. */
  void move(int[] order, int from, int to) {
    batch = network.batch(data, order, from, to);
  }

  /** Computes the gradients at the parameters; returns the mean loss, 0 without examples. */
  double compute(Tree params) {
    ValueAndGradient computed =
        perExample
            ? network.objective().perExampleGradients(params, batch)
            : network.objective().gradient(params, batch);
    gradients = computed.gradient();
    return computed.value();
  }

  /** Returns the gradients computed last. */
  Tree gradients() {
    return gradients;
  }
}
