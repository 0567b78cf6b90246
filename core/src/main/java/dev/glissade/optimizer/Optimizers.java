package dev.glissade.optimizer;

import dev.glissade.Schedule;
import dev.glissade.schedule.ConstantSchedule;

/**
 * The base optimizers by name. Each has the documented defaults; options are set on what is given
 * back: {@code adam(1e-3).b2(0.95).nesterov(true)}.
 */
public final class Optimizers {
  private Optimizers() {}

  /** Gradient descent, without momentum unless set. */
  public static Sgd sgd(double learningRate) {
    return sgd(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Gradient descent, without momentum unless set. */
  public static Sgd sgd(Schedule learningRate) {
    return Sgd.of(learningRate);
  }

  /** Adam (Kingma and Ba 2014). */
  public static Adam adam(double learningRate) {
    return adam(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Adam (Kingma and Ba 2014). */
  public static Adam adam(Schedule learningRate) {
    return Adam.of(learningRate);
  }

  /** AdamW (Loshchilov and Hutter 2017), weightDecay 1e-4 unless set. */
  public static AdamW adamw(double learningRate) {
    return adamw(ConstantSchedule.named("learningRate", learningRate));
  }

  /** AdamW (Loshchilov and Hutter 2017), weightDecay 1e-4 unless set. */
  public static AdamW adamw(Schedule learningRate) {
    return AdamW.of(learningRate);
  }

  /** Lion (Chen et al. 2023), weightDecay 1e-3 unless set. */
  public static Lion lion(double learningRate) {
    return lion(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Lion (Chen et al. 2023), weightDecay 1e-3 unless set. */
  public static Lion lion(Schedule learningRate) {
    return Lion.of(learningRate);
  }

  /** RMSProp (Hinton 2012). */
  public static RmsProp rmsprop(double learningRate) {
    return rmsprop(ConstantSchedule.named("learningRate", learningRate));
  }

  /** RMSProp (Hinton 2012). */
  public static RmsProp rmsprop(Schedule learningRate) {
    return RmsProp.of(learningRate);
  }

  /** Adagrad (Duchi et al. 2011). */
  public static Adagrad adagrad(double learningRate) {
    return adagrad(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Adagrad (Duchi et al. 2011). */
  public static Adagrad adagrad(Schedule learningRate) {
    return Adagrad.of(learningRate);
  }

  /** Gradient descent with falling noise (Neelakantan et al. 2015). */
  public static NoisySgd noisySgd(double learningRate, long seed) {
    return noisySgd(ConstantSchedule.named("learningRate", learningRate), seed);
  }

  /** Gradient descent with falling noise (Neelakantan et al. 2015). */
  public static NoisySgd noisySgd(Schedule learningRate, long seed) {
    return NoisySgd.of(learningRate, seed);
  }
}
