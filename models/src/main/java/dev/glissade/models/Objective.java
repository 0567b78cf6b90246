package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.GradientFunction;
import dev.glissade.LossFunction;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.records.Check;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The mean loss of a model over a batch, and its gradients by backpropagation:
 *
 * <pre>{@code
 * Mlp model = Mlp.of(64, 128, 10);
 * Objective objective = Objective.of(model, Losses.softmaxCrossEntropy());
 * Stepper<?> stepper = Stepper.of(Contrib.prodigy(), model.initialParams(0));
 * for (Batch batch : Minibatches.of(inputs, Targets.labels(classes), 32).epoch(0)) {
 *   stepper.step(objective.gradient(stepper.params(), batch).gradient());
 * }
 * }</pre>
 *
 * <p>The mean is {@code (1 / n) sum_i weight_i loss_i} over n examples; {@link #l2} adds a penalty.
 * {@link #lossFunction} is for optimizers that search along a line:
 *
 * <pre>{@code
 * Batch all = new Batch(inputs, Targets.labels(classes));
 * Stepper<?> stepper = Stepper.of(Optimizers.lbfgs(), model.initialParams(0));
 * LossFunction loss = objective.lossFunction(all);
 * for (int step = 0; step < 30; step++) {
 *   stepper.stepAgain(loss);
 * }
 * }</pre>
 *
 * <p>An objective keeps its workspaces and the arrays of its gradients for the next batch, so each
 * thread needs its own.
 */
public final class Objective {
  /** The numbers of examples to keep arrays for; batches by Poisson sampling have many. */
  private static final int KEPT = 4;

  private final Mlp model;
  private final Loss loss;
  private final Backpropagation<?> network;
  private boolean penalized;

  /** Trees of gradients by the length of their leading axis; 0 for gradients of the mean. */
  private final Map<Integer, Tree> targets =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Tree> eldest) {
          return size() > KEPT;
        }
      };

  private Objective(Mlp model, Loss loss) {
    this.model = model;
    this.loss = loss;
    this.network = Backpropagation.of(model);
  }

  /**
   * Returns an objective. Products of large matrices use all processors.
   *
   * @param model the model
   * @param loss the loss of an example
   * @return the objective
   */
  public static Objective of(Mlp model, Loss loss) {
    return new Objective(model, loss);
  }

  /**
   * Confines this objective to the caller's thread, with the same results, for programs that train
   * several models at a time.
   *
   * @return this objective
   */
  public Objective sequential() {
    network.sequential();
    return this;
  }

  /**
   * Adds factor times the sum of the squares of all kernels to the loss of a batch, as in ridge
   * regression. Biases don't count.
   *
   * @param factor the factor, finite and not negative; 0, the default, adds nothing
   * @return this objective
   * @throws IllegalArgumentException if the factor is negative or not finite
   */
  public Objective l2(double factor) {
    Check.notNegative("l2", factor);
    network.l2(factor);
    penalized = factor > 0;
    return this;
  }

  /** {@return the model} */
  public Mlp model() {
    return model;
  }

  /**
   * Computes the mean loss, and adds the penalty.
   *
   * @param params parameters of the model's structure
   * @param batch at least one example
   * @return the loss; for an empty batch, the penalty alone
   * @throws IllegalArgumentException if params, inputs or targets don't fit the model or the loss
   */
  public double value(Tree params, Batch batch) {
    return network.loss(params, batch, loss);
  }

  /**
   * Computes the mean loss, with the penalty, and its gradients.
   *
   * @param params parameters of the model's structure
   * @param batch the examples
   * @return the loss and its gradients, which the next call overwrites
   * @throws IllegalArgumentException if params, inputs or targets don't fit the model or the loss
   */
  public ValueAndGradient gradient(Tree params, Batch batch) {
    Tree gradients = targets.computeIfAbsent(0, this::zeros);
    return new ValueAndGradient(
        network.gradients(params, batch, loss, gradients, false), gradients);
  }

  /**
   * Computes the gradients of each example's loss, for private training.
   *
   * @param params parameters of the model's structure
   * @param batch the examples
   * @return the mean loss, and gradients whose leaves have a leading axis of the batch's size; the
   *     next call with as many examples overwrites them
   * @throws IllegalArgumentException if params, inputs or targets don't fit the model or the loss
   * @throws IllegalStateException if there is a penalty, which belongs to no example
   */
  public ValueAndGradient perExampleGradients(Tree params, Batch batch) {
    if (penalized) {
      throw new IllegalStateException(
          "perExampleGradients must not be called with a penalty, but l2 is not 0");
    }
    Tree gradients =
        batch.size() == 0 ? zeros(0, true) : targets.computeIfAbsent(batch.size(), this::zeros);
    return new ValueAndGradient(network.gradients(params, batch, loss, gradients, true), gradients);
  }

  /**
   * Returns the gradients on a batch as a function of the parameters, for optimizers that ask for
   * gradients at other points, such as opaque SAM.
   *
   * @param batch the examples
   * @return a function whose result the next gradient of this objective overwrites
   */
  public GradientFunction function(Batch batch) {
    return (params, index) -> gradient(params.evaluate(), batch).gradient();
  }

  /**
   * Returns the loss on a batch as a function of the parameters, for optimizers that search along a
   * line. The loss alone takes a forward pass only.
   *
   * @param batch the examples
   * @return a function whose gradients the next gradient of this objective overwrites
   */
  public LossFunction lossFunction(Batch batch) {
    return new LossFunction() {
      @Override
      public ValueAndGradients valueAndGradients(Tree params, int i) {
        ValueAndGradient computed = gradient(params.evaluate(), batch);
        return new ValueAndGradients(computed.value(), computed.gradient());
      }

      @Override
      public double value(Tree params, int i) {
        return Objective.this.value(params.evaluate(), batch);
      }
    };
  }

  /**
   * Computes the model's outputs.
   *
   * @param params parameters of the model's structure
   * @param inputs numbers of the model's type, of shape [examples, inputs]
   * @return the outputs, of shape [examples, outputs], in an array of their own
   * @throws IllegalArgumentException if params or inputs don't fit the model
   */
  public Tensor outputs(Tree params, Tensor inputs) {
    return network.outputs(params, inputs);
  }

  private Tree zeros(int examples) {
    return zeros(examples, examples > 0);
  }

  private Tree zeros(int examples, boolean perExample) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    Structure structure = model.structure();
    for (String path : structure.paths()) {
      IntStream axes = structure.leaf(path).shape().stream().mapToInt(length -> length);
      int[] shape = (perExample ? IntStream.concat(IntStream.of(examples), axes) : axes).toArray();
      int size = IntStream.of(shape).reduce(1, Math::multiplyExact);
      leaves.put(
          path,
          model.dtype() == DType.FLOAT64
              ? Tensor.wrap(new double[size], shape)
              : Tensor.wrap(new float[size], shape));
    }
    return Tree.of(leaves);
  }
}
