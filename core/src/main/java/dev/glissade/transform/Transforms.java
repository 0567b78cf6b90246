package dev.glissade.transform;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.combine.ApplyIfFinite;
import dev.glissade.combine.Chain;
import dev.glissade.combine.ConditionallyMask;
import dev.glissade.combine.ConditionallyTransform;
import dev.glissade.combine.Flatten;
import dev.glissade.combine.Freeze;
import dev.glissade.combine.Identity;
import dev.glissade.combine.InjectHyperparams;
import dev.glissade.combine.Lawa;
import dev.glissade.combine.Lookahead;
import dev.glissade.combine.Masked;
import dev.glissade.combine.MasterWeights;
import dev.glissade.combine.Measure;
import dev.glissade.combine.MeasureWithEma;
import dev.glissade.combine.Monitor;
import dev.glissade.combine.MultiSteps;
import dev.glissade.combine.NamedChain;
import dev.glissade.combine.ParamsEma;
import dev.glissade.combine.Partition;
import dev.glissade.combine.PathLabels;
import dev.glissade.combine.PathMask;
import dev.glissade.combine.SelectiveTransform;
import dev.glissade.combine.SetToZero;
import dev.glissade.combine.Snapshot;
import dev.glissade.combine.StatefulMeasure;
import dev.glissade.combine.StepCondition;
import dev.glissade.combine.Swa;
import dev.glissade.projection.Projection;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The index of this package and of {@link dev.glissade.combine}: the building blocks of optimizers,
 * and the combinators. Each method returns a record that documents its formula, state and defaults,
 * and has a setter for each option: {@code scaleByAdam().b2(0.95)}.
 *
 * <p>A method throws {@link IllegalArgumentException} for an argument that breaks its rule.
 */
public final class Transforms {
  private Transforms() {}

  /**
   * Returns a {@link Chain}: transformations one after another.
   *
   * @param transformations in the order in which they see the updates
   * @return the chain
   */
  public static Chain chain(GradientTransformation<?>... transformations) {
    return Chain.of(transformations);
  }

  /**
   * Returns a {@link Chain}: transformations one after another.
   *
   * @param transformations in the order in which they see the updates
   * @return the chain
   */
  public static Chain chain(List<? extends GradientTransformation<?>> transformations) {
    return new Chain(transformations);
  }

  /**
   * Returns a {@link NamedChain}: a chain whose links have names.
   *
   * @param transformations by name, in the map's order
   * @return the chain
   */
  public static NamedChain namedChain(
      Map<String, ? extends GradientTransformation<?>> transformations) {
    return new NamedChain(transformations);
  }

  /**
   * Returns an {@link Identity}: updates unchanged.
   *
   * @return the transformation
   */
  public static Identity identity() {
    return new Identity();
  }

  /**
   * Returns a transformation that applies a function and keeps no state.
   *
   * @param function from updates and parameters to new updates, deferred; it describes arithmetic
   *     and computes nothing
   * @return the transformation
   */
  public static Stateless stateless(BinaryOperator<Tree> function) {
    return function::apply;
  }

  /**
   * Returns a {@link Masked}: a transformation of some leaves; updates of others pass unchanged.
   *
   * @param inner the transformation of the accepted leaves
   * @param mask accepts the paths of the leaves to transform
   * @return the transformation
   */
  public static Masked masked(GradientTransformation<?> inner, Predicate<String> mask) {
    return new Masked(inner, mask);
  }

  /**
   * Returns a {@link Masked} by patterns, as {@link PathMask} reads them: {@code masked(adam,
   * "head/*")}.
   *
   * @param inner the transformation of the accepted leaves
   * @param path a pattern of the leaves to transform
   * @param more further patterns
   * @return the transformation
   */
  public static Masked masked(GradientTransformation<?> inner, String path, String... more) {
    List<String> patterns = new ArrayList<>(List.of(path));
    patterns.addAll(List.of(more));
    return new Masked(inner, new PathMask(patterns));
  }

  /**
   * Returns a {@link SetToZero}: updates of 0.
   *
   * @return the transformation
   */
  public static SetToZero setToZero() {
    return new SetToZero();
  }

  /**
   * Returns a {@link Freeze}: updates of 0 for some leaves, others unchanged.
   *
   * @param mask accepts the paths of the leaves to freeze
   * @return the transformation
   */
  public static Freeze freeze(Predicate<String> mask) {
    return new Freeze(mask);
  }

  /**
   * Returns a {@link Freeze} by patterns, as {@link PathMask} reads them: {@code
   * freeze("encoder/*")}.
   *
   * @param paths patterns of the leaves to freeze; without any, nothing is frozen
   * @return the transformation
   */
  public static Freeze freeze(String... paths) {
    return new Freeze(PathMask.of(paths));
  }

  /**
   * Returns a {@link SelectiveTransform}: an optimizer for some leaves that never sees the frozen
   * ones.
   *
   * @param optimizer the optimizer of the leaves that are not frozen
   * @param freezeMask accepts the paths of the leaves to freeze
   * @return the transformation
   */
  public static SelectiveTransform selectiveTransform(
      GradientTransformation<?> optimizer, Predicate<String> freezeMask) {
    return new SelectiveTransform(optimizer, freezeMask);
  }

  /**
   * Returns a {@link Partition}: a different transformation for each group of leaves.
   *
   * @param transforms the transformations by label
   * @param paramLabels the label of a leaf, from its path
   * @return the transformation
   */
  public static Partition partition(
      Map<String, ? extends GradientTransformation<?>> transforms,
      Function<String, String> paramLabels) {
    return new Partition(transforms, paramLabels);
  }

  /**
   * Returns a {@link Partition} by patterns, as {@link PathLabels} reads them: {@code
   * partition(Map.of("slow", sgd(0.01), "fast", adam(0.1)), Map.of("encoder/*", "slow", "head/*",
   * "fast"))}.
   *
   * @param transforms the transformations by label
   * @param labels the labels by pattern
   * @return the transformation
   */
  public static Partition partition(
      Map<String, ? extends GradientTransformation<?>> transforms, Map<String, String> labels) {
    return partition(transforms, new PathLabels(labels));
  }

  /**
   * Returns an {@link ApplyIfFinite}: skips steps whose gradients hold a NaN or an infinity.
   *
   * @param inner the transformation whose steps may be skipped
   * @param maxConsecutiveErrors the largest number of steps in a row to skip, not negative
   * @return the transformation
   */
  public static ApplyIfFinite applyIfFinite(
      GradientTransformation<?> inner, int maxConsecutiveErrors) {
    return new ApplyIfFinite(inner, maxConsecutiveErrors);
  }

  /**
   * Returns a {@link MultiSteps}: accumulates k gradients and steps with their mean.
   *
   * @param opt the transformation that takes the accumulated gradients
   * @param everyK the number of gradients to accumulate, at least 1
   * @return the transformation
   */
  public static MultiSteps multiSteps(GradientTransformation<?> opt, int everyK) {
    return multiSteps(opt, new ConstantSchedule(Check.atLeast("everyK", 1, everyK)));
  }

  /**
   * Returns a {@link MultiSteps}: accumulates k gradients and steps with their mean.
   *
   * @param opt the transformation that takes the accumulated gradients
   * @param everyKSchedule k as a function of the number of inner steps taken
   * @return the transformation
   */
  public static MultiSteps multiSteps(GradientTransformation<?> opt, Schedule everyKSchedule) {
    return MultiSteps.of(opt, everyKSchedule);
  }

  /**
   * Returns a {@link MasterWeights}: an optimizer on a float32 copy of 16-bit parameters.
   *
   * @param inner the optimizer of the copy
   * @return the transformation
   */
  public static MasterWeights masterWeights(GradientTransformation<?> inner) {
    return new MasterWeights(inner);
  }

  /**
   * Returns an {@link InjectHyperparams}: an optimizer whose hyperparameters can be read and
   * changed during training.
   *
   * @param inner an optimizer that is a record of hyperparameters
   * @return the transformation
   */
  public static InjectHyperparams injectHyperparams(GradientTransformation<?> inner) {
    return new InjectHyperparams(inner);
  }

  /**
   * Returns a {@link ClipByGlobalNorm}: scales updates so that their global norm is at most
   * maxNorm.
   *
   * @param maxNorm the largest norm of the whole tree, not negative; infinity clips nothing
   * @return the transformation
   */
  public static ClipByGlobalNorm clipByGlobalNorm(double maxNorm) {
    return new ClipByGlobalNorm(maxNorm);
  }

  /**
   * Returns a {@link Clip}: bounds each element.
   *
   * @param maxDelta the largest absolute value of an element, not negative; infinity clips nothing
   * @return the transformation
   */
  public static Clip clip(double maxDelta) {
    return new Clip(maxDelta);
  }

  /**
   * Returns {@link AddDecayedWeights}: weight decay on all leaves.
   *
   * @param weightDecay the factor of the parameters, finite
   * @return the transformation
   */
  public static AddDecayedWeights addDecayedWeights(double weightDecay) {
    return addDecayedWeights(ConstantSchedule.named("weightDecay", weightDecay));
  }

  /**
   * Returns {@link AddDecayedWeights}: weight decay on all leaves.
   *
   * @param weightDecay the factor of the parameters
   * @return the transformation
   */
  public static AddDecayedWeights addDecayedWeights(Schedule weightDecay) {
    return AddDecayedWeights.of(weightDecay);
  }

  /**
   * Returns a {@link Trace}: momentum, as a decaying sum of gradients.
   *
   * @param decay weight of the old trace, not negative
   * @return the transformation
   */
  public static Trace trace(double decay) {
    return Trace.of(decay);
  }

  /**
   * Returns an {@link Ema}: a debiased exponential moving average of updates.
   *
   * @param decay weight of the old average, in [0, 1)
   * @return the transformation
   */
  public static Ema ema(double decay) {
    return Ema.of(decay);
  }

  /**
   * Returns a {@link Scale}: multiplies updates by a constant.
   *
   * @param stepSize the factor, finite; negative for descent
   * @return the transformation
   */
  public static Scale scale(double stepSize) {
    return new Scale(stepSize);
  }

  /**
   * Returns a {@link ScaleByLearningRate}: multiplies updates by minus the learning rate.
   *
   * @param learningRate the learning rate, finite
   * @return the transformation
   */
  public static ScaleByLearningRate scaleByLearningRate(double learningRate) {
    return scaleByLearningRate(ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns a {@link ScaleByLearningRate}: multiplies updates by minus the learning rate.
   *
   * @param learningRate the learning rate
   * @return the transformation
   */
  public static ScaleByLearningRate scaleByLearningRate(Schedule learningRate) {
    return ScaleByLearningRate.of(learningRate);
  }

  /**
   * Returns a {@link ScaleBySchedule}: multiplies updates by a schedule's value, with its sign.
   *
   * @param stepSizeFn the factor as a function of the number of steps taken
   * @return the transformation
   */
  public static ScaleBySchedule scaleBySchedule(Schedule stepSizeFn) {
    return new ScaleBySchedule(stepSizeFn);
  }

  /**
   * Returns {@link ScaleByAdam} with its defaults: gradients scaled as by Adam, without a learning
   * rate.
   *
   * @return the transformation
   */
  public static ScaleByAdam scaleByAdam() {
    return ScaleByAdam.defaults();
  }

  /**
   * Returns {@link ScaleByLion} with its defaults: the sign of momentum.
   *
   * @return the transformation
   */
  public static ScaleByLion scaleByLion() {
    return ScaleByLion.defaults();
  }

  /**
   * Returns {@link ScaleByLbfgs} with its defaults: gradients times an estimate of the inverse
   * Hessian.
   *
   * @return the transformation
   */
  public static ScaleByLbfgs scaleByLbfgs() {
    return ScaleByLbfgs.defaults();
  }

  /**
   * Returns {@link ScaleByLbfgsb} with its defaults: the way to the minimum of a quadratic model
   * within bounds.
   *
   * @param bounds a projection of each element to an interval
   * @return the transformation
   */
  public static ScaleByLbfgsb scaleByLbfgsb(Projection bounds) {
    return ScaleByLbfgsb.of(bounds);
  }

  /**
   * Returns {@link ScaleByBacktrackingLinesearch} with its defaults: makes the step smaller until
   * the loss decreases.
   *
   * @param maxBacktrackingSteps how often to make the step smaller
   * @return the transformation
   */
  public static ScaleByBacktrackingLinesearch scaleByBacktrackingLinesearch(
      int maxBacktrackingSteps) {
    return ScaleByBacktrackingLinesearch.of(maxBacktrackingSteps);
  }

  /**
   * Returns {@link ScaleByZoomLinesearch} with its defaults: finds a step that fulfils the strong
   * Wolfe conditions.
   *
   * @param maxLinesearchSteps how often to evaluate the loss
   * @return the transformation
   */
  public static ScaleByZoomLinesearch scaleByZoomLinesearch(int maxLinesearchSteps) {
    return ScaleByZoomLinesearch.of(maxLinesearchSteps);
  }

  /**
   * Returns {@link ScaleByPolyak} with its defaults: gradients times Polyak's step size.
   *
   * @return the transformation
   */
  public static ScaleByPolyak scaleByPolyak() {
    return ScaleByPolyak.defaults();
  }

  /**
   * Returns {@link ScaleByRms} with its defaults: gradients divided by the root of a mean of their
   * squares.
   *
   * @return the transformation
   */
  public static ScaleByRms scaleByRms() {
    return ScaleByRms.defaults();
  }

  /**
   * Returns {@link ScaleByRss} with its defaults: gradients divided by the root of the sum of their
   * squares.
   *
   * @return the transformation
   */
  public static ScaleByRss scaleByRss() {
    return ScaleByRss.defaults();
  }

  /**
   * Returns {@link ScaleByStddev} with its defaults: gradients divided by their standard deviation.
   *
   * @return the transformation
   */
  public static ScaleByStddev scaleByStddev() {
    return ScaleByStddev.defaults();
  }

  /**
   * Returns {@link ScaleByAdamax} with its defaults: gradients divided by a decaying maximum.
   *
   * @return the transformation
   */
  public static ScaleByAdamax scaleByAdamax() {
    return ScaleByAdamax.defaults();
  }

  /**
   * Returns {@link ScaleByAmsgrad} with its defaults: Adam's scaling by the largest second moment.
   *
   * @return the transformation
   */
  public static ScaleByAmsgrad scaleByAmsgrad() {
    return ScaleByAmsgrad.defaults();
  }

  /**
   * Returns {@link ScaleByBelief} with its defaults: AdaBelief's scaling.
   *
   * @return the transformation
   */
  public static ScaleByBelief scaleByBelief() {
    return ScaleByBelief.defaults();
  }

  /**
   * Returns {@link ScaleByYogi} with its defaults: Adam's scaling by a moment that falls slowly.
   *
   * @return the transformation
   */
  public static ScaleByYogi scaleByYogi() {
    return ScaleByYogi.defaults();
  }

  /**
   * Returns {@link ScaleByRadam} with its defaults: Adam's scaling, which warms up by itself.
   *
   * @return the transformation
   */
  public static ScaleByRadam scaleByRadam() {
    return ScaleByRadam.defaults();
  }

  /**
   * Returns {@link ScaleByAdan} with its defaults: Adan's scaling, with differences of gradients.
   *
   * @return the transformation
   */
  public static ScaleByAdan scaleByAdan() {
    return ScaleByAdan.defaults();
  }

  /**
   * Returns {@link ScaleByAdadelta} with its defaults: gradients scaled to the size of updates.
   *
   * @return the transformation
   */
  public static ScaleByAdadelta scaleByAdadelta() {
    return ScaleByAdadelta.defaults();
  }

  /**
   * Returns {@link ScaleByRprop}: minus the sign of gradients, times a step size for each element.
   *
   * @param learningRate the step size before the first step, positive
   * @return the transformation
   */
  public static ScaleByRprop scaleByRprop(double learningRate) {
    return ScaleByRprop.of(learningRate);
  }

  /**
   * Returns {@link ScaleBySign}: the sign of updates.
   *
   * @return the transformation
   */
  public static ScaleBySign scaleBySign() {
    return new ScaleBySign();
  }

  /**
   * Returns {@link ScaleByOptimisticGradient} with its defaults: gradients with their change added.
   *
   * @return the transformation
   */
  public static ScaleByOptimisticGradient scaleByOptimisticGradient() {
    return ScaleByOptimisticGradient.defaults();
  }

  /**
   * Returns an {@link AddNoise}: adds normal noise of variance {@code eta / t^gamma}.
   *
   * @param eta variance of the noise at the first step, not negative
   * @param gamma exponent with which the variance decays
   * @param seed the seed of the random generator
   * @return the transformation
   */
  public static AddNoise addNoise(double eta, double gamma, long seed) {
    return new AddNoise(eta, gamma, seed);
  }

  /**
   * Returns a {@link ZeroNans}: replaces NaN by 0.
   *
   * @return the transformation
   */
  public static ZeroNans zeroNans() {
    return new ZeroNans();
  }

  /**
   * Returns a {@link ConditionallyTransform}: a transformation that acts in some steps; in others
   * updates pass unchanged.
   *
   * @param inner the transformation that acts in some steps
   * @param shouldTransformFn whether it acts: {@code (step, extras) ->
   *     extras.value().lessThan(0.5)}
   * @return the transformation
   */
  public static ConditionallyTransform conditionallyTransform(
      GradientTransformation<?> inner, StepCondition shouldTransformFn) {
    return new ConditionallyTransform(inner, shouldTransformFn);
  }

  /**
   * Returns a {@link ConditionallyTransform} by the number of steps: {@code
   * conditionallyTransform(clip(1), step -> step < 100)}.
   *
   * @param inner the transformation that acts in some steps
   * @param shouldTransformFn whether it acts, from the number of steps taken before
   * @return the transformation
   */
  public static ConditionallyTransform conditionallyTransform(
      GradientTransformation<?> inner, DoublePredicate shouldTransformFn) {
    return new ConditionallyTransform(inner, StepCondition.when(shouldTransformFn));
  }

  /**
   * Returns a {@link ConditionallyMask}: a transformation that acts in some steps; in others
   * updates are 0.
   *
   * @param inner the transformation that acts in some steps
   * @param shouldTransformFn whether it acts: {@code (step, extras) ->
   *     extras.value().lessThan(0.5)}
   * @return the transformation
   */
  public static ConditionallyMask conditionallyMask(
      GradientTransformation<?> inner, StepCondition shouldTransformFn) {
    return new ConditionallyMask(inner, shouldTransformFn);
  }

  /**
   * Returns a {@link ConditionallyMask} by the number of steps: {@code conditionallyMask(sgd(0.1),
   * step -> step % 2 == 0)}.
   *
   * @param inner the transformation that acts in some steps
   * @param shouldTransformFn whether it acts, from the number of steps taken before
   * @return the transformation
   */
  public static ConditionallyMask conditionallyMask(
      GradientTransformation<?> inner, DoublePredicate shouldTransformFn) {
    return new ConditionallyMask(inner, StepCondition.when(shouldTransformFn));
  }

  /**
   * Returns an {@link ApplyEvery}: adds up the updates of k steps.
   *
   * @param k the number of updates to add up, at least 1
   * @return the transformation
   */
  public static ApplyEvery applyEvery(int k) {
    return new ApplyEvery(k);
  }

  /**
   * Returns a {@link Flatten}: a transformation that sees all leaves as one vector.
   *
   * @param inner the transformation of the vector
   * @return the transformation
   */
  public static Flatten flatten(GradientTransformation<?> inner) {
    return new Flatten(inner);
  }

  /**
   * Returns a {@link Snapshot}: keeps a number of the updates that pass it.
   *
   * @param measureName the number's name in the state
   * @param measure what to measure, such as {@code Tree::norm}
   * @return the transformation
   */
  public static Snapshot snapshot(String measureName, Measure measure) {
    return new Snapshot(measureName, measure);
  }

  /**
   * Returns a {@link Monitor}: keeps numbers of the updates that pass it. {@link Monitor#and} adds
   * more.
   *
   * @param name the number's name in the state
   * @param measure what to measure, such as {@code Tree::norm}
   * @return the transformation
   */
  public static Monitor monitor(String name, Measure measure) {
    return monitor(Map.of(name, measure));
  }

  /**
   * Returns a {@link Monitor}: keeps numbers of the updates that pass it.
   *
   * @param measures by name
   * @return the transformation
   */
  public static Monitor monitor(Map<String, ? extends StatefulMeasure<?>> measures) {
    return new Monitor(measures);
  }

  /**
   * Returns a {@link MeasureWithEma}: a debiased exponential moving average of a measure, for a
   * {@link Monitor}.
   *
   * @param measure what to average, such as {@code Tree::norm}
   * @param decay weight of the old average, in [0, 1)
   * @return the measure
   */
  public static MeasureWithEma measureWithEma(Measure measure, double decay) {
    return MeasureWithEma.of(measure, decay);
  }

  /**
   * Returns a {@link Lookahead}: slow weights that move towards those of a fast optimizer. {@code
   * Stepper.evalParams} returns the slow ones.
   *
   * @param fastOptimizer the optimizer of the fast weights
   * @param syncPeriod the number of steps from one synchronization to the next, at least 1
   * @param slowStepSize how far the slow weights move towards the fast ones, in [0, 1]
   * @return the transformation
   */
  public static Lookahead lookahead(
      GradientTransformation<?> fastOptimizer, int syncPeriod, double slowStepSize) {
    return Lookahead.of(fastOptimizer, syncPeriod, slowStepSize);
  }

  /**
   * Returns a {@link ParamsEma}: an optimizer, and an exponential moving average of the parameters
   * for {@code Stepper.evalParams}.
   *
   * @param inner the optimizer of the parameters
   * @param decay weight of the old average, in [0, 1)
   * @return the transformation
   */
  public static ParamsEma paramsEma(GradientTransformation<?> inner, double decay) {
    return ParamsEma.of(inner, decay);
  }

  /**
   * Returns an {@link Swa}: an optimizer, and a mean of the parameters at the end of each cycle for
   * {@code Stepper.evalParams}.
   *
   * @param inner the optimizer of the parameters
   * @param start the number of the step whose parameters are the first in the mean, not negative
   * @param period the number of steps from one to the next, at least 1
   * @return the transformation
   */
  public static Swa swa(GradientTransformation<?> inner, int start, int period) {
    return new Swa(inner, start, period);
  }

  /**
   * Returns a {@link Lawa}: an optimizer, and a mean of the latest k parameters for {@code
   * Stepper.evalParams}.
   *
   * @param inner the optimizer of the parameters
   * @param k the number of parameters in the mean, at least 1
   * @param period the number of steps from one to the next, at least 1
   * @return the transformation
   */
  public static Lawa lawa(GradientTransformation<?> inner, int k, int period) {
    return new Lawa(inner, k, period);
  }

  /**
   * Returns {@link NormalizeByUpdateNorm} with its defaults: updates of norm 1.
   *
   * @return the transformation
   */
  public static NormalizeByUpdateNorm normalizeByUpdateNorm() {
    return NormalizeByUpdateNorm.defaults();
  }

  /**
   * Returns a {@link KeepParamsNonnegative}: keeps parameters from becoming negative.
   *
   * @return the transformation
   */
  public static KeepParamsNonnegative keepParamsNonnegative() {
    return new KeepParamsNonnegative();
  }

  /**
   * Returns a {@link KeepParamsIn}: projects the parameters to a set after each step.
   *
   * @param projection the projection, such as {@code Projections.simplex(1)}
   * @return the transformation
   */
  public static KeepParamsIn keepParamsIn(Projection projection) {
    return new KeepParamsIn(projection);
  }

  /**
   * Returns {@link ScaleByTrustRatio}: steps relative to the size of each leaf.
   *
   * @return the transformation
   */
  public static ScaleByTrustRatio scaleByTrustRatio() {
    return ScaleByTrustRatio.defaults();
  }

  /**
   * Returns {@link ScaleByNovograd}: NovoGrad's scaling, without the learning rate.
   *
   * @return the transformation
   */
  public static ScaleByNovograd scaleByNovograd() {
    return ScaleByNovograd.defaults();
  }

  /**
   * Returns {@link ScaleByFactoredRms}: Adafactor's second moments of rows and columns.
   *
   * @return the transformation
   */
  public static ScaleByFactoredRms scaleByFactoredRms() {
    return ScaleByFactoredRms.defaults();
  }

  /**
   * Returns {@link ScaleBySm3}: SM3's scaling, without the learning rate.
   *
   * @return the transformation
   */
  public static ScaleBySm3 scaleBySm3() {
    return ScaleBySm3.defaults();
  }

  /**
   * Returns {@link ScaleByDistanceOverGradients}: a learning rate for each leaf by layer-wise DoG.
   *
   * @return the transformation
   */
  public static ScaleByDistanceOverGradients scaleByDistanceOverGradients() {
    return ScaleByDistanceOverGradients.defaults();
  }

  /**
   * Returns {@link ScaleByParamBlockNorm}: scales by the norm of each leaf's parameters.
   *
   * @return the transformation
   */
  public static ScaleByParamBlockNorm scaleByParamBlockNorm() {
    return ScaleByParamBlockNorm.defaults();
  }

  /**
   * Returns {@link ScaleByParamBlockRms}: scales by the root mean square of each leaf's parameters.
   *
   * @return the transformation
   */
  public static ScaleByParamBlockRms scaleByParamBlockRms() {
    return ScaleByParamBlockRms.defaults();
  }

  /**
   * Returns {@link ClipByBlockRms}: a largest root mean square for each leaf.
   *
   * @param threshold the largest root mean square of a leaf, positive
   * @return the transformation
   */
  public static ClipByBlockRms clipByBlockRms(double threshold) {
    return new ClipByBlockRms(threshold);
  }

  /**
   * Returns {@link AdaptiveGradClip}: clips each unit's gradient to a fraction of the norm of its
   * weights.
   *
   * @param clipping the largest norm of a unit's gradient relative to its weights, positive
   * @return the transformation
   */
  public static AdaptiveGradClip adaptiveGradClip(double clipping) {
    return AdaptiveGradClip.of(clipping);
  }

  /**
   * Returns {@link Centralize}: subtracts the mean of each output unit's gradient.
   *
   * @return the transformation
   */
  public static Centralize centralize() {
    return Centralize.defaults();
  }
}
