package dev.glissade.optimizer;

import dev.glissade.Schedule;
import dev.glissade.schedule.ConstantSchedule;

/**
 * The index of base optimizers. Each method takes what has no default and returns a record that
 * documents formula, paper, state and defaults and has a setter for each option: {@code
 * adam(1e-3).b2(0.95).nesterov(true)}.
 *
 * <p>A learning rate is a number or a {@link Schedule}, which is read at count 0 at the first step.
 * A number that is not finite is refused with an {@link IllegalArgumentException}. Optimizers that
 * need no learning rate are in {@code Contrib} of {@code dev.glissade.contrib}.
 */
public final class Optimizers {
  private Optimizers() {}

  /**
   * Returns {@link Sgd}: gradient descent, without momentum.
   *
   * @param learningRate multiplies the gradients
   * @return the optimizer
   */
  public static Sgd sgd(double learningRate) {
    return sgd(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Sgd}: gradient descent, without momentum.
   *
   * @param learningRate multiplies the gradients
   * @return the optimizer
   */
  public static Sgd sgd(Schedule learningRate) {
    return Sgd.of(learningRate);
  }

  /**
   * Returns {@link Adam}: steps of about the learning rate, whatever the scale of the gradients.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adam adam(double learningRate) {
    return adam(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Adam}: steps of about the learning rate, whatever the scale of the gradients.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adam adam(Schedule learningRate) {
    return Adam.of(learningRate);
  }

  /**
   * Returns {@link AdamW}: Adam with decoupled weight decay.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamW adamw(double learningRate) {
    return adamw(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link AdamW}: Adam with decoupled weight decay.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamW adamw(Schedule learningRate) {
    return AdamW.of(learningRate);
  }

  /**
   * Returns {@link Lion}: steps by signs, with one moment and decoupled weight decay.
   *
   * @param learningRate multiplies the signs and the decay; 3 to 10 times smaller than AdamW's
   * @return the optimizer
   */
  public static Lion lion(double learningRate) {
    return lion(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Lion}: steps by signs, with one moment and decoupled weight decay.
   *
   * @param learningRate multiplies the signs and the decay; 3 to 10 times smaller than AdamW's
   * @return the optimizer
   */
  public static Lion lion(Schedule learningRate) {
    return Lion.of(learningRate);
  }

  /**
   * Returns {@link RmsProp}: gradients divided by the root of a mean of their squares.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static RmsProp rmsprop(double learningRate) {
    return rmsprop(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link RmsProp}: gradients divided by the root of a mean of their squares.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static RmsProp rmsprop(Schedule learningRate) {
    return RmsProp.of(learningRate);
  }

  /**
   * Returns {@link Adagrad}: gradients divided by the root of the sum of their squares.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adagrad adagrad(double learningRate) {
    return adagrad(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Adagrad}: gradients divided by the root of the sum of their squares.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adagrad adagrad(Schedule learningRate) {
    return Adagrad.of(learningRate);
  }

  /**
   * Returns {@link NoisySgd}: gradient descent with noise that decays over the steps.
   *
   * @param learningRate multiplies the noisy gradients
   * @param seed the seed of the random generator
   * @return the optimizer
   */
  public static NoisySgd noisySgd(double learningRate, long seed) {
    return noisySgd(ConstantSchedule.named("learningRate", learningRate), seed);
  }

  /**
   * Returns {@link NoisySgd}: gradient descent with noise that decays over the steps.
   *
   * @param learningRate multiplies the noisy gradients
   * @param seed the seed of the random generator
   * @return the optimizer
   */
  public static NoisySgd noisySgd(Schedule learningRate, long seed) {
    return NoisySgd.of(learningRate, seed);
  }

  /**
   * Returns {@link PolyakSgd} with its defaults: gradient descent whose step size comes from the
   * loss.
   *
   * @return the optimizer
   */
  public static PolyakSgd polyakSgd() {
    return PolyakSgd.defaults();
  }
}
