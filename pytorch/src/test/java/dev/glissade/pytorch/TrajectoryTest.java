package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.HessianProduct;
import dev.glissade.LossFunction;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.catalog.Catalog;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import dev.glissade.transform.WeightLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** With the same gradients, the same trajectory as the core's. */
@Tag("vectors")
class TrajectoryTest {
  private static final HessianProduct PRODUCT = (x, v) -> v.times(2).evaluate();

  /** What the tests of every run take of all optimizers and transformations. */
  private static final Set<String> ALWAYS =
      Set.of("adam", "adamw", "prodigy", "sam", "schedule_free", "muon", "dpsgd", "lbfgs");

  static List<String> some() {
    List<String> names = List.copyOf(AllOptimizers.plain().keySet());
    return IntStream.range(0, names.size())
        .filter(i -> i % 10 == 0 || ALWAYS.contains(names.get(i)))
        .mapToObj(names::get)
        .toList();
  }

  static Set<String> all() {
    return AllOptimizers.plain().keySet();
  }

  static GradientTransformation<?> optimizer(String name) {
    return Catalog.standard().optimizer(AllOptimizers.plain().get(name));
  }

  /** The loss of a batch by another net. */
  private static LossFunction loss(SmallNet net, int number) {
    return (params, i) -> {
      net.set(params);
      double value =
          TorchMemory.inScope(() -> {
            org.bytedeco.pytorch.Tensor loss = net.loss(number);
            net.module.zero_grad(true);
            loss.backward();
            return loss.item_double();
          });
      return new ValueAndGradients(value, net.gradientTree());
    };
  }

  @ParameterizedTest
  @MethodSource("some")
  void isThatOfTheCore(String name) {
    compare(optimizer(name), optimizer(name), ScalarType.Float, 8);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("all")
  void isThatOfTheCoreForEveryOptimizer(String name) {
    compare(optimizer(name), optimizer(name), ScalarType.Float, 8);
  }

  @Test
  void theListHasWhatMustBeThere() {
    assertThat(some()).containsAll(ALWAYS);
  }

  @ParameterizedTest
  @EnumSource(
      value = ScalarType.class,
      names = {"Double", "Half", "BFloat16"})
  void isSoInOtherTypes(ScalarType type) {
    compare(Contrib.prodigy(), Contrib.prodigy(), type, 20);
  }

  private static GradientTransformation<?> ofLayout(WeightLayout layout) {
    return Transforms.chain(
        Transforms.adaptiveGradClip(0.05).layout(layout),
        Transforms.centralize().layout(layout),
        Optimizers.sgd(0.1));
  }

  @Test
  void takesWeightsAsLibtorchKeepsThem() {
    compare(ofLayout(WeightLayout.IN_OUT), ofLayout(WeightLayout.OUT_IN), ScalarType.Float, 20);
  }

  private static void compare(
      GradientTransformation<?> optimizer,
      GradientTransformation<?> same,
      ScalarType type,
      int steps) {
    SmallNet net = new SmallNet(type, 4);
    SmallNet other = new SmallNet(type, 4);
    TorchStepper stepper = TorchStepper.of(net.named(), optimizer);
    Stepper<?> core = Stepper.of(WeightLayout.OUT_IN.appliedTo(same), net.tree());
    boolean each = optimizer.perExample();
    for (int step = 0; step < steps; step++) {
      int number = step;
      if (each) {
        core.step(rows(other, core.params(), number));
        stepper.stepEach(4, example -> net.loss(number, example));
      } else {
        LossFunction loss = loss(other, number);
        ValueAndGradients at = loss.valueAndGradients(core.params(), 0);
        core.step(
            at.gradients(),
            Extras.NONE
                .withHessianProduct(PRODUCT)
                .withValue(at.value())
                .withLossFunction(loss)
                .withGradientFunction((x, i) -> loss.valueAndGradients(x, i).gradients()));
        double value =
            stepper.step(() -> net.loss(number), Extras.NONE.withHessianProduct(PRODUCT));
        assertThat(value).isCloseTo(at.value(), within(1e-6));
      }
      Tree have = net.tree();
      for (String path : have.paths()) {
        assertThat(have.get(path).toDoubles())
            .as("%s at step %d", path, step)
            .containsExactly(core.params().get(path).toDoubles(), within(1e-6));
      }
      net.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
    }
  }

  /** The gradients of each example, at some parameters. */
  private static Tree rows(SmallNet net, Tree params, int number) {
    net.set(params);
    Map<String, List<double[]>> rows = new LinkedHashMap<>();
    for (int example = 0; example < 4; example++) {
      int one = example;
      net.module.zero_grad(true);
      TorchMemory.inScope(() -> {
        net.loss(number, one).backward();
        return true;
      });
      net.gradients()
          .forEach((path, g) -> rows.computeIfAbsent(path, p -> new ArrayList<>()).add(g));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String path : params.paths()) {
      double[] all = rows.get(path).stream().flatMapToDouble(Arrays::stream).toArray();
      int[] shape = params.get(path).shape();
      int[] batched = new int[shape.length + 1];
      batched[0] = 4;
      System.arraycopy(shape, 0, batched, 1, shape.length);
      tensors.put(path, Tensor.of(params.get(path).dtype(), all, batched));
    }
    return Tree.of(tensors);
  }
}
