package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Stateless;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step that throws leaves parameters and state as they were, and the next step works. */
@Tag("vectors")
public abstract class FaultsContract extends OfAll {
  private static final Map<String, Supplier<Throwable>> FAULTS = new LinkedHashMap<>();

  static {
    FAULTS.put("exception", () -> new IllegalStateException("no data"));
    FAULTS.put("interruption", () -> new InterruptedException("stop"));
    FAULTS.put("no memory", () -> new OutOfMemoryError("thrown by the test"));
    FAULTS.put("deep stack", FaultsContract::overflow);
    FAULTS.put("assertion", () -> new AssertionError("wrong"));
  }

  protected FaultsContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  private static Throwable overflow() {
    return catchThrowable(FaultsContract::descend);
  }

  private static int descend() {
    return descend() + 1;
  }

  /** Counts down the calls of the user's functions, and throws at one of them. */
  protected static final class Fault {
    private int callsLeft = Integer.MAX_VALUE;
    private Supplier<Throwable> thrown = () -> new IllegalStateException("no data");
    private int calls;

    public Fault() {}

    public void call() {
      calls++;
      if (callsLeft-- == 0) {
        callsLeft = Integer.MAX_VALUE;
        FaultsContract.<RuntimeException>sneak(thrown.get());
      }
    }

    /** The next call but so many throws. */
    public void at(int call) {
      callsLeft = call;
    }

    public GradientFunction function() {
      return (at, i) -> {
        call();
        return at.times(0.5 + i);
      };
    }

    /** A link that calls a function of the user's. */
    Stateless link() {
      return (updates, params) ->
          updates.callback(
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

  /** Steps with a fault at each call, in turn, against steps without. */
  protected static void disturb(
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

  /** What calls a gradient function, alone or inside of another optimizer. */
  protected abstract Map<String, GradientTransformation<?>> callers();

  Set<String> calling() {
    return new TreeSet<>(callers().keySet());
  }

  @ParameterizedTest
  @MethodSource("calling")
  void aFaultInAGradientFunctionChangesNothing(String name) {
    GradientTransformation<?> optimizer = callers().get(name);
    Tree params = Problem.params(DType.FLOAT32);
    disturb(optimizer, optimizer, params.copy(), new Fault(), new Fault(), 1);
    disturb(optimizer, optimizer, Problem.direct(params), new Fault(), new Fault(), 2);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aFaultInAForeignFunctionBehindAnyOptimizerChangesNothing(String name) {
    GradientTransformation<?> optimizer = optimizer(name);
    Fault fault = new Fault();
    Fault none = new Fault();
    GradientTransformation<?> disturbed = Transforms.chain(optimizer, fault.link());
    GradientTransformation<?> smooth = Transforms.chain(optimizer, none.link());
    Tree params = Problem.params(DType.FLOAT32);
    disturb(disturbed, smooth, params.copy(), fault, none, 1);
    disturb(disturbed, smooth, Problem.direct(params), fault, none, 2);
  }

  private static Schedule failing(Fault fault) {
    return count -> {
      fault.call();
      return 0.1 / (count + 1);
    };
  }

  /** What reads this learning rate. */
  protected abstract List<GradientTransformation<?>> scheduled(Schedule rate);

  @Test
  void aFaultInAScheduleChangesNothing() {
    for (int kind = 0; kind < scheduled(count -> 0).size(); kind++) {
      Fault fault = new Fault();
      Fault none = new Fault();
      disturb(
          scheduled(failing(fault)).get(kind),
          scheduled(failing(none)).get(kind),
          Problem.params(DType.FLOAT32),
          fault,
          none,
          1);
    }
  }
}
