package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.records.Check;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * Cuts examples into minibatches, in another order in each epoch. The sizes of an epoch's batches
 * differ by at most one example, so that no small last batch adds noise.
 *
 * @param all the examples
 * @param size the largest number of examples in a batch
 * @param seed determines the orders
 */
public record Minibatches(Batch all, int size, long seed) {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public Minibatches {
    Check.positive("size", size);
  }

  /**
   * Returns minibatches with seed 0.
   *
   * @param inputs float32 or float64 numbers of shape [examples, features], which are not copied
   * @param targets a target for each example
   * @param size the largest number of examples in a batch
   * @return the minibatches
   * @throws IllegalArgumentException if inputs have another shape or type, targets another number
   *     of examples, or the size is not positive
   */
  public static Minibatches of(Tensor inputs, Targets targets, int size) {
    return new Minibatches(new Batch(inputs, targets), size, 0);
  }

  /**
   * {@return these minibatches in other orders}
   *
   * @param seed determines the orders
   */
  public Minibatches withSeed(long seed) {
    return new Minibatches(all, size, seed);
  }

  /** {@return the number of batches in an epoch} */
  public int batches() {
    return (int) ((all.size() + (long) size - 1) / size);
  }

  /**
   * Returns the batches of an epoch, drawn without replacement, in arrays of their own.
   *
   * @param epoch the number of the epoch, from 0
   * @return each example once
   */
  public Iterable<Batch> epoch(int epoch) {
    return () -> new Batches(order(epoch));
  }

  /** Returns 0 to n - 1, shuffled by the algorithm of Fisher and Yates. */
  private int[] order(int epoch) {
    SplittableRandom random = new SplittableRandom(seed ^ (0x9E3779B97F4A7C15L * (epoch + 1L)));
    int[] order = new int[all.size()];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Cuts an order into batches. */
  private final class Batches implements Iterator<Batch> {
    private final int[] order;
    private int next;

    Batches(int[] order) {
      this.order = order;
    }

    @Override
    public boolean hasNext() {
      return next < batches();
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the epoch has no more batches");
      }
      int from = edge(next);
      int to = edge(++next);
      return new Batch(rows(order, from, to), all.targets().select(order, from, to));
    }

    private int edge(int i) {
      return (int) ((long) i * order.length / batches());
    }
  }

  private Tensor rows(int[] order, int from, int to) {
    return all.inputs().dtype() == DType.FLOAT32
        ? rows(new FloatMath(), order, from, to)
        : rows(new DoubleMath(), order, from, to);
  }

  private <A> Tensor rows(DenseMath<A> math, int[] order, int from, int to) {
    int features = all.features();
    A source = math.array(all.inputs());
    A selected = math.allocate((to - from) * features);
    for (int i = from; i < to; i++) {
      System.arraycopy(source, order[i] * features, selected, (i - from) * features, features);
    }
    return math.wrap(selected, to - from, features);
  }
}
