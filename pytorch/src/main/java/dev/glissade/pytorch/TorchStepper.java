package dev.glissade.pytorch;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.records.Check;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/**
 * Steps the parameters of a libtorch module with a Glissade optimizer, in place of libtorch's own:
 *
 * <pre>
 * // before: Optimizer optimizer = new Adam(net.parameters(), new AdamOptions(1e-3));
 * TorchStepper optimizer = TorchStepper.of(net.named_parameters(), Contrib.prodigy());
 * ...
 * loss.backward();
 * optimizer.step();
 * </pre>
 *
 * <p>A step works on libtorch's own memory, reads parameters and gradients once, and sets the
 * gradients to zero in the same pass, so a loop needs no {@code zero_grad()}. It takes tensors in
 * contiguous CPU memory of the types float32, float64, float16 and bfloat16 ({@code masterWeights}
 * keeps the rounding errors of 16-bit ones), each of less than 2 GiB, and refuses others.
 *
 * <p>A parameter with {@code requires_grad(false)} is frozen and takes no part. If you freeze or
 * thaw a parameter, move it ({@code set_data}, {@code Module.to}), or give other {@link
 * #parameters}, those of the same name and shape keep their state and new ones start with a new
 * state. A gradient that is not defined counts as zero, so weight decay and momentum go on, while
 * libtorch's own optimizers skip such a parameter. A parameter with several names is stepped once.
 *
 * <p>Optimizers that evaluate the loss several times in one step, such as SAM in opaque mode and
 * L-BFGS, need {@link #step(Supplier)}, and work on a copy of the gradients, whose memory the
 * stepper keeps; those of per-example gradients (DP-SGD) need {@link #stepEach}.
 *
 * <p>If a step throws, parameters, state and gradients stay as they were, so you can try again;
 * gradients refused as not finite are set to zero, and a step that computes the gradients itself
 * leaves zeros. Not thread-safe.
 */
public final class TorchStepper {
  private final TorchSteps training;

  private TorchStepper(TorchSteps training) {
    this.training = training;
  }

  /**
   * Returns a stepper of a module's parameters.
   *
   * @param parameters {@code module.named_parameters()}, or tensors under names of your own; masks,
   *     partitions and checkpoints know the parameters by these names
   * @param optimizer any optimizer
   * @return the stepper
   * @throws IllegalArgumentException if there are no parameters, or one that is not frozen is not
   *     supported
   */
  public static TorchStepper of(StringTensorDict parameters, GradientTransformation<?> optimizer) {
    return new TorchStepper(new TorchSteps(TorchParameters.of(parameters), optimizer));
  }

  /**
   * Sets the parameters, after parameters were added to the module, removed or replaced by other
   * tensors. Those of the same name and shape keep their state.
   *
   * @param parameters {@code module.named_parameters()} as of now
   * @return this
   * @throws IllegalArgumentException if there are none, or one that is not frozen is not supported;
   *     then nothing has changed
   */
  public TorchStepper parameters(StringTensorDict parameters) {
    training.parameters(TorchParameters.of(parameters));
    return this;
  }

  /**
   * Accumulates gradients over several calls of {@link #step}, of which the last takes a step on
   * their mean. The others leave the gradients as they are, since libtorch adds to them.
   *
   * @param steps the number of calls, at least 1; by default 1; only 1 for an optimizer of
   *     per-example gradients
   * @return this
   * @throws IllegalStateException if gradients have been accumulated since the last step
   */
  public TorchStepper accumulate(int steps) {
    training.accumulate(steps);
    return this;
  }

  /**
   * Sets how many threads work on large parameters; see {@link dev.glissade.Stepper#threads}.
   *
   * @param threads the number of threads, at least 1
   * @return this
   */
  public TorchStepper threads(int threads) {
    training.stepper().threads(threads);
    return this;
  }

  /**
   * Sets what to do with gradients that are not finite; see {@link dev.glissade.Stepper#nonFinite}.
   * Refused gradients are set to zero.
   *
   * @param policy the policy, by default {@link NonFinite#ALLOW}
   * @return this
   */
  public TorchStepper nonFinite(NonFinite policy) {
    training.stepper().nonFinite(policy);
    return this;
  }

  /**
   * Sets whether a step sets the gradients to zero.
   *
   * @param zero by default true; with false, call {@link #zero_grad} before the next backward pass
   * @return this
   */
  public TorchStepper zeroGradients(boolean zero) {
    training.stepper().zeroGradients(zero);
    return this;
  }

  /**
   * Sets the gradients to zero, those of frozen parameters too, and drops accumulated calls. Loops
   * that call it before each backward pass continue to work, except with {@link #accumulate}, but
   * they no longer need it. Its name is that of libtorch's optimizers.
   */
  @SuppressWarnings("MemberName") // so that loops written for libtorch's optimizers compile
  public void zero_grad() {
    training.clear();
  }

  /**
   * Takes a step with the gradients of the backward passes since the last one; with {@link
   * #accumulate}, only the last of its calls does.
   *
   * @throws IllegalStateException if no gradient is defined at the first step, all parameters are
   *     frozen, the model has the parameters to evaluate, or the optimizer needs the loss as a
   *     function
   * @throws IllegalArgumentException if a parameter or its gradient is not supported, or the
   *     optimizer needs an extra argument
   * @throws NonFiniteException if a number is not finite and {@link #nonFinite} does not allow it
   */
  public void step() {
    step(Extras.NONE);
  }

  /**
   * Takes a step with extra arguments, as {@link #step()} does.
   *
   * @param extras the arguments, such as the loss for optimizers that ask for it; with {@link
   *     #accumulate}, the call that steps uses its own
   * @throws IllegalArgumentException if the optimizer needs an extra argument that is missing
   */
  public void step(Extras extras) {
    training.step(Objects.requireNonNull(extras, "extras must not be null"));
  }

  /**
   * Computes the loss and its gradients, and takes a step. Optimizers that ask for the loss or its
   * gradients at other parameters (SAM in opaque mode, L-BFGS and other line searches) get them
   * from the same function; the model has these parameters during the call. With {@link
   * #accumulate}, a call adds its gradients, and the last one steps; if the function throws, the
   * calls since the last step are dropped.
   *
   * <pre>
   * double loss = optimizer.step(() -&gt; torch.cross_entropy(net.forward(x), y));
   * </pre>
   *
   * @param loss computes the mean loss of a batch as a tensor of one number, without a backward
   *     pass, and the same loss each time; the stepper releases the tensors that it creates
   * @return the loss before the step
   * @throws IllegalArgumentException if the loss is not one number that depends on a trained
   *     parameter
   * @throws IllegalStateException if the optimizer takes per-example gradients, or asks for more
   *     losses or gradients while accumulate is more than 1
   * @throws NonFiniteException if a number is not finite and {@link #nonFinite} does not allow it
   */
  public double step(Supplier<Tensor> loss) {
    return step(loss, Extras.NONE);
  }

  /**
   * Computes the loss and takes a step with extra arguments, as {@link #step(Supplier)} does.
   *
   * @param loss computes the mean loss of a batch
   * @param extras the arguments; those that hold a loss or a function are used in place of the
   *     stepper's own
   * @return the loss before the step
   */
  public double step(Supplier<Tensor> loss, Extras extras) {
    Objects.requireNonNull(loss, "loss must not be null");
    Objects.requireNonNull(extras, "extras must not be null");
    return training.step(TorchLoss.of(loss), extras);
  }

  /**
   * Takes a step with a closure as libtorch's L-BFGS takes it: one that sets the gradients to zero,
   * computes the loss, runs the backward pass and returns the loss. {@link #step(Supplier)} is
   * simpler, and cheaper where an optimizer asks for losses alone.
   *
   * @param closure the closure
   * @return the loss before the step
   * @throws IllegalStateException if {@link #accumulate} is more than 1
   */
  public double step(LossClosure closure) {
    Objects.requireNonNull(closure, "closure must not be null");
    return training.step(TorchLoss.of(closure), Extras.NONE);
  }

  /**
   * Computes the gradient of each example of a batch, and takes a step of an optimizer of
   * per-example gradients, such as {@code dpsgd}. It runs the examples one by one, since libtorch
   * has no per-example gradients, and holds all their gradients: at most 2 GiB for one parameter.
   * For a stated privacy loss, use {@link PrivateTorchTrainer}.
   *
   * @param examples the number of examples, at least 1
   * @param loss computes the loss of the example of a number, without a backward pass
   * @return the mean loss before the step
   * @throws IllegalStateException if the optimizer takes mean gradients
   * @throws IllegalArgumentException if the gradients of all examples are too large
   * @throws NonFiniteException if a number is not finite and {@link #nonFinite} does not allow it
   */
  public double stepEach(int examples, IntFunction<Tensor> loss) {
    Check.atLeast("examples", 1, examples);
    return training.stepEach(examples, Objects.requireNonNull(loss, "loss must not be null"));
  }

  /**
   * Puts the optimizer's parameters to evaluate and to save into the model, until {@link
   * #showStepped}; see {@link GradientTransformation#evalParams}. They differ from the stepped ones
   * for Schedule-Free, lookahead, averages, and SAM while it climbs; for other optimizers, and
   * before the first step, nothing is copied.
   */
  public void showEvalParams() {
    training.showEvalParams();
  }

  /**
   * Puts the stepped parameters back into the model, without a change of any bit. Call it before
   * the next forward pass; {@link #step(Supplier)} does so itself.
   */
  public void showStepped() {
    training.showStepped();
  }

  /**
   * Returns what the optimizer has learned so far.
   *
   * @return by name: "d" of Prodigy and D-Adaptation, "s" of Mechanic, and "skipped", the number of
   *     skipped steps, as far as the optimizer has them
   */
  public Map<String, Double> estimates() {
    return training.stepper().estimates();
  }

  /** {@return how many steps were taken, including skipped ones and those before a checkpoint} */
  public long steps() {
    return training.stepper().steps();
  }

  /**
   * Returns a checkpoint of the trained parameters, the optimizer's state and the number of steps;
   * with {@link #accumulate}, also of the gradients accumulated since the last step. Frozen
   * parameters and buffers, such as the statistics of batch normalization, are in the module's own
   * file: save that too.
   *
   * @return the checkpoint, with a copy of the parameters and the live state: save it before the
   *     next step
   * @throws IllegalStateException if all parameters are frozen
   */
  public Checkpoint checkpoint() {
    return training.checkpoint();
  }

  /**
   * Continues from a checkpoint of the same optimizer, with the same bits. Overwrites the trained
   * parameters and drops the gradients of earlier passes.
   *
   * @param checkpoint what {@link #checkpoint} returned
   * @throws CheckpointException if the checkpoint has another optimizer or other parameters; then
   *     nothing has changed
   * @throws IllegalArgumentException if the checkpoint has gradients accumulated with another
   *     {@link #accumulate}; then nothing has changed
   */
  public void resume(Checkpoint checkpoint) throws CheckpointException {
    training.resume(Objects.requireNonNull(checkpoint, "checkpoint must not be null"));
  }
}
