package dev.glissade.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import dev.glissade.transform.WeightLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A framework of arrays, whose loss is half the sum of squares. */
class ModelStepperTest {

  /** A parameter of the framework, which may share its array or give copies. */
  private static final class Weights {
    final String name;
    final boolean shared;
    float[] numbers;
    float[] gradient;
    boolean closed;

    Weights(String name, boolean shared, float... numbers) {
      this.name = name;
      this.shared = shared;
      this.numbers = numbers;
      this.gradient = new float[numbers.length];
    }

    Described described() {
      return new Described(this, numbers);
    }

    void backward() {
      for (int i = 0; i < numbers.length; i++) {
        gradient[i] += numbers[i];
      }
    }
  }

  private static final class Described implements HostParameter {
    private final Weights weights;
    private final float[] then;
    private final float[] memory;

    Described(Weights weights, float[] then) {
      this.weights = weights;
      this.then = then;
      this.memory = weights.shared ? then : new float[then.length];
    }

    @Override
    public String path() {
      return weights.name;
    }

    @Override
    public Tensor tensor() {
      return Tensor.wrap(memory);
    }

    @Override
    public boolean isSame(HostParameter now) {
      return now instanceof Described other && other.weights == weights && other.then == then;
    }

    @Override
    public HostParameter again() {
      return weights.described();
    }

    @Override
    public boolean isCopied() {
      return !weights.shared;
    }

    @Override
    public boolean isOpen() {
      return !weights.closed;
    }

    @Override
    public void load() {
      System.arraycopy(weights.numbers, 0, memory, 0, memory.length);
    }

    @Override
    public void store() {
      System.arraycopy(memory, 0, weights.numbers, 0, memory.length);
    }
  }

  private record Kept(List<Weights> weights) implements HostGradients {
    @Override
    public Tree tree() {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      weights.forEach(each -> tensors.put(each.name, Tensor.wrap(each.gradient)));
      return Tree.of(tensors);
    }

    @Override
    public boolean areMissing() {
      return weights.stream().allMatch(each -> tree().get(each.name).toDoubles()[0] == 0);
    }

    @Override
    public void clear() {
      weights.forEach(each -> Arrays.fill(each.gradient, 0));
    }

    @Override
    public void restore(Tree numbers) {
      numbers.copyTo(tree());
    }
  }

  private final List<Weights> model = new ArrayList<>();

  private Weights add(String name, boolean shared, float... numbers) {
    Weights weights = new Weights(name, shared, numbers);
    model.add(weights);
    return weights;
  }

  private List<Described> described() {
    return model.stream().map(Weights::described).toList();
  }

  private void step(ModelStepper<?> stepper) {
    model.forEach(Weights::backward);
    stepper.step(stepper.parameters(described()), new Kept(model), Extras.NONE);
  }

  private static <S> ModelStepper<S> of(GradientTransformation<S> optimizer) {
    return ModelStepper.of(optimizer, WeightLayout.IN_OUT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stepsAsAStepperDoesAndClearsTheGradients(boolean shared) {
    Weights a = add("a", shared, 1, -2);
    Weights b = add("b", shared, 3);
    ModelStepper<?> stepper = of(Contrib.prodigy());
    Stepper<?> plain =
        Stepper.of(
            Contrib.prodigy(),
            Tree.of("a", Tensor.of(new float[] {1, -2}), "b", Tensor.of(new float[] {3})));
    for (int i = 0; i < 20; i++) {
      step(stepper);
      plain.step(plain.params().copy());
      assertThat(a.numbers).containsExactly(plain.params().get("a").toFloats());
      assertThat(b.numbers).containsExactly(plain.params().get("b").toFloats());
      assertThat(a.gradient).containsOnly(0);
    }
    assertThat(stepper.steps()).isEqualTo(20);
    assertThat(stepper.estimates().get("d")).isPositive();
  }

  @Test
  void takesTheMeanOfSums() {
    Weights a = add("a", true, 1, -2);
    ModelStepper<?> stepper = of(Optimizers.sgd(0.5));
    stepper.parts(4);
    for (int i = 0; i < 3; i++) {
      model.forEach(Weights::backward);
    }
    step(stepper); // four passes
    assertThat(a.numbers).containsExactly(0.5f, -1);
    model.forEach(Weights::backward);
    Extras doubled = Extras.NONE.withGradientScale(8);
    stepper.step(stepper.parameters(described()), new Kept(model), doubled);
    assertThat(a.numbers).containsExactly(0, 0);
    Tree sums = Tree.of("a", Tensor.of(new float[] {4, 8}));
    ValueAndGradients mean = stepper.mean(new ValueAndGradients(3, sums));
    assertThat(mean.gradients().get("a").toFloats()).containsExactly(1, 2);
  }

  @Test
  void whatStaysKeepsItsStateWhenTheModelChanges() {
    GradientTransformation<?> momentum = Optimizers.sgd(0.1).momentum(0.9);
    Weights a = add("a", true, 1, -2);
    Weights b = add("b", false, 3);
    ModelStepper<?> stepper = of(momentum);
    Stepper<?> alone = Stepper.of(momentum, Tree.of("a", Tensor.of(new float[] {1, -2})));
    step(stepper);
    alone.step(alone.params().copy());
    model.remove(b); // frozen
    step(stepper);
    alone.step(alone.params().copy());
    float before = b.numbers[0];
    add("c", true, 5);
    a.numbers = a.numbers.clone(); // moved
    step(stepper);
    alone.step(alone.params().copy());
    assertThat(a.numbers).containsExactly(alone.params().get("a").toFloats());
    assertThat(b.numbers[0]).isEqualTo(before);
    assertThat(model.get(1).numbers[0]).isEqualTo(4.5f);
    assertThat(stepper.steps()).isEqualTo(3);
  }

  @Test
  void showsTheParametersToEvaluateAndTheSteppedOnesAgain() {
    Weights a = add("a", true, 1, -2);
    Weights b = add("b", false, 3);
    ModelStepper<?> stepper = of(Contrib.scheduleFreeSgd(0.5));
    step(stepper);
    step(stepper);
    float[] stepped = a.numbers.clone();
    a.numbers = a.numbers.clone(); // moved, since the step
    stepper.showEvalParams();
    stepper.showEvalParams();
    assertThat(a.numbers).isNotEqualTo(stepped);
    b.closed = true;
    a.numbers = a.numbers.clone(); // moved
    stepper.showStepped();
    assertThat(a.numbers).isEqualTo(stepped);
    b.closed = false;
    b.numbers[0] = 28; // assigned by the user, of whom the stepper has a copy
    stepper.showEvalParams(described());
    a.numbers = new float[] {1, 2, 3}; // of another shape
    stepper.showStepped();
    assertThat(b.numbers).containsExactly(28);
    assertThat(a.numbers).containsExactly(1, 2, 3);
  }

  @Test
  void goesOnFromACheckpointWithTheSameBits() throws CheckpointException {
    Weights a = add("a", true, 1, -2);
    ModelStepper<?> stepper = of(Contrib.prodigy());
    step(stepper);
    step(stepper);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Checkpoint taken = stepper.checkpoint(described());
    float before = a.numbers[0];
    a.numbers[0] = 99; // the framework has other uses for its memory
    save(taken, file);
    a.numbers[0] = before;
    step(stepper);
    float[] expected = a.numbers.clone();
    a.numbers = new float[] {7, 7};
    ModelStepper<?> again = of(Contrib.prodigy());
    byte[] bytes = file.toByteArray();
    again.resume(described(), Checkpoint.load(new ByteArrayInputStream(bytes), bytes.length), 1);
    step(again);
    assertThat(a.numbers).containsExactly(expected);
    assertThat(again.steps()).isEqualTo(3);
    assertThat(again.skipped()).isEqualTo(1);
  }

  private static void save(Checkpoint checkpoint, OutputStream out) {
    try {
      checkpoint.save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void gradientsThatAreNotFiniteAreRefusedOrSkippedAndCleared() {
    Weights a = add("a", true, 1, -2);
    ModelStepper<?> stepper = of(Optimizers.adam(0.1));
    step(stepper);
    float[] before = a.numbers.clone();
    stepper.nonFinite(NonFinite.ERROR);
    a.gradient[0] = Float.NaN;
    assertThatThrownBy(() -> step(stepper)).isInstanceOf(NonFiniteException.class);
    assertThat(a.gradient).containsOnly(0);
    stepper.nonFinite(NonFinite.SKIP);
    a.gradient[0] = Float.NaN;
    step(stepper);
    assertThat(a.numbers).isEqualTo(before);
    assertThat(a.gradient).containsOnly(0);
    assertThat(stepper.estimates()).containsEntry("skipped", 1.0);
  }

  @Test
  void runsPassesAgainForASearch() {
    Weights a = add("a", false, 4, -2);
    ModelStepper<?> stepper = of(Optimizers.lbfgs());
    Kept kept = new Kept(model);
    for (int i = 0; i < 3; i++) {
      model.forEach(Weights::backward);
      ParameterTree parameters = stepper.parameters(described());
      ReplayedLoss loss =
          new ReplayedLoss(
              parameters,
              kept,
              () -> {
                model.forEach(Weights::backward);
                return new ValueAndGradients(half(a.numbers), kept.tree());
              },
              () -> half(a.numbers));
      Extras extras = Extras.NONE.withValue(half(a.numbers)).withLossFunction(loss);
      stepper.step(parameters, kept, extras);
    }
    assertThat(half(a.numbers)).isLessThan(1e-9);
  }

  private static double half(float[] x) {
    double sum = 0;
    for (float each : x) {
      sum += 0.5 * each * each;
    }
    return sum;
  }

  private void refuses(GradientTransformation<?> optimizer, String message) {
    Weights a = add("a", true, 1, -2);
    ModelStepper<?> stepper = of(optimizer);
    stepper.missing(
        new MissingExtras("call it with a loss", "no passes", "no losses", "call with %s"));
    assertThatThrownBy(() -> step(stepper)).hasMessage(message);
    assertThat(a.numbers).containsExactly(1, -2);
    assertThat(a.gradient).containsExactly(1, -2);
    model.clear();
  }

  @Test
  void aMissingArgumentIsSaidInTheAdaptersWords() {
    refuses(Contrib.momo(), "extra argument \"value\" must be given: call it with a loss");
    refuses(Optimizers.lbfgs(), "the optimizer asks for losses at other parameters: no losses");
    refuses(
        Contrib.sam(Optimizers.sgd(0.1), Optimizers.sgd(0.1)).opaqueMode(true),
        "the optimizer asks for gradients at other parameters: no passes");
    GradientTransformation<?> own =
        Transforms.conditionallyMask(
            Optimizers.sgd(0.1), (step, extras) -> extras.scalar("rho").lessThan(1));
    refuses(own, "extra argument \"rho\" must be given: call with with(\"rho\", ...)");
    add("a", true, 1);
    assertThatThrownBy(() -> step(of(Contrib.momo())))
        .hasMessage(
            "extra argument \"value\" must be given: step(gradients,"
                + " Extras.NONE.withValue(...))");
  }

  @Test
  void refusesWhatCannotBeSteppedWithASentence() {
    add("a", true, 1);
    add("a", true, 2);
    ModelStepper<?> stepper = of(Optimizers.sgd(0.1));
    assertThatThrownBy(() -> stepper.parameters(described()))
        .hasMessage("parameters must have different names, but two were \"a\"");
    model.remove(1);
    ParameterTree parameters = stepper.parameters(described());
    assertThatThrownBy(() -> stepper.step(parameters, new Kept(model), Extras.NONE))
        .hasMessage(
            "the first step's gradients must not all be zero: run a backward pass before step");
    assertThatThrownBy(() -> of(Optimizers.sgd(1)).step(parameters, new Kept(model), Extras.NONE))
        .hasMessageContaining("the first step's gradients");
    assertThatThrownBy(() -> of(null)).hasMessage("optimizer must not be null");
    assertThatThrownBy(() -> stepper.parts(0)).hasMessage("parts must be at least 1, but was 0");
  }
}
