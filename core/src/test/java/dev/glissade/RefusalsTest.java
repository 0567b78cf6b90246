package dev.glissade;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.catalog.Catalog;
import dev.glissade.combine.ApplyIfFinite;
import dev.glissade.combine.InjectHyperparams;
import dev.glissade.combine.MultiSteps;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.AddNoise;
import dev.glissade.transform.Clip;
import dev.glissade.transform.ClipByGlobalNorm;
import dev.glissade.transform.Ema;
import dev.glissade.transform.Scale;
import dev.glissade.transform.Trace;
import dev.glissade.transform.Transforms;
import java.math.BigInteger;
import java.nio.FloatBuffer;
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
  private static final Tree Z = Tree.of("z", Tensor.complex(new float[] {1}, new float[] {2}, 1));

  private static final Catalog CATALOG = Catalog.standard();

  private static Arguments row(String sentence, ThrowingCallable code) {
    return arguments(sentence, code);
  }

  static Stream<Arguments> hyperparameters() {
    GradientTransformation<?> sgd = Optimizers.sgd(0.1);
    return Stream.of(
        row("learningRate must be finite, but was NaN", () -> Optimizers.sgd(Double.NaN)),
        row(
            "learningRate must be finite, but was Infinity",
            () -> Optimizers.adam(Double.POSITIVE_INFINITY)),
        row(
            "momentum must not be negative, but was -0.1",
            () -> Optimizers.sgd(1.0).momentum(-0.1)),
        row("count must not be negative, but was -1", () -> RandomKey.of(0).split(-1)),
        row("b1 must be in [0, 1), but was 1.0", () -> Optimizers.adam(1).b1(1)),
        row("b2 must be in [0, 1), but was -0.5", () -> Optimizers.adamw(1).b2(-0.5)),
        row("b2 must be finite, but was NaN", () -> Optimizers.lion(1).b2(Double.NaN)),
        row("eps must not be negative, but was -1.0E-8", () -> Optimizers.adam(1).eps(-1e-8)),
        row("epsRoot must not be negative, but was -1.0", () -> Optimizers.adam(1).epsRoot(-1)),
        row("decay must be in [0, 1), but was 1.5", () -> Optimizers.rmsprop(1).decay(1.5)),
        row(
            "initialScale must not be negative, but was -1.0",
            () -> Optimizers.rmsprop(1).initialScale(-1)),
        row(
            "initialAccumulatorValue must not be negative, but was -2.0",
            () -> Optimizers.adagrad(1).initialAccumulatorValue(-2)),
        row("eta must not be negative, but was -1.0", () -> new AddNoise(-1, 0.5, 0)),
        row("gamma must be finite, but was NaN", () -> Optimizers.noisySgd(1, 0).gamma(Double.NaN)),
        row("maxDelta must not be negative, but was -1.0", () -> new Clip(-1)),
        row("maxNorm must not be negative, but was -3.0", () -> new ClipByGlobalNorm(-3)),
        row("maxNorm must be a number, but was NaN", () -> new ClipByGlobalNorm(Double.NaN)),
        row("stepSize must be finite, but was Infinity", () -> new Scale(Double.POSITIVE_INFINITY)),
        row("decay must be in [0, 1), but was 1.0", () -> Ema.of(1)),
        row("decay must not be negative, but was -0.9", () -> new Trace(-0.9, false, null)),
        row(
            "maxConsecutiveErrors must be at least 0, but was -1",
            () -> new ApplyIfFinite(sgd, -1)),
        row("everyK must be at least 1, but was 0", () -> Transforms.multiSteps(sgd, 0)),
        row(
            "everyKSchedule must give whole numbers of at least 1, but gave 1.5",
            () -> MultiSteps.of(sgd, Schedules.constantSchedule(1.5))),
        row(
            "inner must be a record of hyperparameters",
            () -> new InjectHyperparams(Transforms.stateless((g, x) -> g))));
  }

  static Stream<Arguments> scalings() {
    return Stream.of(
        row("b1 must be in [0, 1), but was 1.0", () -> Optimizers.adamax(1).b1(1)),
        row("b2 must be in [0, 1), but was -1.0", () -> Optimizers.adamaxw(1).b2(-1)),
        row("eps must not be negative, but was -1.0", () -> Optimizers.adamax(1).eps(-1)),
        row(
            "muDtype must be a real type, but was complex64",
            () -> Optimizers.adamw(1).muDtype(DType.COMPLEX64)),
        row(
            "muDtype must be a real type, but was complex128",
            () -> Optimizers.amsgrad(1).muDtype(DType.COMPLEX128)),
        row(
            "muDtype must be a real type, but was complex64",
            () -> Optimizers.lion(1).muDtype(DType.COMPLEX64)),
        row(
            "accumulatorDtype must be a real type, but was complex64",
            () -> Optimizers.sgd(1).accumulatorDtype(DType.COMPLEX64)),
        row(
            "accumulatorDtype must be a real type, but was complex64",
            () -> Optimizers.signum(1).accumulatorDtype(DType.COMPLEX64)),
        row(
            "smoothBeta must be positive, but was 0.0",
            () -> Transforms.scaleByLion().smoothBeta(0)),
        row("epsRoot must not be negative, but was -1.0", () -> Optimizers.amsgrad(1).epsRoot(-1)),
        row(
            "epsRoot must not be negative, but was -1.0",
            () -> Optimizers.adabelief(1).epsRoot(-1)),
        row("eps must not be negative, but was -1.0", () -> Optimizers.yogi(1).eps(-1)),
        row(
            "initialAccumulatorValue must not be negative, but was -1.0",
            () -> Transforms.scaleByYogi().initialAccumulatorValue(-1)),
        row("threshold must be at least 4, but was 3.9", () -> Optimizers.radam(1).threshold(3.9)),
        row(
            "threshold must be at least 4, but was NaN",
            () -> Optimizers.radam(1).threshold(0 / 0.)),
        row("b3 must be in [0, 1), but was 1.0", () -> Optimizers.adan(1).b3(1)),
        row("rho must be in [0, 1), but was 1.0", () -> Optimizers.adadelta(1).rho(1)),
        row("eps must be positive, but was 0.0", () -> Optimizers.adadelta(1).eps(0)),
        row("learningRate must be positive, but was 0.0", () -> Optimizers.rprop(0)),
        row("etaMinus must be in (0, 1), but was 1.0", () -> Optimizers.rprop(1).etaMinus(1)),
        row("etaPlus must be more than 1, but was 1.0", () -> Optimizers.rprop(1).etaPlus(1)),
        row(
            "minStepSize must not be negative, but was -1.0",
            () -> Optimizers.rprop(1).minStepSize(-1)),
        row(
            "maxStepSize must be at least minStepSize, 1.0E-6, but was 0.0",
            () -> Optimizers.rprop(1).maxStepSize(0)),
        row("beta must be in [0, 1), but was 1.0", () -> Optimizers.signum(1).beta(1)),
        row(
            "optimism must be finite, but was Infinity",
            () -> Optimizers.optimisticAdam(1).optimism(1 / 0.0)));
  }

  private static ThrowingCallable step(GradientTransformation<?> optimizer, Tree g, Tree x) {
    return () -> Stepper.of(optimizer, x).step(g);
  }

  static Stream<Arguments> trees() {
    Tensor five = Tensor.of(new float[5]);
    Tree wrongShape = Tree.of("dense/kernel", Tensor.of(new float[12], 3, 4), "b", five);
    Tree missing = Tree.of("dense/kernel", Tensor.of(new float[15], 3, 5));
    Tree extra = X.merge(Tree.of("c", five)).evaluate();
    Tree wide = Tree.of("dense/kernel", Tensor.of(new double[15], 3, 5), "b", five);
    GradientTransformation<?> adam = Optimizers.adam(0.1);
    Tree batch =
        Tree.of(
            "dense/kernel", Tensor.of(new float[30], 2, 3, 5), "b", Tensor.of(new float[10], 2, 5));
    return Stream.of(
        row(
            "gradients[\"dense/kernel\"] must have the shape of params, [3, 5], but had [3, 4]",
            step(adam, wrongShape, X)),
        row(
            "gradients must have leaf \"b\", as params has, but had [dense/kernel]",
            step(adam, missing, X)),
        row(
            "gradients must have the leaves of params, [b, dense/kernel], but had \"c\"",
            step(adam, extra, X)),
        row(
            "gradients[\"dense/kernel\"] must have the type of params, float32, but had float64",
            step(adam, wide, X)),
        row("but was complex64: wrap the optimizer in splitRealAndImaginary", step(adam, Z, Z)),
        row("gradients must be evaluated: pass gradients.evaluate()", step(adam, X.times(2), X)),
        row(
            "gradients[\"b\"] must have the shape of params, [5], but had [2, 5]",
            step(adam, batch, X)),
        row(
            "the state of a chain must have one element for each of its 1 links, but had 2",
            () -> otherState()),
        row(
            "the left side of plus[\"b\"] must have the shape of the right side, [2, 5], but had [5]",
            () -> X.plus(batch)),
        row(
            "a tensor of shape [2, 2] must have 4 numbers, but had 3",
            () -> Tensor.of(new float[3], 2, 2)),
        row(
            "the lengths of a shape must not be negative, but were [-1]",
            () -> Tensor.of(new float[1], -1)),
        row(
            "a tensor must have at most 2^31 - 1 numbers, but had shape [65536, 65536]",
            () -> Structure.of(Map.of("w", Structure.Leaf.of(DType.FLOAT32, 65536, 65536)))),
        row(
            "the type of 16-bit numbers must be bfloat16 or float16, but was float32",
            () -> Tensor.wrap(DType.FLOAT32, new short[1], 1)),
        row("a leaf's path must not be empty", () -> Tree.of("", Tensor.scalar(1f))),
        row("the path of a leaf must be one of [b, dense/kernel], but was \"w\"", () -> X.get("w")),
        row("trees to merge must have different paths, but both had \"b\"", () -> X.merge(X)),
        row(
            "the path of a part of a complex leaf must not be taken, but \"z/real\" was another leaf's",
            () -> Tree.of("z/real", five).merge(Z).splitComplex()),
        row(
            "a tree must be evaluated before its tensors are read: call evaluate()",
            () -> X.times(2).get("b")),
        row(
            "a scalar must be evaluated before its value is read: call evaluate()",
            () -> X.norm().value()),
        row(
            "the parts of a complex tensor must have one shape",
            () -> Tensor.complex(Tensor.of(new float[2]), Tensor.of(new float[3]))),
        row(
            "extra argument \"rho\" must be given: step(gradients, Extras.NONE.with(\"rho\", ...))",
            () -> Extras.NONE.scalar("rho")),
        row(
            "a choice must be between trees, scalars, keys or equal values, but was between a and b",
            () -> Scalar.of(1).choose(List.of("a"), List.of("b"))),
        row(
            "must be one of [head], but was \"\"",
            () -> Transforms.partition(Map.of("head", adam), path -> "").init(X)));
  }

  private static void otherState() {
    GradientTransformation<?> one = Transforms.chain(Optimizers.sgd(0.1));
    use(one, Optimizers.adam(0.1).init(X));
  }

  @SuppressWarnings("unchecked")
  private static <S> void use(GradientTransformation<S> optimizer, Object state) {
    optimizer.update(X, (S) state, X);
  }

  private static ThrowingCallable read(Object plain) {
    return () -> CATALOG.optimizer(plain);
  }

  private static Object named(String name, Object args) {
    return Map.of("name", name, "args", args);
  }

  static Stream<Arguments> data() {
    Object sgd = named("sgd", Map.of("learning_rate", 0.1));
    Object deep = sgd;
    for (int i = 0; i < 5000; i++) {
      deep = named("chain", List.of(deep));
    }
    return Stream.of(
        row(
            "the optimizer or schedule must be in the catalog, but was \"adamm\": did you mean"
                + " \"adam\"?",
            read("adamm")),
        row(
            "the argument of sgd must be one of [learning_rate, momentum, nesterov, accumulator_dtype], but was"
                + " \"learning_rat\": did you mean \"learning_rate\"?",
            read(named("sgd", Map.of("learning_rat", 1)))),
        row("adamw must have the argument \"learning_rate\", but had []", read("adamw")),
        row(
            "sgd: \"learning_rate\" must be a number or a schedule, but was \"fast\"",
            read(named("sgd", Map.of("learning_rate", "fast")))),
        row(
            "adam: \"b1\" must be a number, but was true",
            read(named("adam", Map.of("learning_rate", 1, "b1", true)))),
        row(
            "sgd: \"nesterov\" must be a boolean, but was 1",
            read(named("sgd", Map.of("learning_rate", 1, "nesterov", 1)))),
        row(
            "optimizer must be an optimizer",
            read(
                named(
                    "linear_schedule",
                    Map.of("init_value", 1, "end_value", 0, "transition_steps", 10)))),
        row("optimizer must be an object with a \"name\", but was 3", read(3)),
        row(
            "optimizer must have only \"name\" and \"args\", but had \"arg\"",
            read(Map.of("name", "sgd", "arg", Map.of()))),
        row("args of sgd must be an object, but was 1", read(named("sgd", 1))),
        row(
            "chain: \"transformations\"[0] must be an object with a \"name\"",
            read(named("chain", List.of(1)))),
        row(
            "adamw: \"mask\" must be a list of path patterns, but was 1",
            read(named("adamw", Map.of("learning_rate", 1, "mask", 1)))),
        row("optimizers must be nested at most 64 deep, but chain was nested deeper", read(deep)),
        row(
            "\"seed\" must be a whole number from -9223372036854775808 to 9223372036854775807",
            read(
                named(
                    "noisy_sgd",
                    Map.of("learning_rate", 1, "seed", new BigInteger("9223372036854775808"))))),
        row(
            "inner must have a hyperparameter that is a number or a schedule, but had a Chain: inject the one",
            () -> Transforms.injectHyperparams(Transforms.chain(Optimizers.sgd(1)))),
        row(
            "learningRate must be finite, but was NaN",
            () ->
                Transforms.injectHyperparams(Optimizers.sgd(1))
                    .init(Tree.empty())
                    .with("learningRate", Double.NaN)),
        row(
            "params must not have two leaves on the same elements of an array, but had \"a\" and \"b\"",
            () -> {
              float[] numbers = {1, 2};
              Tensor tensor = Tensor.wrap(numbers);
              Stepper.borrowing(Optimizers.sgd(1), Tree.of("a", tensor, "b", tensor));
            }),
        row(
            "params[\"a\"] must not be on a read-only buffer",
            () -> {
              Tensor tensor = Tensor.wrap(FloatBuffer.allocate(2).asReadOnlyBuffer(), 2);
              Stepper.borrowing(Optimizers.sgd(1), Tree.of("a", tensor));
            }),
        row(
            "the state must belong to these params, and the transformation must not combine trees of",
            () -> {
              GradientTransformation<?> adam = Optimizers.adam(1);
              stepWithStateOf(adam, Tree.of("w", Tensor.of(new float[3])));
            }),
        row(
            "decaySteps must be positive, but was 0",
            read(
                named(
                    "sgd",
                    Map.of(
                        "learning_rate",
                        named(
                            "cosine_decay_schedule",
                            Map.of("init_value", 1, "decay_steps", 0)))))));
  }

  private static <S> void stepWithStateOf(GradientTransformation<S> optimizer, Tree other) {
    Tree params = Tree.of("w", Tensor.of(new float[2]));
    optimizer.update(params, optimizer.init(other), params);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"hyperparameters", "scalings", "trees", "data"})
  void isRefusedWithASentence(String sentence, ThrowingCallable code) {
    assertThatThrownBy(code)
        .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class)
        .hasMessageContaining(sentence);
  }
}
