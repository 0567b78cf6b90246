package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;
import org.jspecify.annotations.Nullable;

/**
 * The index of this module. Most algorithms have a method without optional arguments and one with
 * Optax's arguments in Optax's order; {@link #cocob(double, double)} has only two of them. Each
 * returned record documents formula, paper, state and defaults and has a setter for every option,
 * our additions included: {@code prodigy().weightDecay(0.01)}.
 *
 * <p>A method throws {@link IllegalArgumentException} for an argument that breaks its rule.
 */
public final class Contrib {
  private Contrib() {}

  /**
   * Returns {@link Cocob} with its defaults: coin betting, without a learning rate.
   *
   * @return the optimizer
   */
  public static Cocob cocob() {
    return Cocob.defaults();
  }

  /**
   * Returns {@link Cocob} with two of Optax's arguments.
   *
   * @param alpha caution of the first bets, positive
   * @param eps the largest gradient before the first step, positive
   * @return the optimizer
   */
  public static Cocob cocob(double alpha, double eps) {
    return cocob().alpha(alpha).eps(eps);
  }

  /**
   * Returns {@link DAdaptAdamW} with its defaults: AdamW without a learning rate.
   *
   * @return the optimizer
   */
  public static DAdaptAdamW dadaptAdamw() {
    return DAdaptAdamW.defaults();
  }

  /**
   * Returns {@link DAdaptAdamW} with this factor of the learning rate and other defaults.
   *
   * @param learningRate multiplies the estimated learning rate; 1 by default
   * @return the optimizer
   */
  public static DAdaptAdamW dadaptAdamw(double learningRate) {
    return dadaptAdamw().learningRate(learningRate);
  }

  /**
   * Returns {@link DAdaptAdamW} with this schedule and other defaults.
   *
   * @param learningRate multiplies the estimated learning rate; best with 1 as its largest value
   * @return the optimizer
   */
  public static DAdaptAdamW dadaptAdamw(Schedule learningRate) {
    return dadaptAdamw().learningRate(learningRate);
  }

  /**
   * Returns {@link DAdaptAdamW} with Optax's arguments.
   *
   * @param learningRate multiplies the estimated learning rate; best with 1 as its largest value
   * @param betas decays of the moments
   * @param eps added to the root of the second moment, not negative
   * @param estimLr0 the first estimate, positive; rather too small than too large
   * @param weightDecay decoupled weight decay, times the learning rate
   * @return the optimizer
   */
  public static DAdaptAdamW dadaptAdamw(
      Schedule learningRate, Betas betas, double eps, double estimLr0, double weightDecay) {
    return new DAdaptAdamW(learningRate, betas, eps, estimLr0, weightDecay);
  }

  /**
   * Returns {@link Prodigy} with its defaults: AdamW without a learning rate, whose estimate grows
   * faster than D-Adaptation's.
   *
   * @return the optimizer
   */
  public static Prodigy prodigy() {
    return Prodigy.defaults();
  }

  /**
   * Returns {@link Prodigy} with this factor of the learning rate and other defaults.
   *
   * @param learningRate multiplies the estimated learning rate; 1 by default
   * @return the optimizer
   */
  public static Prodigy prodigy(double learningRate) {
    return prodigy().learningRate(learningRate);
  }

  /**
   * Returns {@link Prodigy} with this schedule and other defaults.
   *
   * @param learningRate multiplies the estimated learning rate; best with 1 as its largest value
   * @return the optimizer
   */
  public static Prodigy prodigy(Schedule learningRate) {
    return prodigy().learningRate(learningRate);
  }

  /**
   * Returns {@link Prodigy} with Optax's arguments.
   *
   * @param learningRate multiplies the estimated learning rate; best with 1 as its largest value
   * @param betas decays of the moments
   * @param beta3 decay of the estimate's sums, in [0, 1); null for the root of beta2
   * @param eps added to the root of the second moment, not negative
   * @param estimLr0 the first estimate, positive; rather too small than too large
   * @param estimLrCoef multiplies each new estimate, positive
   * @param weightDecay decoupled weight decay, times the learning rate
   * @return the optimizer
   */
  public static Prodigy prodigy(
      Schedule learningRate,
      Betas betas,
      @Nullable Double beta3,
      double eps,
      double estimLr0,
      double estimLrCoef,
      double weightDecay) {
    return prodigy(learningRate)
        .betas(betas)
        .beta3(beta3)
        .eps(eps)
        .estimLr0(estimLr0)
        .estimLrCoef(estimLrCoef)
        .weightDecay(weightDecay);
  }

  /**
   * Returns {@link Mechanic} with its defaults: learns the scale of another optimizer's updates.
   *
   * @param baseOptimizer the optimizer whose updates to scale, with a learning rate of at most 1
   * @return the optimizer
   */
  public static Mechanic mechanize(GradientTransformation<?> baseOptimizer) {
    return Mechanic.of(baseOptimizer);
  }

  /**
   * Returns {@link Mechanic} with Optax's arguments.
   *
   * @param baseOptimizer the optimizer whose updates to scale, with a learning rate of at most 1
   * @param weightDecay Mechanic's own, which is not the base optimizer's weight decay
   * @param eps keeps divisors from 0, not negative
   * @param sInit the first scale, positive
   * @param numBetas the number of decays to learn with, at least 1
   * @return the optimizer
   */
  public static Mechanic mechanize(
      GradientTransformation<?> baseOptimizer,
      double weightDecay,
      double eps,
      double sInit,
      int numBetas) {
    return mechanize(baseOptimizer)
        .weightDecay(weightDecay)
        .eps(eps)
        .sInit(sInit)
        .numBetas(numBetas);
  }

  /**
   * Returns {@link Normalize}: updates divided by the norm of the whole tree.
   *
   * @return the transformation
   */
  public static Normalize normalize() {
    return new Normalize();
  }

  /**
   * Returns {@link Sam} in transparent mode with its defaults: sharpness-aware minimization.
   *
   * @param optimizer the outer optimizer
   * @param advOptimizer the adversary, usually {@code chain(normalize(), sgd(rho))}
   * @return the optimizer
   */
  public static Sam sam(
      GradientTransformation<?> optimizer, GradientTransformation<?> advOptimizer) {
    return Sam.of(optimizer, advOptimizer);
  }

  /**
   * Returns {@link Sam} with Optax's arguments.
   *
   * @param optimizer the outer optimizer
   * @param advOptimizer the adversary, usually {@code chain(normalize(), sgd(rho))}
   * @param syncPeriod the number of gradients in a cycle, at least 1
   * @param resetState whether the adversary starts each cycle with a new state
   * @param opaqueMode whether a step is a whole cycle, with a gradient function among the extra
   *     arguments
   * @param batchAxisName in opaque mode, the name of the extra argument that is the {@link
   *     BatchAxis}; null for no averaging over replicas
   * @return the optimizer
   */
  public static Sam sam(
      GradientTransformation<?> optimizer,
      GradientTransformation<?> advOptimizer,
      int syncPeriod,
      boolean resetState,
      boolean opaqueMode,
      @Nullable String batchAxisName) {
    return new Sam(optimizer, advOptimizer, syncPeriod, resetState, opaqueMode, batchAxisName);
  }

  /**
   * Returns {@link DifferentiallyPrivateAggregate}: clips per-example gradients, adds them up and
   * adds noise. A known seed protects nobody.
   *
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @return the transformation
   */
  public static DifferentiallyPrivateAggregate differentiallyPrivateAggregate(
      double l2NormClip, double noiseMultiplier, long seed) {
    return DifferentiallyPrivateAggregate.of(l2NormClip, noiseMultiplier, seed);
  }

  /**
   * Returns {@link Dpsgd} without momentum: private gradient descent. A known seed protects nobody.
   *
   * @param learningRate multiplies the clipped, noisy mean gradient, finite
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @return the optimizer
   */
  public static Dpsgd dpsgd(
      double learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return dpsgd(
        ConstantSchedule.named("learningRate", learningRate), l2NormClip, noiseMultiplier, seed);
  }

  /**
   * Returns {@link Dpsgd} without momentum: private gradient descent. A known seed protects nobody.
   *
   * @param learningRate multiplies the clipped, noisy mean gradient
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @return the optimizer
   */
  public static Dpsgd dpsgd(
      Schedule learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return Dpsgd.of(learningRate, l2NormClip, noiseMultiplier, seed);
  }

  /**
   * Returns {@link Dpsgd} with Optax's arguments.
   *
   * @param learningRate multiplies the clipped, noisy mean gradient
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @param momentum decay of the momentum, not negative; null for no momentum
   * @param nesterov whether to use Nesterov momentum
   * @return the optimizer
   */
  public static Dpsgd dpsgd(
      Schedule learningRate,
      double l2NormClip,
      double noiseMultiplier,
      long seed,
      @Nullable Double momentum,
      boolean nesterov) {
    return Dpsgd.of(learningRate, l2NormClip, noiseMultiplier, seed)
        .momentum(momentum)
        .nesterov(nesterov);
  }

  /**
   * Returns {@link SplitRealAndImaginary}: an optimizer for real parameters, on complex ones.
   *
   * @param inner the transformation of the real leaves
   * @return the transformation
   */
  public static SplitRealAndImaginary splitRealAndImaginary(GradientTransformation<?> inner) {
    return new SplitRealAndImaginary(inner);
  }

  /**
   * Returns {@link ScheduleFree} with its defaults: averages another optimizer's iterates in place
   * of a decaying learning rate.
   *
   * @param baseOptimizer the optimizer, without momentum
   * @param learningRate its learning rate
   * @return the optimizer
   */
  public static ScheduleFree scheduleFree(
      GradientTransformation<?> baseOptimizer, double learningRate) {
    return scheduleFree(baseOptimizer, ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link ScheduleFree} with its defaults: averages another optimizer's iterates in place
   * of a decaying learning rate.
   *
   * @param baseOptimizer the optimizer, without momentum
   * @param learningRate its learning rate, best a warm-up and then a constant
   * @return the optimizer
   */
  public static ScheduleFree scheduleFree(
      GradientTransformation<?> baseOptimizer, Schedule learningRate) {
    return ScheduleFree.of(baseOptimizer, learningRate);
  }

  /**
   * Returns {@link ScheduleFreeSgd} with its defaults: Schedule-Free gradient descent.
   *
   * @return the optimizer
   */
  public static ScheduleFreeSgd scheduleFreeSgd() {
    return ScheduleFreeSgd.defaults();
  }

  /**
   * Returns {@link ScheduleFreeSgd} with this learning rate and other defaults.
   *
   * @param learningRate multiplies the gradients; 1 by default
   * @return the optimizer
   */
  public static ScheduleFreeSgd scheduleFreeSgd(double learningRate) {
    return scheduleFreeSgd().learningRate(learningRate);
  }

  /**
   * Returns {@link ScheduleFreeAdamW} with its defaults: Schedule-Free AdamW.
   *
   * @return the optimizer
   */
  public static ScheduleFreeAdamW scheduleFreeAdamw() {
    return ScheduleFreeAdamW.defaults();
  }

  /**
   * Returns {@link ScheduleFreeAdamW} with this learning rate and other defaults.
   *
   * @param learningRate multiplies the scaled gradients; 0.0025 by default
   * @return the optimizer
   */
  public static ScheduleFreeAdamW scheduleFreeAdamw(double learningRate) {
    return scheduleFreeAdamw().learningRate(learningRate);
  }

  /**
   * Returns the parameters to evaluate of Schedule-Free, also of a state that a chain, a mask or
   * another combinator holds; leaves that it does not step stay as they are. {@code
   * optimizer.evalParams} and {@code stepper.evalParams} do the same for all optimizers.
   *
   * @param state the state of {@link ScheduleFree}, or one that holds such a state
   * @param params the stepped parameters
   * @return the averages, evaluated
   * @throws IllegalArgumentException if the state holds none of Schedule-Free, or the parameters
   *     lack leaves that it has
   */
  public static Tree scheduleFreeEvalParams(Object state, Tree params) {
    return ScheduleFree.averages(state, params).evaluate();
  }

  /**
   * Returns {@link Acprop} with its defaults: divides by how far earlier gradients were from their
   * mean.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Acprop acprop(double learningRate) {
    return acprop(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Acprop} with its defaults: divides by how far earlier gradients were from their
   * mean.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Acprop acprop(Schedule learningRate) {
    return Acprop.of(learningRate);
  }

  /**
   * Returns {@link ScaleByAcprop} with its defaults: the scaling of {@link Acprop}.
   *
   * @return the transformation
   */
  public static ScaleByAcprop scaleByAcprop() {
    return ScaleByAcprop.defaults();
  }

  /**
   * Returns {@link Ademamix} with its defaults: AdamW with a second, much slower mean of gradients.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Ademamix ademamix(double learningRate) {
    return ademamix(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Ademamix} with its defaults: AdamW with a second, much slower mean of gradients.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Ademamix ademamix(Schedule learningRate) {
    return Ademamix.of(learningRate);
  }

  /**
   * Returns {@link ScaleByAdemamix} with its defaults: the scaling of {@link Ademamix}.
   *
   * @return the transformation
   */
  public static ScaleByAdemamix scaleByAdemamix() {
    return ScaleByAdemamix.defaults();
  }

  /**
   * Returns {@link SimplifiedAdemamix} with its defaults: one slow sum of gradients, and the
   * gradient.
   *
   * @param learningRate multiplies the scaled gradients and the decay; about a hundredth of AdamW's
   * @return the optimizer
   */
  public static SimplifiedAdemamix simplifiedAdemamix(double learningRate) {
    return simplifiedAdemamix(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link SimplifiedAdemamix} with its defaults: one slow sum of gradients, and the
   * gradient.
   *
   * @param learningRate multiplies the scaled gradients and the decay; about a hundredth of AdamW's
   * @return the optimizer
   */
  public static SimplifiedAdemamix simplifiedAdemamix(Schedule learningRate) {
    return SimplifiedAdemamix.of(learningRate);
  }

  /**
   * Returns {@link ScaleBySimplifiedAdemamix} with its defaults: the scaling of {@link
   * SimplifiedAdemamix}.
   *
   * @return the transformation
   */
  public static ScaleBySimplifiedAdemamix scaleBySimplifiedAdemamix() {
    return ScaleBySimplifiedAdemamix.defaults();
  }

  /**
   * Returns {@link Adopt} with its defaults: Adam that converges for any b2.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adopt adopt(double learningRate) {
    return adopt(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Adopt} with its defaults: Adam that converges for any b2.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adopt adopt(Schedule learningRate) {
    return Adopt.of(learningRate);
  }

  /**
   * Returns {@link ScaleByAdopt} with its defaults: the scaling of {@link Adopt}.
   *
   * @return the transformation
   */
  public static ScaleByAdopt scaleByAdopt() {
    return ScaleByAdopt.defaults();
  }

  /**
   * Returns {@link Madgrad} with its defaults: adaptive steps by dual averaging.
   *
   * @param learningRate weighs the gradients
   * @return the optimizer
   */
  public static Madgrad madgrad(double learningRate) {
    return madgrad(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Madgrad} with its defaults: adaptive steps by dual averaging.
   *
   * @param learningRate weighs the gradients
   * @return the optimizer
   */
  public static Madgrad madgrad(Schedule learningRate) {
    return Madgrad.of(learningRate);
  }

  /**
   * Returns {@link ScaleByMadgrad} with its defaults: the steps of {@link Madgrad}, which are to be
   * added as they are.
   *
   * @param learningRate weighs the gradients
   * @return the transformation
   */
  public static ScaleByMadgrad scaleByMadgrad(Schedule learningRate) {
    return ScaleByMadgrad.of(learningRate);
  }

  /**
   * Returns {@link Muon} with its defaults: momentum with singular values close to 1 for matrices,
   * AdamW for all other leaves.
   *
   * @param learningRate multiplies the updates; 0.02 is usual
   * @return the optimizer
   */
  public static Muon muon(double learningRate) {
    return muon(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Muon} with its defaults: momentum with singular values close to 1 for matrices,
   * AdamW for all other leaves.
   *
   * @param learningRate multiplies the updates
   * @return the optimizer
   */
  public static Muon muon(Schedule learningRate) {
    return Muon.of(learningRate);
  }

  /**
   * Returns {@link Muon} as NorMuon: with neuronBeta = 0.95 and consistentRms = 0.2, as in the
   * paper.
   *
   * @param learningRate multiplies the updates; that of AdamW is usual
   * @return the optimizer
   */
  public static Muon norMuon(double learningRate) {
    return muon(learningRate).neuronBeta(0.95).consistentRms(0.2);
  }

  /**
   * Returns {@link ScaleByMuon} with its defaults: the scaling of {@link Muon}.
   *
   * @return the transformation
   */
  public static ScaleByMuon scaleByMuon() {
    return ScaleByMuon.defaults();
  }

  /**
   * Returns {@link Galore} with its defaults: Adam in subspaces of low rank, for large matrices.
   *
   * @param learningRate multiplies the updates
   * @return the optimizer
   */
  public static Galore galore(double learningRate) {
    return galore(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Galore} with its defaults: Adam in subspaces of low rank, for large matrices.
   *
   * @param learningRate multiplies the updates
   * @return the optimizer
   */
  public static Galore galore(Schedule learningRate) {
    return Galore.of(learningRate);
  }

  /**
   * Returns {@link ScaleByGalore} with its defaults: the projection of {@link Galore}.
   *
   * @return the transformation
   */
  public static ScaleByGalore scaleByGalore() {
    return ScaleByGalore.defaults();
  }

  /**
   * Returns {@link Soap} with its defaults: Adam in the eigenbases of Shampoo's preconditioner.
   *
   * @param learningRate multiplies the updates; 3e-3 is usual
   * @return the optimizer
   */
  public static Soap soap(double learningRate) {
    return soap(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Soap} with its defaults: Adam in the eigenbases of Shampoo's preconditioner.
   *
   * @param learningRate multiplies the updates
   * @return the optimizer
   */
  public static Soap soap(Schedule learningRate) {
    return Soap.of(learningRate);
  }

  /**
   * Returns {@link ScaleBySoap} with its defaults: the scaling of {@link Soap}.
   *
   * @return the transformation
   */
  public static ScaleBySoap scaleBySoap() {
    return ScaleBySoap.defaults();
  }

  /**
   * Returns {@link Dog} with its defaults: distance over gradients, without a learning rate.
   *
   * @return the optimizer
   */
  public static Dog dog() {
    return Dog.defaults();
  }

  /**
   * Returns {@link Dowg} with its defaults: distance over weighted gradients, without a learning
   * rate.
   *
   * @return the optimizer
   */
  public static Dowg dowg() {
    return Dowg.defaults();
  }

  /**
   * Returns {@link Momo} with its defaults: momentum whose step size comes from the loss.
   *
   * @return the optimizer
   */
  public static Momo momo() {
    return Momo.defaults();
  }

  /**
   * Returns {@link Momo} with this learning rate and other defaults: momentum whose step size comes
   * from the loss.
   *
   * @param learningRate the largest step; 1 by default
   * @return the optimizer
   */
  public static Momo momo(double learningRate) {
    return momo().learningRate(learningRate);
  }

  /**
   * Returns {@link MomoAdam} with its defaults: Adam whose step size comes from the loss.
   *
   * @return the optimizer
   */
  public static MomoAdam momoAdam() {
    return MomoAdam.defaults();
  }

  /**
   * Returns {@link MomoAdam} with this learning rate and other defaults: Adam whose step size comes
   * from the loss.
   *
   * @param learningRate the largest step; 0.01 by default
   * @return the optimizer
   */
  public static MomoAdam momoAdam(double learningRate) {
    return momoAdam().learningRate(learningRate);
  }

  /**
   * Returns {@link ReduceOnPlateau} with its defaults: reduces updates when the loss stops falling.
   *
   * @return the transformation
   */
  public static ReduceOnPlateau reduceOnPlateau() {
    return ReduceOnPlateau.defaults();
  }

  /**
   * Returns {@link Sophia} with its defaults: divides by an estimate of the curvature, and clips.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Sophia sophia(double learningRate) {
    return sophia(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Sophia} with its defaults: divides by an estimate of the curvature, and clips.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Sophia sophia(Schedule learningRate) {
    return Sophia.of(learningRate);
  }

  /**
   * Returns {@link HutchinsonEstimatorDiagHessian}: estimates the diagonal of the Hessian by random
   * signs.
   *
   * @param randomSeed the seed of the signs
   * @return the transformation
   */
  public static HutchinsonEstimatorDiagHessian hutchinsonEstimatorDiagHessian(long randomSeed) {
    return new HutchinsonEstimatorDiagHessian(randomSeed);
  }

  /**
   * Returns {@link Asam} with its defaults: sharpness-aware minimization relative to the size of
   * each parameter.
   *
   * @param optimizer the outer optimizer
   * @return the optimizer
   */
  public static Asam asam(GradientTransformation<?> optimizer) {
    return Asam.of(optimizer);
  }

  /**
   * Returns {@link Asam} with other defaults: sharpness-aware minimization relative to the size of
   * each parameter.
   *
   * @param optimizer the outer optimizer
   * @param rho the length of the climb
   * @return the optimizer
   */
  public static Asam asam(GradientTransformation<?> optimizer, double rho) {
    return asam(optimizer).rho(ConstantSchedule.named("rho", rho));
  }

  /**
   * Returns {@link AdaptiveNormalize}: points the adversary of {@link Asam} uphill.
   *
   * @param eta added to the size of each parameter, not negative
   * @return the transformation
   */
  public static AdaptiveNormalize adaptiveNormalize(double eta) {
    return new AdaptiveNormalize(eta);
  }

  /**
   * Returns {@link LaProp}: Adam that divides gradients before it takes their mean.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static LaProp laprop(double learningRate) {
    return laprop(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link LaProp}: Adam that divides gradients before it takes their mean.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static LaProp laprop(Schedule learningRate) {
    return LaProp.of(learningRate);
  }

  /**
   * Returns {@link ScaleByLaprop} with its defaults: LaProp's scaling, without a learning rate.
   *
   * @return the transformation
   */
  public static ScaleByLaprop scaleByLaprop() {
    return ScaleByLaprop.defaults();
  }

  /**
   * Returns {@link Mars}: AdamW with gradients of less variance.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Mars mars(double learningRate) {
    return mars(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link Mars}: AdamW with gradients of less variance.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Mars mars(Schedule learningRate) {
    return Mars.of(learningRate);
  }

  /**
   * Returns {@link MarsGradient} with its defaults: gradients of less variance, for any optimizer.
   *
   * @return the transformation
   */
  public static MarsGradient marsGradient() {
    return MarsGradient.defaults();
  }

  /**
   * Returns {@link GrokfastEma} with its defaults: gradients with a multiple of their mean added.
   *
   * @return the transformation
   */
  public static GrokfastEma grokfastEma() {
    return GrokfastEma.defaults();
  }

  /**
   * Returns {@link Ftrl}: FTRL-Proximal, for sparse linear models.
   *
   * @param learningRate the paper's alpha, positive
   * @return the optimizer
   */
  public static Ftrl ftrl(double learningRate) {
    return Ftrl.of(learningRate);
  }

  /**
   * Returns {@link Cautious}: an optimizer's updates without what goes uphill.
   *
   * @param baseOptimizer the optimizer whose updates to mask, with momentum
   * @return the optimizer
   */
  public static Cautious cautious(GradientTransformation<?> baseOptimizer) {
    return Cautious.of(baseOptimizer);
  }

  /**
   * Returns {@link AddCautiousWeightDecay}: weight decay where it agrees with the update.
   *
   * @param weightDecay the factor of the parameters
   * @return the transformation
   */
  public static AddCautiousWeightDecay addCautiousWeightDecay(double weightDecay) {
    return addCautiousWeightDecay(ConstantSchedule.named("weightDecay", weightDecay));
  }

  /**
   * Returns {@link AddCautiousWeightDecay}: weight decay where it agrees with the update.
   *
   * @param weightDecay the factor of the parameters
   * @return the transformation
   */
  public static AddCautiousWeightDecay addCautiousWeightDecay(Schedule weightDecay) {
    return AddCautiousWeightDecay.of(weightDecay);
  }

  /**
   * Returns {@link StableAdamW} with its defaults: AdamW with smaller steps where gradients are
   * suddenly large.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static StableAdamW stableAdamw(double learningRate) {
    return stableAdamw(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link StableAdamW} with its defaults: AdamW with smaller steps where gradients are
   * suddenly large.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static StableAdamW stableAdamw(Schedule learningRate) {
    return StableAdamW.of(learningRate);
  }

  /**
   * Returns {@link AdamMini} with its defaults: AdamW with one second moment for each output unit.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamMini adamMini(double learningRate) {
    return adamMini(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link AdamMini} with its defaults: AdamW with one second moment for each output unit.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamMini adamMini(Schedule learningRate) {
    return AdamMini.of(learningRate);
  }
}
