package dev.glissade.pytorch;

import dev.glissade.Tree;
import dev.glissade.host.ParameterTree;
import dev.glissade.privacy.PrivateTraining;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/**
 * Differentially private training of a libtorch module. It draws each batch by Poisson sampling,
 * runs its examples through the model one at a time, adds up their clipped gradients, and adds
 * noise once per batch, so that a batch of any size takes the memory of one example. Between two
 * steps the model has the parameters to evaluate ({@link PrivateTraining#evalParams}).
 *
 * <pre>
 * PrivateTorchTrainer training =
 *     PrivateTorchTrainer.of(
 *         net,
 *         example -&gt; torch.cross_entropy(net.forward(x[example]), y[example]),
 *         params -&gt;
 *             PrivateTraining.of(
 *                     Optimizers.sgd(0.5), params, n, 64.0 / n, new Clipping.Flat(0.5), 1.98)
 *                 .budget(3, 1e-5));
 * while (training.step()) {}
 * </pre>
 */
public final class PrivateTorchTrainer {
  private final TorchParameters model;
  private final IntFunction<Tensor> loss;
  private final List<TorchParameter> trained;
  private final ParameterTree parameters;
  private final TorchGradients gradients;
  private final PrivateTraining training;

  private PrivateTorchTrainer(
      TorchParameters model, IntFunction<Tensor> loss, Function<Tree, PrivateTraining> training) {
    this.model = model;
    this.loss = loss;
    this.trained = model.trained();
    this.parameters = ParameterTree.of(trained);
    this.gradients = new TorchGradients(trained);
    this.training = training.apply(parameters.tree());
    if (!this.training.params().structure().equals(parameters.tree().structure())) {
      throw new IllegalArgumentException(
          "the training must have the parameters that the function was given, but had "
              + this.training.params().structure());
    }
  }

  /**
   * Returns a private trainer of a module.
   *
   * @param module the module, in the CPU's memory
   * @param loss computes the loss of the example of a number, as a tensor of one number, without a
   *     backward pass; the trainer releases the tensors that it creates
   * @param training creates the training for the parameters it is given, with an optimizer,
   *     sampling, clipping, noise and budget
   * @return the private training
   * @throws IllegalArgumentException if the module keeps running statistics of its data, as batch
   *     normalization does, since these would get no noise, or a parameter is not supported
   * @throws IllegalStateException if all parameters are frozen
   */
  public static PrivateTorchTrainer of(
      Module module, IntFunction<Tensor> loss, Function<Tree, PrivateTraining> training) {
    return TorchMemory.inScope(() -> {
      requireNoStatistics(module.named_buffers());
      return new PrivateTorchTrainer(TorchParameters.of(module.named_parameters()), loss, training);
    });
  }

  private static void requireNoStatistics(StringTensorDict buffers) {
    for (long i = 0; i < buffers.size(); i++) {
      String name = buffers.get(i).key().getString();
      if (name.endsWith("running_mean") || name.endsWith("running_var")) {
        throw new IllegalArgumentException(
            "the model must not keep statistics of its data, since they get no noise, but had \"%s\""
                    .formatted(name)
                + ": use a normalization of single examples, such as GroupNorm");
      }
    }
  }

  /**
   * Takes a step, unless that would exceed the budget.
   *
   * @return false if the step would exceed the budget; then nothing has changed
   * @throws IllegalStateException if the trained parameters or their memory have changed
   */
  public boolean step() {
    List<TorchParameter> now = model.trained();
    if (!parameters.isOf(now)) {
      throw new IllegalStateException(
          "the trained parameters must stay %s, in the same memory, but were %s"
              .formatted(paths(trained), paths(now)));
    }
    parameters.assign(training.params());
    try {
      return training.step((at, example) -> gradient(example));
    } finally {
      // The last example's gradients have no clipping and no noise: nobody must step with them.
      model.clearGradients();
      parameters.assign(training.evalParams());
    }
  }

  private static List<String> paths(List<TorchParameter> parameters) {
    return parameters.stream().map(TorchParameter::path).toList();
  }

  /** Returns libtorch's gradients of one example, which are valid until the next call. */
  private Tree gradient(int example) {
    gradients.clear();
    TorchLoss.of(() -> loss.apply(example)).backward();
    return gradients.read().tree();
  }

  /** {@return the training, which knows the steps left and the guarantee of those taken} */
  public PrivateTraining training() {
    return training;
  }
}
