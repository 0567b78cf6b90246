package dev.glissade.spark;

import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sum of the losses and gradients of examples. A step uses their means: the sums over all
 * partitions, divided by the sum of the weights.
 */
public final class GradientSum {
  private final Structure structure;
  private final Tree gradients;

  /** The arrays of the gradients, a {@code float[]} or {@code double[]} for each plane. */
  private final List<Object> planes;

  /** The sum of the losses, and that of the weights. */
  private final double[] totals = new double[2];

  private final Frames frames;

  /** Whether nothing was added yet, so that the arrays hold numbers of another step. */
  private boolean empty = true;

  /**
   * Creates an empty sum.
   *
   * @param ranks the number of ranks in the ring that adds it up
   */
  GradientSum(Structure params, int ranks) {
    this.structure = params.computed();
    this.gradients = ArrayTrees.zeros(structure);
    this.planes = ArrayTrees.arrays(gradients);
    List<Object> all = new ArrayList<>(planes);
    all.add(totals);
    this.frames = Frames.forRing(all, ranks);
  }

  /**
   * Adds the sums over some examples.
   *
   * @param loss the sum of their losses
   * @param sum the sum of their gradients, of the parameters' paths, shapes and computed types
   * @param weight how many examples they are, or the sum of their weights, not negative
   * @throws IllegalArgumentException if the gradients don't fit the parameters or the weight is
   *     negative or not finite
   */
  public void add(double loss, Tree sum, double weight) {
    add(loss, sum, weight, 1);
  }

  /**
   * Adds the means over some examples, times their weight.
   *
   * @param loss the mean of their losses
   * @param mean the mean of their gradients, of the parameters' paths, shapes and computed types
   * @param weight how many examples they are, or the sum of their weights, not negative
   * @throws IllegalArgumentException if the gradients don't fit the parameters or the weight is
   *     negative or not finite
   */
  public void addMean(double loss, Tree mean, double weight) {
    add(loss, mean, weight, weight);
  }

  private void add(double loss, Tree more, double weight, double factor) {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new WrongGradientException("weight must be finite and not negative, but was " + weight);
    }
    Tree evaluated = more.evaluate();
    if (!evaluated.structure().computed().equals(structure)) {
      throw new WrongGradientException(
          "gradients must have the paths, shapes and computed types of params, %s, but had %s"
              .formatted(structure, evaluated.structure()));
    }
    int plane = 0;
    for (String path : structure.paths()) {
      Tensor tensor = evaluated.get(path);
      add(planes.get(plane++), tensor.real(), factor);
      if (tensor.dtype().isComplex()) {
        add(planes.get(plane++), tensor.imaginary(), factor);
      }
    }
    empty = false;
    totals[0] += factor * loss;
    totals[1] += weight;
  }

  private void add(Object plane, Tensor more, double factor) {
    if (plane instanceof float[] sums) {
      float[] numbers = more.array() instanceof float[] own ? own : more.toFloats();
      add(sums, numbers, (float) factor);
    } else if (plane instanceof double[] sums) {
      double[] numbers = more.array() instanceof double[] own ? own : more.toDoubles();
      add(sums, numbers, factor);
    }
  }

  private void add(float[] sums, float[] numbers, float factor) {
    if (empty) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] = 0 + factor * numbers[i]; // a sum from 0 has no -0
      }
    } else {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += factor * numbers[i];
      }
    }
  }

  private void add(double[] sums, double[] numbers, double factor) {
    if (empty) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] = 0 + factor * numbers[i];
      }
    } else {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += factor * numbers[i];
      }
    }
  }

  /** Returns the sum of the gradients, on this object's arrays. */
  Tree gradients() {
    return gradients;
  }

  /** Returns the sum of the losses. */
  double loss() {
    return totals[0];
  }

  /** Returns the sum of the weights. */
  double weight() {
    return totals[1];
  }

  /** Returns the mean loss; 0 without examples. */
  double meanLoss() {
    return totals[1] > 0 ? totals[0] / totals[1] : 0;
  }

  /** Returns the factor that makes means of the sums; 1 without examples. */
  double scale() {
    return totals[1] > 0 ? 1 / totals[1] : 1;
  }

  /** Returns the gradients and the totals in frames. */
  Frames frames() {
    return frames;
  }

  /** Begins a new sum. The first addition replaces the numbers, which saves a pass over them. */
  void clear() {
    empty = true;
    Arrays.fill(totals, 0);
  }

  /** Ends the sum: without an addition, it is zero. */
  void complete() {
    if (!empty) {
      return;
    }
    for (Object plane : planes) {
      if (plane instanceof float[] sums) {
        Arrays.fill(sums, 0);
      } else if (plane instanceof double[] sums) {
        Arrays.fill(sums, 0);
      }
    }
    empty = false;
  }
}
