package dev.glissade;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.combine.SkipNotFinite;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.projection.Projections;
import dev.glissade.transform.Transforms;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the third step of combinators costs: nothing more than the optimizer, where it can be. */
class CombinatorPassesTest extends PassesContract {
  private static final GradientTransformation<?> ADAMW = Optimizers.adamw(1e-3);
  private static final GradientTransformation<?> SGD = Optimizers.sgd(0.1);

  @Override
  protected Stream<Arguments> steps() {
    return Stream.of(idle(), active()).flatMap(rows -> rows);
  }

  /** Steps in which something does not happen. */
  private static Stream<Arguments> idle() {
    return Stream.of(
        arguments("lookahead", Transforms.lookahead(ADAMW, 5, 0.5), 1, 28),
        arguments("swa", Transforms.swa(ADAMW, 0, 5), 1, 28),
        arguments("lawa", Transforms.lawa(ADAMW, 3, 5), 1, 28),
        arguments("masked", Transforms.conditionallyMask(ADAMW, step -> step > 5), 0, 0),
        arguments("as it came", Transforms.conditionallyTransform(ADAMW, step -> step > 5), 1, 12),
        arguments("accumulating", Transforms.multiSteps(ADAMW, 5), 1, 12),
        arguments(
            "accumulating what is finite",
            Transforms.multiSteps(ADAMW, 5).shouldSkipUpdateFn(new SkipNotFinite()),
            2,
            16),
        arguments(
            "accumulating in bfloat16",
            Transforms.multiSteps(ADAMW, 5).accumulatorDtype(DType.BFLOAT16),
            1,
            8));
  }

  private static Stream<Arguments> active() {
    GradientTransformation<?> watched =
        Transforms.monitor("norm", Tree::norm).and("largest", Tree::maxAbs);
    return Stream.of(
        arguments("lookahead synced", Transforms.lookahead(ADAMW, 3, 0.5), 1, 36),
        arguments("params ema", Transforms.paramsEma(ADAMW, 0.9), 1, 36),
        arguments("swa averaging", Transforms.swa(ADAMW, 0, 3), 1, 36),
        arguments("lawa copying", Transforms.lawa(ADAMW, 3, 3), 1, 32),
        arguments("monitored", Transforms.chain(watched, ADAMW), 1, 28),
        arguments("flattened", Transforms.flatten(ADAMW), 1, 28),
        arguments("positive", Transforms.chain(SGD, Transforms.keepParamsNonnegative()), 1, 12),
        arguments(
            "in a ball",
            Transforms.chain(SGD, Transforms.keepParamsIn(Projections.l2Ball(1))),
            2,
            20),
        arguments("norm 1", Transforms.chain(Transforms.normalizeByUpdateNorm(), SGD), 2, 16));
  }
}
