package dev.glissade.optimizer;

import dev.glissade.Schedule;
import dev.glissade.schedule.ConstantSchedule;

/**
 * The index of base optimizers. Each has the documented defaults, which its record states in {@code
 * of}; every option is set on what is returned: {@code adam(1e-3).b2(0.95).nesterov(true)}.
 */
public final class Optimizers {
  private Optimizers() {}

  /** Returns {@link Sgd}: gradient descent. */
  public static Sgd sgd(double learningRate) {
    return sgd(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Returns {@link Sgd}: gradient descent. */
  public static Sgd sgd(Schedule learningRate) {
    return Sgd.of(learningRate);
  }

  /** Returns {@link Adam} (Kingma and Ba 2014). */
  public static Adam adam(double learningRate) {
    return adam(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Returns {@link Adam} (Kingma and Ba 2014). */
  public static Adam adam(Schedule learningRate) {
    return Adam.of(learningRate);
  }

  /** Returns {@link AdamW} (Loshchilov and Hutter 2017). */
  public static AdamW adamw(double learningRate) {
    return adamw(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Returns {@link AdamW} (Loshchilov and Hutter 2017). */
  public static AdamW adamw(Schedule learningRate) {
    return AdamW.of(learningRate);
  }

  /** Returns {@link Lion} (Chen et al. 2023). */
  public static Lion lion(double learningRate) {
    return lion(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Returns {@link Lion} (Chen et al. 2023). */
  public static Lion lion(Schedule learningRate) {
    return Lion.of(learningRate);
  }

  /** Returns {@link RmsProp} (Hinton 2012). */
  public static RmsProp rmsprop(double learningRate) {
    return rmsprop(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Returns {@link RmsProp} (Hinton 2012). */
  public static RmsProp rmsprop(Schedule learningRate) {
    return RmsProp.of(learningRate);
  }

  /** Returns {@link Adagrad} (Duchi et al. 2011). */
  public static Adagrad adagrad(double learningRate) {
    return adagrad(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Returns {@link Adagrad} (Duchi et al. 2011). */
  public static Adagrad adagrad(Schedule learningRate) {
    return Adagrad.of(learningRate);
  }

  /** Returns {@link NoisySgd}: gradient descent with falling noise (Neelakantan et al. 2015). */
  public static NoisySgd noisySgd(double learningRate, long seed) {
    return noisySgd(ConstantSchedule.named("learningRate", learningRate), seed);
  }

  /** Returns {@link NoisySgd}: gradient descent with falling noise (Neelakantan et al. 2015). */
  public static NoisySgd noisySgd(Schedule learningRate, long seed) {
    return NoisySgd.of(learningRate, seed);
  }
}
