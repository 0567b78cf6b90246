package dev.glissade.dl4j;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Trains a network of Deeplearning4j with a Glissade optimizer: after {@code
 * GlissadeUpdater.attach(network, Contrib.prodigy())}, its {@code fit} steps the trained parameters
 * in their own memory, all at once, and ignores the updater of the configuration, which stays as it
 * is. Everything around it is DL4J's as before: division by the minibatch's size, gradient
 * normalization and clipping, L1 and L2, constraints, listeners, truncated backpropagation.
 *
 * <p>Parameters have the names of {@code network.paramTable()}, such as "0_W". Those of frozen
 * layers, the statistics of batch normalization, the centers of center loss and parameters for
 * pretraining take no part. If you freeze or thaw a layer between two steps, the other parameters
 * keep their state and those of this layer start with a new state. The network's data type may be
 * FLOAT or DOUBLE; HALF and BFLOAT16 should have {@code masterWeights}. The optimizer gets weights
 * of the layout (out, in): DL4J's dense layers keep theirs by columns.
 *
 * <p>If the optimizer asks for more gradients (SAM in opaque mode), for losses along a line (L-BFGS
 * and other line searches) or for per-example gradients (DP-SGD), a step runs the minibatch's
 * passes again, and works on a copy of the gradients, whose memory the updater keeps.
 *
 * <p>If a step throws, {@code fit} throws, and parameters, statistics and the optimizer's state are
 * as before the step. A step that is skipped changes no statistics either.
 *
 * <p>An updater is one network's and not in its file: {@code ModelSerializer} saves the network,
 * and a {@link #checkpoint} the optimizer's state. While it is attached, {@code clone()}, {@code
 * convertDataType}, {@code setLearningRate}, {@code toComputationGraph}, ParallelWrapper and Spark
 * throw, since DL4J would go on with the updater of the configuration.
 */
public final class GlissadeUpdater {
  private final NetworkSteps training;

  private GlissadeUpdater(NetworkSteps training) {
    this.training = training;
  }

  /**
   * Attaches an optimizer to a network.
   *
   * @param network the network, which this initializes if that has not been done
   * @param optimizer any optimizer
   * @return the updater
   * @throws IllegalArgumentException if the network has {@code WeightDecay}, another optimization
   *     algorithm than stochastic gradient descent, or another data type than the four of floating
   *     point; or if it has truncated backpropagation and the optimizer takes per-example gradients
   * @throws IllegalStateException if ND4J's backend is not on the CPU, or the network has such an
   *     updater already
   */
  public static GlissadeUpdater attach(
      MultiLayerNetwork network, GradientTransformation<?> optimizer) {
    Objects.requireNonNull(network, "network must not be null");
    return new GlissadeUpdater(new NetworkSteps(new LayeredNetwork(network), optimizer));
  }

  /**
   * Attaches an optimizer to a network.
   *
   * @param network the network, which this initializes if that has not been done
   * @param optimizer any optimizer
   * @return the updater
   * @throws IllegalArgumentException if the network has {@code WeightDecay}, another optimization
   *     algorithm than stochastic gradient descent, or another data type than the four of floating
   *     point; or if it has truncated backpropagation and the optimizer takes per-example gradients
   * @throws IllegalStateException if ND4J's backend is not on the CPU, or the network has such an
   *     updater already
   */
  public static GlissadeUpdater attach(
      ComputationGraph network, GradientTransformation<?> optimizer) {
    Objects.requireNonNull(network, "network must not be null");
    return new GlissadeUpdater(new NetworkSteps(new GraphNetwork(network), optimizer));
  }

  /**
   * Sets how many threads work on large parameters; see {@link dev.glissade.Stepper#threads}.
   *
   * @param threads the number of threads, at least 1
   * @return this
   */
  public GlissadeUpdater threads(int threads) {
    training.stepper().threads(threads);
    return this;
  }

  /**
   * Sets what to do with gradients or a score that are not finite; see {@link
   * dev.glissade.Stepper#nonFinite}.
   *
   * @param policy the policy, by default {@link NonFinite#ALLOW}
   * @return this
   */
  public GlissadeUpdater nonFinite(NonFinite policy) {
    Objects.requireNonNull(policy, "policy must not be null");
    training.stepper().nonFinite(policy);
    return this;
  }

  /**
   * Sets where the extra arguments of steps come from. A step adds the network's score as the loss,
   * and functions that run the minibatch again, unless the arguments have their own.
   *
   * @param source is asked at each step; by default it gives {@link Extras#NONE}
   * @return this
   */
  public GlissadeUpdater extras(Supplier<Extras> source) {
    training.extras(source);
    return this;
  }

  /**
   * Returns how many steps were taken, including skipped ones and those before a checkpoint.
   *
   * @return the number of steps
   */
  public long steps() {
    return training.stepper().steps();
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

  /**
   * Puts the optimizer's parameters to evaluate into the network, to evaluate or save it; see
   * {@link GradientTransformation#evalParams}. For most optimizers, and before the first step, they
   * are the network's own. Training may go on at any time, but its first step then computes the
   * gradients twice, unless {@link #showStepped} was called before.
   */
  public void showEvalParams() {
    training.showEvalParams();
  }

  /**
   * Puts the stepped parameters back into the network. What others have set its parameters to since
   * {@link #showEvalParams} is lost.
   *
   * @throws IllegalStateException if DL4J has replaced this updater since {@link #showEvalParams}
   */
  public void showStepped() {
    training.showStepped();
  }

  /**
   * Returns a checkpoint of the trained parameters, the optimizer's state and the number of steps.
   *
   * @return the checkpoint, with a copy of the parameters and the live state: save it before the
   *     next step
   * @throws IllegalStateException if DL4J has replaced this updater
   */
  public Checkpoint checkpoint() {
    return training.checkpoint();
  }

  /**
   * Continues from a checkpoint of the same optimizer. Overwrites the trained parameters. Frozen
   * parameters and statistics, such as those of batch normalization, and the numbers of iterations
   * and epochs, are in the network's own file: load it first.
   *
   * @param checkpoint what {@link #checkpoint} returned
   * @throws CheckpointException if the checkpoint has another optimizer or other parameters; then
   *     nothing has changed
   * @throws IllegalStateException if DL4J has replaced this updater
   */
  public void resume(Checkpoint checkpoint) throws CheckpointException {
    training.resume(Objects.requireNonNull(checkpoint, "checkpoint must not be null"));
  }

  /** Gives the network DL4J's own updater of its configuration again, with a new state. */
  public void detach() {
    training.detach();
  }
}
