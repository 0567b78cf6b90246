package dev.glissade.optimizer;

import dev.glissade.Schedule;
import dev.glissade.projection.Projection;
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
   * Returns {@link Adam}: Adam with Nesterov momentum (NAdam).
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adam nadam(double learningRate) {
    return nadam(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Adam}: Adam with Nesterov momentum (NAdam).
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adam nadam(Schedule learningRate) {
    return Adam.of(learningRate).nesterov(true);
  }

  /**
   * Returns {@link AdamW}: AdamW with Nesterov momentum (NAdamW).
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamW nadamw(double learningRate) {
    return nadamw(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link AdamW}: AdamW with Nesterov momentum (NAdamW).
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamW nadamw(Schedule learningRate) {
    return AdamW.of(learningRate).nesterov(true);
  }

  /**
   * Returns {@link Adamax}: Adam with a maximum in place of the second moment.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adamax adamax(double learningRate) {
    return adamax(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Adamax}: Adam with a maximum in place of the second moment.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adamax adamax(Schedule learningRate) {
    return Adamax.of(learningRate);
  }

  /**
   * Returns {@link AdamaxW}: Adamax with decoupled weight decay.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamaxW adamaxw(double learningRate) {
    return adamaxw(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link AdamaxW}: Adamax with decoupled weight decay.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamaxW adamaxw(Schedule learningRate) {
    return AdamaxW.of(learningRate);
  }

  /**
   * Returns {@link Amsgrad}: Adam divided by the largest second moment so far.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Amsgrad amsgrad(double learningRate) {
    return amsgrad(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Amsgrad}: Adam divided by the largest second moment so far.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Amsgrad amsgrad(Schedule learningRate) {
    return Amsgrad.of(learningRate);
  }

  /**
   * Returns {@link AdaBelief}: Adam divided by how far gradients are from their mean.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdaBelief adabelief(double learningRate) {
    return adabelief(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link AdaBelief}: Adam divided by how far gradients are from their mean.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdaBelief adabelief(Schedule learningRate) {
    return AdaBelief.of(learningRate);
  }

  /**
   * Returns {@link Yogi}: Adam with a second moment that falls slowly.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Yogi yogi(double learningRate) {
    return yogi(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Yogi}: Adam with a second moment that falls slowly.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Yogi yogi(Schedule learningRate) {
    return Yogi.of(learningRate);
  }

  /**
   * Returns {@link RAdam}: Adam that warms up by itself.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static RAdam radam(double learningRate) {
    return radam(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link RAdam}: Adam that warms up by itself.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static RAdam radam(Schedule learningRate) {
    return RAdam.of(learningRate);
  }

  /**
   * Returns {@link Adan}: Adam with a mean of the differences of gradients.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Adan adan(double learningRate) {
    return adan(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Adan}: Adam with a mean of the differences of gradients.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Adan adan(Schedule learningRate) {
    return Adan.of(learningRate);
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
   * Returns {@link SignSgd}: steps by the signs of gradients.
   *
   * @param learningRate multiplies the signs
   * @return the optimizer
   */
  public static SignSgd signSgd(double learningRate) {
    return signSgd(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link SignSgd}: steps by the signs of gradients.
   *
   * @param learningRate multiplies the signs
   * @return the optimizer
   */
  public static SignSgd signSgd(Schedule learningRate) {
    return SignSgd.of(learningRate);
  }

  /**
   * Returns {@link Signum}: steps by the signs of a mean of gradients.
   *
   * @param learningRate multiplies the signs
   * @return the optimizer
   */
  public static Signum signum(double learningRate) {
    return signum(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Signum}: steps by the signs of a mean of gradients.
   *
   * @param learningRate multiplies the signs
   * @return the optimizer
   */
  public static Signum signum(Schedule learningRate) {
    return Signum.of(learningRate);
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
   * Returns {@link Adadelta}: gradients scaled to the root mean square of updates.
   *
   * @param learningRate multiplies the scaled gradients; 1 in the paper
   * @return the optimizer
   */
  public static Adadelta adadelta(double learningRate) {
    return adadelta(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Adadelta}: gradients scaled to the root mean square of updates.
   *
   * @param learningRate multiplies the scaled gradients; 1 in the paper
   * @return the optimizer
   */
  public static Adadelta adadelta(Schedule learningRate) {
    return Adadelta.of(learningRate);
  }

  /**
   * Returns {@link Rprop}: a step size for each element, for gradients of the whole data.
   *
   * @param learningRate the step size before the first step, positive
   * @return the optimizer
   */
  public static Rprop rprop(double learningRate) {
    return Rprop.of(learningRate);
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
   * Returns {@link Lbfgs} with its defaults: L-BFGS with a zoom line search. It needs the loss as a
   * function, and no learning rate.
   *
   * @return the optimizer
   */
  public static Lbfgs lbfgs() {
    return Lbfgs.defaults();
  }

  /**
   * Returns {@link Lbfgsb} with its defaults: L-BFGS for parameters within bounds.
   *
   * @param bounds a projection of each element to an interval, such as {@code Projections.box(0,
   *     1)}
   * @return the optimizer
   */
  public static Lbfgsb lbfgsb(Projection bounds) {
    return Lbfgsb.of(bounds);
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

  /**
   * Returns {@link OptimisticGradientDescent}: gradient descent for games between two players.
   *
   * @param learningRate multiplies the optimistic gradients
   * @return the optimizer
   */
  public static OptimisticGradientDescent optimisticGradientDescent(double learningRate) {
    return optimisticGradientDescent(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link OptimisticGradientDescent}: gradient descent for games between two players.
   *
   * @param learningRate multiplies the optimistic gradients
   * @return the optimizer
   */
  public static OptimisticGradientDescent optimisticGradientDescent(Schedule learningRate) {
    return OptimisticGradientDescent.of(learningRate);
  }

  /**
   * Returns {@link OptimisticAdam}: Adam for games, in the form that Optax deprecates.
   *
   * @param learningRate weight of the update
   * @return the optimizer
   */
  public static OptimisticAdam optimisticAdam(double learningRate) {
    return optimisticAdam(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link OptimisticAdam}: Adam for games, in the form that Optax deprecates.
   *
   * @param learningRate weight of the update
   * @return the optimizer
   */
  public static OptimisticAdam optimisticAdam(Schedule learningRate) {
    return OptimisticAdam.of(learningRate);
  }

  /**
   * Returns {@link OptimisticAdamV2}: Adam for games between two players.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static OptimisticAdamV2 optimisticAdamV2(double learningRate) {
    return optimisticAdamV2(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link OptimisticAdamV2}: Adam for games between two players.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static OptimisticAdamV2 optimisticAdamV2(Schedule learningRate) {
    return OptimisticAdamV2.of(learningRate);
  }

  /**
   * Returns {@link Lamb}: AdamW with steps relative to the size of each layer, for large batches.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Lamb lamb(double learningRate) {
    return lamb(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Lamb}: AdamW with steps relative to the size of each layer, for large batches.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Lamb lamb(Schedule learningRate) {
    return Lamb.of(learningRate);
  }

  /**
   * Returns {@link Lars}: momentum with steps relative to the size of each layer, for large
   * batches.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Lars lars(double learningRate) {
    return lars(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Lars}: momentum with steps relative to the size of each layer, for large
   * batches.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Lars lars(Schedule learningRate) {
    return Lars.of(learningRate);
  }

  /**
   * Returns {@link Novograd}: Adam with one second moment for each layer.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Novograd novograd(double learningRate) {
    return novograd(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Novograd}: Adam with one second moment for each layer.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Novograd novograd(Schedule learningRate) {
    return Novograd.of(learningRate);
  }

  /**
   * Returns {@link Fromage}: steps relative to the size of each layer, which keep the parameters
   * from growing.
   *
   * @param learningRate the relative size of a step
   * @return the optimizer
   */
  public static Fromage fromage(double learningRate) {
    return fromage(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Fromage}: steps relative to the size of each layer, which keep the parameters
   * from growing.
   *
   * @param learningRate the relative size of a step
   * @return the optimizer
   */
  public static Fromage fromage(Schedule learningRate) {
    return Fromage.of(learningRate);
  }

  /**
   * Returns {@link Sm3}: Adagrad that keeps a number for each row and column.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Sm3 sm3(double learningRate) {
    return sm3(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Sm3}: Adagrad that keeps a number for each row and column.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Sm3 sm3(Schedule learningRate) {
    return Sm3.of(learningRate);
  }

  /**
   * Returns {@link Adafactor} with steps of the size of the parameters: Adam that keeps means of
   * rows and columns.
   *
   * @return the optimizer, to be followed by a schedule of the learning rate
   */
  public static Adafactor adafactor() {
    return Adafactor.defaults().learningRate(null);
  }

  /**
   * Returns {@link Adafactor}: Adam that keeps means of rows and columns, with steps relative to
   * the size of the parameters.
   *
   * @param learningRate the relative size of a step
   * @return the optimizer
   */
  public static Adafactor adafactor(double learningRate) {
    return adafactor(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Adafactor}: Adam that keeps means of rows and columns, with steps relative to
   * the size of the parameters.
   *
   * @param learningRate the relative size of a step
   * @return the optimizer
   */
  public static Adafactor adafactor(Schedule learningRate) {
    return Adafactor.defaults().learningRate(learningRate);
  }
}
