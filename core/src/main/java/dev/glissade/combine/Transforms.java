package dev.glissade.combine;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;

/** The parts of optimizers and their combinators by name; the defaults are the records'. */
public final class Transforms {
  private Transforms() {}

  /** Returns a {@link Chain}. */
  public static Chain chain(GradientTransformation<?>... transformations) {
    return Chain.of(transformations);
  }

  /** Returns a {@link Chain}. */
  public static Chain chain(List<? extends GradientTransformation<?>> transformations) {
    return new Chain(transformations);
  }

  /** Returns a {@link NamedChain}; the map's order is the chain's. */
  public static NamedChain namedChain(
      Map<String, ? extends GradientTransformation<?>> transformations) {
    return new NamedChain(transformations);
  }

  /** Returns an {@link Identity}. */
  public static Identity identity() {
    return new Identity();
  }

  /** Returns the transformation that makes updates of (updates, params) and keeps no state. */
  public static Stateless stateless(BinaryOperator<Tree> function) {
    return function::apply;
  }

  /** Returns a {@link Masked}. */
  public static Masked masked(GradientTransformation<?> inner, Predicate<String> mask) {
    return new Masked(inner, mask);
  }

  /**
   * Returns a {@link Masked} by patterns, as {@link PathMask} takes them: {@code masked(adam,
   * "head/*")}.
   */
  public static Masked masked(GradientTransformation<?> inner, String path, String... more) {
    List<String> patterns = new ArrayList<>(List.of(path));
    patterns.addAll(List.of(more));
    return new Masked(inner, new PathMask(patterns));
  }

  /** Returns a {@link SetToZero}. */
  public static SetToZero setToZero() {
    return new SetToZero();
  }

  /** Returns a {@link Freeze}: the leaves whose path the mask accepts stay as they are. */
  public static Freeze freeze(Predicate<String> mask) {
    return new Freeze(mask);
  }

  /**
   * Returns a {@link Freeze} by patterns, as {@link PathMask} takes them: {@code
   * freeze("encoder/*")}.
   *
   * @param paths patterns of the leaves that stay as they are
   */
  public static Freeze freeze(String... paths) {
    return new Freeze(PathMask.of(paths));
  }

  /**
   * Returns a {@link SelectiveTransform}: the optimizer on the leaves that the mask does not
   * accept.
   */
  public static SelectiveTransform selectiveTransform(
      GradientTransformation<?> optimizer, Predicate<String> freezeMask) {
    return new SelectiveTransform(optimizer, freezeMask);
  }

  /** Returns a {@link Partition}. */
  public static Partition partition(
      Map<String, ? extends GradientTransformation<?>> transforms,
      Function<String, String> paramLabels) {
    return new Partition(transforms, paramLabels);
  }

  /**
   * Returns a {@link Partition} by patterns, as {@link PathLabels} takes them: {@code
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

  /** Returns an {@link ApplyIfFinite}. */
  public static ApplyIfFinite applyIfFinite(
      GradientTransformation<?> inner, int maxConsecutiveErrors) {
    return new ApplyIfFinite(inner, maxConsecutiveErrors);
  }

  /** Returns a {@link MultiSteps} of the mean of k gradients. */
  public static MultiSteps multiSteps(GradientTransformation<?> opt, int everyK) {
    return multiSteps(opt, new ConstantSchedule(Check.atLeast("everyK", 1, everyK)));
  }

  /**
   * Returns a {@link MultiSteps} of the mean of k gradients.
   *
   * @param everyKSchedule k as a function of the inner steps taken
   */
  public static MultiSteps multiSteps(GradientTransformation<?> opt, Schedule everyKSchedule) {
    return MultiSteps.of(opt, everyKSchedule);
  }

  /** Returns a {@link MasterWeights}. */
  public static MasterWeights masterWeights(GradientTransformation<?> inner) {
    return new MasterWeights(inner);
  }

  /** Returns an {@link InjectHyperparams}. */
  public static InjectHyperparams injectHyperparams(GradientTransformation<?> inner) {
    return new InjectHyperparams(inner);
  }

  /** Returns a {@link ClipByGlobalNorm}; infinity clips nothing. */
  public static ClipByGlobalNorm clipByGlobalNorm(double maxNorm) {
    return new ClipByGlobalNorm(maxNorm);
  }

  /** Returns a {@link Clip}; infinity clips nothing. */
  public static Clip clip(double maxDelta) {
    return new Clip(maxDelta);
  }

  /** Returns an {@link AddDecayedWeights} on all leaves. */
  public static AddDecayedWeights addDecayedWeights(double weightDecay) {
    return addDecayedWeights(ConstantSchedule.named("weightDecay", weightDecay));
  }

  /** Returns an {@link AddDecayedWeights} on all leaves. */
  public static AddDecayedWeights addDecayedWeights(Schedule weightDecay) {
    return AddDecayedWeights.of(weightDecay);
  }

  /** Returns a {@link Trace}: momentum. */
  public static Trace trace(double decay) {
    return Trace.of(decay);
  }

  /** Returns an {@link Ema}, debiased. */
  public static Ema ema(double decay) {
    return Ema.of(decay);
  }

  /** Returns a {@link Scale}. */
  public static Scale scale(double stepSize) {
    return new Scale(stepSize);
  }

  /** Returns a {@link ScaleByLearningRate}: times minus the learning rate. */
  public static ScaleByLearningRate scaleByLearningRate(double learningRate) {
    return scaleByLearningRate(ConstantSchedule.named("learningRate", learningRate));
  }

  /** Returns a {@link ScaleByLearningRate}: times minus the learning rate. */
  public static ScaleByLearningRate scaleByLearningRate(Schedule learningRate) {
    return ScaleByLearningRate.of(learningRate);
  }

  /** Returns a {@link ScaleBySchedule}. */
  public static ScaleBySchedule scaleBySchedule(Schedule stepSizeFn) {
    return new ScaleBySchedule(stepSizeFn);
  }

  /** Returns a {@link ScaleByAdam} with its defaults. */
  public static ScaleByAdam scaleByAdam() {
    return ScaleByAdam.defaults();
  }

  /** Returns a {@link ScaleByLion} with its defaults. */
  public static ScaleByLion scaleByLion() {
    return ScaleByLion.defaults();
  }

  /** Returns a {@link ScaleByRms} with its defaults. */
  public static ScaleByRms scaleByRms() {
    return ScaleByRms.defaults();
  }

  /** Returns a {@link ScaleByRss} with its defaults. */
  public static ScaleByRss scaleByRss() {
    return ScaleByRss.defaults();
  }

  /** Returns a {@link ScaleByStddev} with its defaults. */
  public static ScaleByStddev scaleByStddev() {
    return ScaleByStddev.defaults();
  }

  /** Returns an {@link AddNoise}. */
  public static AddNoise addNoise(double eta, double gamma, long seed) {
    return new AddNoise(eta, gamma, seed);
  }

  /** Returns a {@link ZeroNans}. */
  public static ZeroNans zeroNans() {
    return new ZeroNans();
  }
}
