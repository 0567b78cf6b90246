package dev.glissade.combine;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.AddNoise;
import dev.glissade.transform.Clip;
import dev.glissade.transform.ClipByGlobalNorm;
import dev.glissade.transform.Ema;
import dev.glissade.transform.Scale;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByLion;
import dev.glissade.transform.ScaleByRms;
import dev.glissade.transform.ScaleByRss;
import dev.glissade.transform.ScaleBySchedule;
import dev.glissade.transform.ScaleByStddev;
import dev.glissade.transform.SetToZero;
import dev.glissade.transform.Trace;
import dev.glissade.transform.ZeroNans;
import dev.glissade.tree.Check;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;

/** The parts of optimizers and their combinators by name; the defaults are the records'. */
public final class Transforms {
  private Transforms() {}

  /** {@link Chain}. */
  public static Chain chain(GradientTransformation<?>... transformations) {
    return Chain.of(transformations);
  }

  /** {@link Chain}. */
  public static Chain chain(List<? extends GradientTransformation<?>> transformations) {
    return new Chain(transformations);
  }

  /** {@link NamedChain}; the map's order is the chain's. */
  public static NamedChain namedChain(
      Map<String, ? extends GradientTransformation<?>> transformations) {
    return new NamedChain(transformations);
  }

  /** {@link Identity}. */
  public static Identity identity() {
    return new Identity();
  }

  /** The transformation that makes updates of (updates, params) and keeps no state. */
  public static Stateless stateless(BinaryOperator<Tree> function) {
    return function::apply;
  }

  /** {@link Masked}. */
  public static Masked masked(GradientTransformation<?> inner, Predicate<String> mask) {
    return new Masked(inner, mask);
  }

  /** {@link Masked} by patterns, as {@link PathMask} takes them: {@code masked(adam, "head/*")}. */
  public static Masked masked(GradientTransformation<?> inner, String... paths) {
    return new Masked(inner, PathMask.of(paths));
  }

  /** {@link SetToZero}. */
  public static SetToZero setToZero() {
    return new SetToZero();
  }

  /** {@link Freeze}: the leaves whose path the mask accepts stay as they are. */
  public static Freeze freeze(Predicate<String> mask) {
    return new Freeze(mask);
  }

  /**
   * {@link Freeze} by patterns, as {@link PathMask} takes them: {@code freeze("encoder/*")}.
   *
   * @param paths patterns of the leaves that stay as they are
   */
  public static Freeze freeze(String... paths) {
    return new Freeze(PathMask.of(paths));
  }

  /** {@link SelectiveTransform}: the optimizer on the leaves that the mask does not accept. */
  public static SelectiveTransform selectiveTransform(
      GradientTransformation<?> optimizer, Predicate<String> freezeMask) {
    return new SelectiveTransform(optimizer, freezeMask);
  }

  /** {@link Partition}. */
  public static Partition partition(
      Map<String, ? extends GradientTransformation<?>> transforms,
      Function<String, String> paramLabels) {
    return new Partition(transforms, paramLabels);
  }

  /**
   * {@link Partition} by patterns, as {@link PathLabels} takes them: {@code
   * partition(Map.of("slow", sgd(0.01), "fast", adam(0.1)), Map.of("encoder/*", "slow", "head/*",
   * "fast"))}.
   *
   * @param transforms by label
   * @param labels by pattern
   */
  public static Partition partition(
      Map<String, ? extends GradientTransformation<?>> transforms, Map<String, String> labels) {
    return partition(transforms, new PathLabels(labels));
  }

  /** {@link ApplyIfFinite}. */
  public static ApplyIfFinite applyIfFinite(
      GradientTransformation<?> inner, int maxConsecutiveErrors) {
    return new ApplyIfFinite(inner, maxConsecutiveErrors);
  }

  /** {@link MultiSteps} of the mean of k gradients. */
  public static MultiSteps multiSteps(GradientTransformation<?> opt, int everyK) {
    return multiSteps(opt, new ConstantSchedule(Check.atLeast("everyK", 1, everyK)));
  }

  /**
   * {@link MultiSteps} of the mean of k gradients.
   *
   * @param everyKSchedule k as a function of the inner steps taken
   */
  public static MultiSteps multiSteps(GradientTransformation<?> opt, Schedule everyKSchedule) {
    return MultiSteps.of(opt, everyKSchedule);
  }

  /** {@link MasterWeights}. */
  public static MasterWeights masterWeights(GradientTransformation<?> inner) {
    return new MasterWeights(inner);
  }

  /** {@link InjectHyperparams}. */
  public static InjectHyperparams injectHyperparams(GradientTransformation<?> inner) {
    return new InjectHyperparams(inner);
  }

  /** {@link ClipByGlobalNorm}; infinity clips nothing. */
  public static ClipByGlobalNorm clipByGlobalNorm(double maxNorm) {
    return new ClipByGlobalNorm(maxNorm);
  }

  /** {@link Clip}; infinity clips nothing. */
  public static Clip clip(double maxDelta) {
    return new Clip(maxDelta);
  }

  /** {@link AddDecayedWeights} on all leaves. */
  public static AddDecayedWeights addDecayedWeights(double weightDecay) {
    return addDecayedWeights(ConstantSchedule.named("weightDecay", weightDecay));
  }

  /** {@link AddDecayedWeights} on all leaves. */
  public static AddDecayedWeights addDecayedWeights(Schedule weightDecay) {
    return AddDecayedWeights.of(weightDecay);
  }

  /** {@link Trace}: momentum. */
  public static Trace trace(double decay) {
    return Trace.of(decay);
  }

  /** {@link Ema}, debiased. */
  public static Ema ema(double decay) {
    return Ema.of(decay);
  }

  /** {@link Scale}. */
  public static Scale scale(double stepSize) {
    return new Scale(stepSize);
  }

  /** {@link ScaleByLearningRate}: times minus the learning rate. */
  public static ScaleByLearningRate scaleByLearningRate(double learningRate) {
    return scaleByLearningRate(ConstantSchedule.named("learningRate", learningRate));
  }

  /** {@link ScaleByLearningRate}: times minus the learning rate. */
  public static ScaleByLearningRate scaleByLearningRate(Schedule learningRate) {
    return ScaleByLearningRate.of(learningRate);
  }

  /** {@link ScaleBySchedule}. */
  public static ScaleBySchedule scaleBySchedule(Schedule stepSizeFn) {
    return new ScaleBySchedule(stepSizeFn);
  }

  /** {@link ScaleByAdam} with its defaults. */
  public static ScaleByAdam scaleByAdam() {
    return ScaleByAdam.defaults();
  }

  /** {@link ScaleByLion} with its defaults. */
  public static ScaleByLion scaleByLion() {
    return ScaleByLion.defaults();
  }

  /** {@link ScaleByRms} with its defaults. */
  public static ScaleByRms scaleByRms() {
    return ScaleByRms.defaults();
  }

  /** {@link ScaleByRss} with its defaults. */
  public static ScaleByRss scaleByRss() {
    return ScaleByRss.defaults();
  }

  /** {@link ScaleByStddev} with its defaults. */
  public static ScaleByStddev scaleByStddev() {
    return ScaleByStddev.defaults();
  }

  /** {@link AddNoise}. */
  public static AddNoise addNoise(double eta, double gamma, long seed) {
    return new AddNoise(eta, gamma, seed);
  }

  /** {@link ZeroNans}. */
  public static ZeroNans zeroNans() {
    return new ZeroNans();
  }
}
