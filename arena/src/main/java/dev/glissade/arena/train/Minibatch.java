package dev.glissade.arena.train;

import dev.glissade.LossFunction;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.arena.data.Dataset;
import dev.glissade.models.Batch;
import dev.glissade.models.ValueAndGradient;

/**
 * Computes losses and gradients of one minibatch after another, always in the same arrays; the
 * returned trees are views of them. As a loss function, it is the mean loss of the current
 * minibatch.
 */
final class Minibatch implements LossFunction {
  private final Network network;
  private final Dataset data;
  private final boolean perExample;
  private Batch batch;
  private Tree gradients = Tree.empty();
  private long evaluations;

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

  /** Selects all examples, once and for all, in arrays of their own. */
  void moveToAll() {
    batch = network.all(data);
  }

  /** Computes the gradients at the parameters; returns the mean loss, 0 without examples. */
  double compute(Tree params) {
    evaluations++;
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

  /** Returns how often a loss was computed, with or without its gradients. */
  long evaluations() {
    return evaluations;
  }

  void resume(long earlier) {
    evaluations = earlier;
  }

  @Override
  public ValueAndGradients valueAndGradients(Tree params, int i) {
    evaluations++;
    ValueAndGradient computed = network.objective().gradient(params.evaluate(), batch);
    return new ValueAndGradients(computed.value(), computed.gradient());
  }

  @Override
  public double value(Tree params, int i) {
    evaluations++;
    return network.objective().value(params.evaluate(), batch);
  }
}
