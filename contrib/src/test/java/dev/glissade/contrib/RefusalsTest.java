package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad input gives a sentence with the name, the rule and the value. */
class RefusalsTest {
  private static final Tree X =
      Tree.of("dense/kernel", Tensor.of(new float[15], 3, 5), "b", Tensor.of(new float[5]));

  private static final Catalog CATALOG = Catalog.standard();

  private static Arguments row(String sentence, ThrowingCallable code) {
    return arguments(sentence, code);
  }

  static Stream<Arguments> hyperparameters() {
    GradientTransformation<?> sgd = Optimizers.sgd(0.1);
    return Stream.of(
        row("alpha must be positive, but was 0.0", () -> Contrib.cocob().alpha(0)),
        row("eps must be positive, but was 0.0", () -> Contrib.cocob().eps(0)),
        row(
            "weightDecay must be finite, but was NaN",
            () -> Contrib.cocob().weightDecay(Double.NaN)),
        row("beta1 must be in [0, 1), but was 1.0", () -> new Betas(1, 0.9)),
        row("beta2 must be in [0, 1), but was 2.0", () -> new Betas(0.9, 2)),
        row("estimLr0 must be positive, but was 0.0", () -> Contrib.dadaptAdamw().estimLr0(0)),
        row("estimLr0 must be positive, but was -1.0E-6", () -> Contrib.prodigy().estimLr0(-1e-6)),
        row("beta3 must be in [0, 1), but was 1.0", () -> Contrib.prodigy().beta3(1.0)),
        row("estimLrCoef must be positive, but was 0.0", () -> Contrib.prodigy().estimLrCoef(0)),
        row("sInit must be positive, but was 0.0", () -> Contrib.mechanize(sgd).sInit(0)),
        row("numBetas must be at least 1, but was 0", () -> Contrib.mechanize(sgd).numBetas(0)),
        row("syncPeriod must be at least 1, but was 0", () -> Contrib.sam(sgd, sgd).syncPeriod(0)),
        row("l2NormClip must be positive, but was -1.0", () -> Contrib.dpsgd(1, -1, 1, 0)),
        row("l2NormClip must be positive, but was NaN", () -> Contrib.dpsgd(1, Double.NaN, 1, 0)),
        row(
            "l2NormClip must be finite if noiseMultiplier is not 0, but was Infinity",
            () -> Contrib.dpsgd(1, Double.POSITIVE_INFINITY, 1, 0)),
        row("noiseMultiplier must not be negative, but was -1.0", () -> Contrib.dpsgd(1, 1, -1, 0)),
        row(
            "baseOptimizer must take mean gradients, but was Dpsgd, which takes per-example gradients",
            () -> Contrib.mechanize(Contrib.dpsgd(1, 1, 0, 0))),
        row(
            "optimizer must take mean gradients, but was Dpsgd, which takes per-example gradients",
            () -> Contrib.sam(Contrib.dpsgd(1, 1, 0, 0), sgd)),
        row(
            "opt must take mean gradients, but was Dpsgd, which takes per-example gradients: pass",
            () -> Transforms.multiSteps(Contrib.dpsgd(1, 1, 1, 0), 4)),
        row(
            "replicas must be at least 1, but was 0",
            () -> new ThreadBatchAxis(0, Duration.ofSeconds(1))),
        row(
            "index must be from 0 to 1, but was 2",
            () -> new ThreadBatchAxis(2, Duration.ofSeconds(1)).replica(2)));
  }

  private static ThrowingCallable step(GradientTransformation<?> optimizer, Tree g, Tree x) {
    return () -> Stepper.of(optimizer, x).step(g);
  }

  static Stream<Arguments> trees() {
    GradientTransformation<?> adam = Optimizers.adam(0.1);
    GradientTransformation<?> dp = Contrib.dpsgd(1, 1, 0, 0);
    Tree uneven =
        Tree.of(
            "dense/kernel", Tensor.of(new float[30], 2, 3, 5), "b", Tensor.of(new float[15], 3, 5));
    return Stream.of(
        row("per-example gradients[\"b\"] must have shape [batch, 5], but had [5]", step(dp, X, X)),
        row(
            "per-example gradients[\"dense/kernel\"] must have a batch of 3, as the leaves before it, but had 2",
            step(dp, uneven, X)),
        row(
            "extra argument \"grad_fn\" must be given: step(gradients, Extras.NONE.withGradientFunction(...))",
            step(Contrib.sam(adam, adam).opaqueMode(true), X, X)));
  }

  private static ThrowingCallable read(Object plain) {
    return () -> CATALOG.optimizer(plain);
  }

  private static Object named(String name, Object args) {
    return Map.of("name", name, "args", args);
  }

  static Stream<Arguments> data() {
    Object sgd = named("sgd", Map.of("learning_rate", 0.1));
    return Stream.of(
        row(
            "mechanize: \"num_betas\" must be a whole number from -2147483648 to 2147483647, but was 1.5",
            read(named("mechanize", Map.of("base_optimizer", sgd, "num_betas", 1.5)))),
        row(
            "prodigy: \"betas\" must be a list of 2 numbers, but was 0.9",
            read(named("prodigy", Map.of("betas", 0.9)))),
        row(
            "beta1 must be in [0, 1), but was 1.0",
            read(named("prodigy", Map.of("betas", List.of(1.0, 0.9))))),
        row(
            "dpsgd must have only one of \"",
            read(
                named(
                    "dpsgd",
                    Map.of(
                        "learning_rate",
                        1,
                        "l2_norm_clip",
                        1,
                        "noise_multiplier",
                        0,
                        "seed",
                        1,
                        "key",
                        1)))),
        row(
            "inner must take mean gradients, but was Dpsgd, which takes per-example gradients",
            () -> Transforms.masked(Contrib.dpsgd(0.1, 1, 1, 1), path -> true)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"hyperparameters", "trees", "data"})
  void isRefusedWithASentence(String sentence, ThrowingCallable code) {
    assertThatThrownBy(code)
        .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class)
        .hasMessageContaining(sentence);
  }
}
