package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Stateless;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.combine.Transforms;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Numbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A step that throws leaves parameters and state as they were, and the next step works. */
@Tag("vectors")
class FaultsTest {
  private static final Map<String, Supplier<Throwable>> FAULTS = new LinkedHashMap<>();

  static {
    FAULTS.put("exception", () -> new IllegalStateException("no data"));
    FAULTS.put("interruption", () -> new InterruptedException("stop"));
    FAULTS.put("no memory", () -> new OutOfMemoryError("thrown by the test"));
    FAULTS.put("deep stack", FaultsTest::overflow);
    FAULTS.put("assertion", () -> new AssertionError("wrong"));
  }

  private static Throwable overflow() {
    return catchThrowable(FaultsTest::descend);
  }

  private static int descend() {
    return descend() + 1;
  }

  /** Counts down the calls of the user's functions, and throws at one of them. */
  private static final class Fault {
    private int callsLeft = Integer.MAX_VALUE;
    private Supplier<Throwable> thrown = () -> new IllegalStateException("no data");
    private int calls;

    void call() {
      calls++;
      if (callsLeft-- == 0) {
        callsLeft = Integer.MAX_VALUE;
        FaultsTest.<RuntimeException>sneak(thrown.get());
      }
    }

    GradientFunction function() {
      return (at, i) -> {
        call();
        return at.times(0.5 + i);
      };
    }

    /** A link that calls a function of the user's. */
    Stateless link() {
      return (updates, params) ->
          updates.through(
              given -> {
                call();
                return given.times(0.5);
              },
              updates.structure());
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private static Map<String, Object> opaque(int period) {
    return AllOptimizers.named(
        "sam",
        Map.of(
            "optimizer",
            AllOptimizers.plain().get("adam"),
            "adv_optimizer",
            AllOptimizers.plain().get("sgd with momentum"),
            "sync_period",
            period,
            "reset_state",
            period == 3,
            "opaque_mode",
            true));
  }

  /** Sam in opaque mode, alone and in everything of the list that wraps an optimizer. */
  static Stream<String> callers() {
    return Stream.of(
        "sam of 2",
        "sam of 3",
        "sam of 4",
        "chain",
        "named_chain",
        "masked",
        "partition",
        "apply_if_finite",
        "multi_steps",
        "master_weights",
        "mechanize",
        "split_real_and_imaginary");
  }

  private static GradientTransformation<?> caller(String name) {
    Map<String, Object> sam = opaque(3);
    Map<String, Object> clip = AllOptimizers.named("clip_by_global_norm", Map.of("max_norm", 0.3));
    Object args =
        switch (name) {
          case "chain" -> List.of(clip, sam, clip);
          case "named_chain" -> Map.of("transformations", Map.of("a", clip, "b", sam));
          case "masked" -> Map.of("inner", opaque(3), "mask", List.of("*"));
          case "partition" ->
              Map.of("transforms", Map.of("a", sam), "param_labels", Map.of("*", "a"));
          case "apply_if_finite" -> Map.of("inner", sam, "max_consecutive_errors", 2);
          case "multi_steps" -> Map.of("opt", sam, "every_k_schedule", 2);
          case "mechanize" -> Map.of("base_optimizer", sam);
          default -> Map.of("inner", sam);
        };
    Map<String, Object> plain =
        name.startsWith("sam of ")
            ? opaque(Integer.parseInt(name.substring(7)))
            : AllOptimizers.named(name, args);
    return Catalog.standard().optimizer(plain);
  }

  /** Steps with a fault at each call, in turn, against steps without. */
  private static void disturb(
      GradientTransformation<?> disturbed,
      GradientTransformation<?> smooth,
      Tree start,
      Fault fault,
      Fault none,
      int threads) {
    Stepper<?> failing = Stepper.borrowing(disturbed, start).threads(threads);
    Stepper<?> plain = Stepper.of(smooth, start).threads(1);
    Extras given = Extras.NONE.withGradientFunction(fault.function());
    Extras undisturbed = Extras.NONE.withGradientFunction(none.function());
    List<Supplier<Throwable>> faults = List.copyOf(FAULTS.values());
    for (int i = 0; i < 5; i++) {
      Tree gradients = Problem.gradients(smooth, DType.FLOAT32, i);
      int before = none.calls;
      plain.step(gradients, undisturbed);
      int calls = none.calls - before;
      for (int call = 0; call < calls; call++) {
        fault.callsLeft = call;
        fault.thrown = faults.get((i + call) % faults.size());
        Map<String, Object> params = Numbers.of(failing.params());
        Map<String, Object> state = Numbers.of(failing.state());
        Throwable thrown = catchThrowable(() -> failing.step(gradients, given));
        assertThat(thrown).as("call %d of step %d", call, i).isNotNull();
        assertThat(thrown.getClass()).isEqualTo(fault.thrown.get().getClass());
        assertThat(Numbers.of(failing.params())).isEqualTo(params);
        assertThat(Numbers.of(failing.state())).isEqualTo(state);
        assertThat(failing.steps()).isEqualTo(i);
      }
      failing.step(gradients, given);
      assertThat(Numbers.of(failing.params())).isEqualTo(Numbers.of(plain.params()));
      assertThat(Numbers.of(failing.state())).isEqualTo(Numbers.of(plain.state()));
    }
  }

  @ParameterizedTest
  @MethodSource("callers")
  void aFaultInAGradientFunctionChangesNothing(String name) {
    GradientTransformation<?> optimizer = caller(name);
    Tree params = Problem.params(DType.FLOAT32);
    disturb(optimizer, optimizer, params.copy(), new Fault(), new Fault(), 1);
    disturb(optimizer, optimizer, StorageTest.direct(params), new Fault(), new Fault(), 2);
  }

  static Set<String> all() {
    return AllOptimizers.plain().keySet();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aFaultInAForeignFunctionBehindAnyOptimizerChangesNothing(String name) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Fault fault = new Fault();
    Fault none = new Fault();
    GradientTransformation<?> disturbed = Transforms.chain(optimizer, fault.link());
    GradientTransformation<?> smooth = Transforms.chain(optimizer, none.link());
    Tree params = Problem.params(DType.FLOAT32);
    disturb(disturbed, smooth, params.copy(), fault, none, 1);
    disturb(disturbed, smooth, StorageTest.direct(params), fault, none, 2);
  }

  private static Schedule failing(Fault fault) {
    return count -> {
      fault.call();
      return 0.1 / (count + 1);
    };
  }

  @Test
  void aFaultInAScheduleChangesNothing() {
    for (int kind = 0; kind < 4; kind++) {
      Fault fault = new Fault();
      Fault none = new Fault();
      disturb(
          scheduled(kind, failing(fault)),
          scheduled(kind, failing(none)),
          Problem.params(DType.FLOAT32),
          fault,
          none,
          1);
    }
  }

  private static GradientTransformation<?> scheduled(int kind, Schedule rate) {
    return switch (kind) {
      case 0 -> Optimizers.sgd(rate).momentum(0.9);
      case 1 -> Contrib.mechanize(Optimizers.adam(rate));
      case 2 -> Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.adamw(rate));
      default -> Transforms.multiSteps(Optimizers.lion(rate), 2);
    };
  }

  /** The last pass makes the number that the function is given. */
  @Test
  void aFaultInAFunctionOfTheNewStateChangesNothing() {
    record Seen(Scalar norm) {}
    Fault fault = new Fault();
    GradientTransformation<Seen> optimizer =
        GradientTransformation.of(
            params -> new Seen(Scalar.of(0)),
            (g, state, x) ->
                Step.of(
                    g.times(-0.1),
                    new Seen(
                        x.minus(g.times(0.1))
                            .normSquared()
                            .map(norm -> {
                              fault.call();
                              return norm;
                            }))));
    Tree x = Problem.params(DType.FLOAT32);
    Stepper<Seen> stepper = Stepper.of(optimizer, x);
    fault.callsLeft = 0;
    assertThatThrownBy(() -> stepper.step(x)).hasMessage("no data");
    assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(x));
    assertThat(stepper.state().norm().value()).isZero();
    stepper.step(x);
    assertThat(stepper.state().norm().value()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void largePassesAndAnInterruptedThreadToo(int threads) {
    Tree x = StorageTest.large(1);
    GradientTransformation<?> sam = caller("sam of 3");
    Fault fault = new Fault();
    Extras extras = Extras.NONE.withGradientFunction(fault.function());
    Stepper<?> failing = Stepper.of(sam, x).threads(threads);
    Stepper<?> plain = Stepper.of(sam, x).threads(1);
    for (int call = 0; call < 2; call++) {
      fault.callsLeft = call;
      assertThatThrownBy(() -> failing.step(x, extras)).hasMessage("no data");
    }
    plain.step(x, extras);
    Thread.currentThread().interrupt();
    failing.step(x, extras);
    assertThat(Thread.interrupted()).isTrue();
    for (String leaf : x.paths()) {
      assertThat(failing.params().get(leaf).toFloats())
          .isEqualTo(plain.params().get(leaf).toFloats());
    }
  }
}
