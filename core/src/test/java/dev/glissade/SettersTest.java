package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.combine.NonzeroSchedule;
import dev.glissade.combine.PathLabels;
import dev.glissade.combine.PathMask;
import dev.glissade.combine.SkipLargeUpdates;
import dev.glissade.combine.StepBelow;
import dev.glissade.combine.StepMultiple;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.projection.Projections;
import dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType;
import dev.glissade.schedule.Schedules;
import dev.glissade.schedule.WrappedSchedule;
import dev.glissade.transform.Transforms;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every component of every record of hyperparameters is set by its name. */
class SettersTest {
  private static final List<String> PACKAGES =
      List.of(
          "dev.glissade.schedule",
          "dev.glissade.transform",
          "dev.glissade.optimizer",
          "dev.glissade.projection",
          "dev.glissade.combine");

  static Stream<Record> records() {
    Map<Integer, Double> jumps = Map.of(3, 0.5);
    return Stream.of(
        Schedules.constantSchedule(1),
        Schedules.linearSchedule(1, 0, 5),
        Schedules.polynomialSchedule(1, 0, 2, 5),
        Schedules.piecewiseConstantSchedule(1, jumps),
        Schedules.piecewiseInterpolateSchedule(InterpolateType.LINEAR, 1, jumps),
        Schedules.exponentialDecay(1, 5, 0.5),
        Schedules.cosineDecaySchedule(1, 5),
        Schedules.warmupCosineDecaySchedule(0, 1, 2, 30),
        Schedules.warmupExponentialDecaySchedule(0, 1, 2, 5, 0.5),
        Schedules.warmupConstantSchedule(0, 1, 2),
        Schedules.linearOnecycleSchedule(9, 1),
        Schedules.cosineOnecycleSchedule(9, 1),
        Schedules.sgdrSchedule(List.of(Schedules.warmupCosineDecaySchedule(0, 1, 2, 30))),
        Schedules.joinSchedules(List.of(Schedules.constantSchedule(1)), List.of()),
        Schedules.warmupStableDecaySchedule(0, 1, 2, 3, 4),
        Schedules.inverseSqrtSchedule(0, 1, 2),
        Schedules.ademamixAlphaSchedule(5, 9),
        Schedules.ademamixB3Schedule(0.9, 0.9999, 9),
        Optimizers.sgd(1),
        Optimizers.adam(1),
        Optimizers.adamw(1),
        Optimizers.lion(1),
        Optimizers.rmsprop(1),
        Optimizers.adagrad(1),
        Optimizers.lbfgs(),
        Optimizers.lbfgsb(Projections.box(-1, 1)),
        Optimizers.polyakSgd(),
        Optimizers.noisySgd(1, 0),
        Optimizers.adamax(1),
        Optimizers.adamaxw(1),
        Optimizers.amsgrad(1),
        Optimizers.adabelief(1),
        Optimizers.yogi(1),
        Optimizers.radam(1),
        Optimizers.adan(1),
        Optimizers.signSgd(1),
        Optimizers.signum(1),
        Optimizers.adadelta(1),
        Optimizers.rprop(1),
        Optimizers.optimisticGradientDescent(1),
        Optimizers.optimisticAdam(1),
        Optimizers.optimisticAdamV2(1),
        Transforms.chain(Transforms.identity()),
        Transforms.namedChain(Map.of("only", Transforms.identity())),
        Transforms.masked(Transforms.identity(), path -> false),
        Transforms.freeze(path -> false),
        Transforms.selectiveTransform(Transforms.identity(), path -> false),
        Transforms.partition(Map.of("", Transforms.identity()), path -> ""),
        Transforms.applyIfFinite(Transforms.identity(), 1),
        Transforms.multiSteps(Transforms.identity(), 2),
        Transforms.masterWeights(Transforms.identity()),
        Transforms.injectHyperparams(Optimizers.sgd(1)),
        Transforms.clipByGlobalNorm(1),
        Transforms.clip(1),
        Transforms.addDecayedWeights(1),
        Transforms.trace(0.5),
        Transforms.ema(0.5),
        Transforms.scale(2),
        Transforms.scaleByLearningRate(1),
        Transforms.scaleBySchedule(count -> 1),
        Transforms.scaleByAdam(),
        Transforms.scaleByLion(),
        Transforms.scaleByLbfgs(),
        Transforms.scaleByLbfgsb(Projections.box(-1, 1)),
        Transforms.scaleByBacktrackingLinesearch(5),
        Transforms.scaleByZoomLinesearch(5),
        Transforms.scaleByPolyak(),
        Transforms.scaleByRms(),
        Transforms.scaleByRss(),
        Transforms.scaleByStddev(),
        Transforms.scaleByAdamax(),
        Transforms.scaleByAmsgrad(),
        Transforms.scaleByBelief(),
        Optimizers.lamb(1),
        Optimizers.lars(1),
        Optimizers.novograd(1),
        Optimizers.fromage(1),
        Optimizers.sm3(1),
        Optimizers.adafactor(1),
        Transforms.scaleByTrustRatio(),
        Transforms.scaleByNovograd(),
        Transforms.scaleByFactoredRms(),
        Transforms.scaleBySm3(),
        Transforms.scaleByDistanceOverGradients(),
        Transforms.scaleByParamBlockNorm(),
        Transforms.scaleByParamBlockRms(),
        Transforms.clipByBlockRms(1),
        Transforms.adaptiveGradClip(1),
        Transforms.centralize(),
        Transforms.scaleByYogi(),
        Transforms.scaleByRadam(),
        Transforms.scaleByAdan(),
        Transforms.scaleByAdadelta(),
        Transforms.scaleByRprop(1),
        Transforms.scaleByOptimisticGradient(),
        Transforms.addNoise(1, 1, 0),
        Transforms.conditionallyTransform(Transforms.identity(), step -> true),
        Transforms.conditionallyMask(Transforms.identity(), step -> true),
        Transforms.applyEvery(2),
        Transforms.flatten(Transforms.identity()),
        Transforms.snapshot("norm", Tree::norm),
        Transforms.monitor("norm", Tree::norm),
        Transforms.measureWithEma(Tree::norm, 0.5),
        Transforms.lookahead(Transforms.identity(), 2, 0.5),
        Transforms.paramsEma(Transforms.identity(), 0.5),
        Transforms.swa(Transforms.identity(), 0, 2),
        Transforms.lawa(Transforms.identity(), 2, 2),
        Transforms.normalizeByUpdateNorm(),
        Transforms.keepParamsIn(Projections.nonNegative()),
        Projections.box(0, 1),
        Projections.hypercube(1),
        Projections.l1Ball(1),
        Projections.l1Sphere(1),
        Projections.l2Ball(1),
        Projections.l2Sphere(1),
        Projections.linfBall(1),
        Projections.simplex(1),
        new StepBelow(1),
        new StepMultiple(1),
        new NonzeroSchedule(count -> 1),
        new SkipLargeUpdates(1),
        new WrappedSchedule(count -> 1),
        NonFinite.SKIP,
        PathMask.of("*"),
        new PathLabels(Map.of("*", "all")));
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyComponentIsSet(Record record) throws ReflectiveOperationException {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Setters.check(record, component);
    }
  }

  @Test
  void noRecordIsMissing() throws Exception {
    List<Class<?>> found = Setters.records(Tree.class, PACKAGES);
    assertThat(found).hasSizeGreaterThan(40);
    assertThat(records().map(Object::getClass)).containsAll(found);
  }
}
