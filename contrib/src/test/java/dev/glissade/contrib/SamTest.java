package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Stateless;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SamTest {
  private static final Tree START = tree(3, -2);

  private static Tree tree(double... numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  private static double[] numbers(Tree tree) {
    return tree.get("w").toDoubles();
  }

  private static GradientTransformation<?> adversary(Schedule rho) {
    return Transforms.chain(Contrib.normalize(), Optimizers.sgd(rho));
  }

  private static GradientTransformation<?> adversary(double rho) {
    return adversary(Schedules.constantSchedule(rho));
  }

  /** The gradient of (w - 1)^4 / 4. */
  private static Tree gradient(Tree at) {
    Tree apart = at.plus(-1);
    return apart.times(apart).times(apart).evaluate();
  }

  @Test
  void periodOneIsTheOuterOptimizer() {
    Stepper<?> sam =
        Stepper.of(Contrib.sam(Optimizers.adam(0.1), adversary(0.5)).syncPeriod(1), START);
    Stepper<?> outer = Stepper.of(Optimizers.adam(0.1), START);
    for (int i = 0; i < 10; i++) {
      sam.step(gradient(sam.params()));
      outer.step(gradient(outer.params()));
    }
    assertThat(numbers(sam.params())).isEqualTo(numbers(outer.params()));
  }

  @Test
  void opaqueStepsAreTransparentCycles() {
    Sam transparent = Contrib.sam(Optimizers.sgd(0.05).momentum(0.9), adversary(0.1)).syncPeriod(3);
    Stepper<?> seen = Stepper.of(transparent, START);
    Stepper<?> opaque = Stepper.of(transparent.opaqueMode(true), START);
    List<Integer> calls = new ArrayList<>();
    GradientFunction function =
        (at, i) -> {
          calls.add(i);
          return gradient(at);
        };
    for (int cycle = 0; cycle < 5; cycle++) {
      for (int k = 0; k < 3; k++) {
        seen.step(gradient(seen.params()));
      }
      opaque.step(gradient(opaque.params()), Extras.NONE.withGradientFunction(function));
      double[] want = numbers(seen.params());
      double[] have = numbers(opaque.params());
      for (int i = 0; i < want.length; i++) {
        assertThat(have[i]).isCloseTo(want[i], offset(1e-12));
      }
    }
    assertThat(calls).containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0, 1);
  }

  /** They are where the outer optimizer alone would be, however far the climb has come. */
  @Test
  void theParametersToEvaluateAreNeverClimbed() {
    Sam transparent = Contrib.sam(Optimizers.adam(0.05), adversary(0.1)).syncPeriod(3);
    for (GradientTransformation<?> sam :
        List.of(transparent, Transforms.chain(Transforms.masked(transparent, path -> true)))) {
      Stepper<?> stepper = Stepper.of(sam, START);
      assertThat(numbers(stepper.evalParams())).isEqualTo(numbers(START));
      for (int cycle = 0; cycle < 3; cycle++) {
        double[] synced = numbers(stepper.params());
        for (int climb = 0; climb < 2; climb++) {
          stepper.step(gradient(stepper.params()));
          assertThat(numbers(stepper.params())).isNotEqualTo(synced);
          assertThat(numbers(stepper.evalParams())).isEqualTo(synced);
        }
        stepper.step(gradient(stepper.params()));
        assertThat(numbers(stepper.evalParams())).isEqualTo(numbers(stepper.params()));
      }
    }
  }

  @Test
  void inOpaqueModeTheParametersToEvaluateAreTheParameters() {
    Stepper<?> stepper =
        Stepper.of(Contrib.sam(Optimizers.adam(0.1), adversary(0.1)).opaqueMode(true), START);
    stepper.step(gradient(START), Extras.NONE.withGradientFunction((at, i) -> gradient(at)));
    assertThat(numbers(stepper.evalParams())).isEqualTo(numbers(stepper.params()));
  }

  @Test
  void aGradientFunctionThatThrowsChangesNothing() {
    Stepper<?> stepper =
        Stepper.of(Contrib.sam(Optimizers.adam(0.1), adversary(0.1)).opaqueMode(true), START);
    Extras good = Extras.NONE.withGradientFunction((at, i) -> gradient(at));
    stepper.step(gradient(START), good);
    double[] before = numbers(stepper.params());
    String state = stepper.state().toString();
    Extras bad =
        Extras.NONE.withGradientFunction((at, i) -> {
          throw new IllegalStateException("no data");
        });
    assertThatThrownBy(() -> stepper.step(gradient(START), bad)).hasMessage("no data");
    assertThat(numbers(stepper.params())).isEqualTo(before);
    assertThat(stepper.state()).hasToString(state);
    stepper.step(gradient(START), good);
    assertThat(numbers(stepper.params())).isNotEqualTo(before);
  }

  @Test
  void schedulesOfRhoCountOuterSteps() {
    Schedule rho = Schedules.piecewiseConstantSchedule(0.5, Map.of(2, 0.1));
    Stepper<?> stepper =
        Stepper.of(Contrib.sam(Optimizers.sgd(0.0), adversary(rho)).syncPeriod(3), START);
    List<Double> climbs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Tree before = stepper.params().copy();
      stepper.step(tree(1, 0));
      double moved = numbers(stepper.params())[0] - numbers(before)[0];
      if (i % 3 < 2) {
        climbs.add(moved);
      }
    }
    double[] found = climbs.stream().mapToDouble(Double::doubleValue).toArray();
    double[] wanted = {0.5, 0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.05};
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found[i]).isCloseTo(wanted[i], offset(1e-12));
    }
  }

  @Test
  void theBranchNotTakenIsNotComputed() {
    List<String> computed = new ArrayList<>();
    Stateless outer = probe("outer", computed);
    Stateless climbing = probe("adversary", computed);
    Stepper<?> stepper = Stepper.of(Contrib.sam(outer, climbing), START);
    for (int i = 0; i < 4; i++) {
      stepper.step(tree(1, 1));
    }
    assertThat(computed).containsExactly("adversary", "outer", "adversary", "outer");
  }

  private static Stateless probe(String name, List<String> computed) {
    return (updates, params) ->
        updates.callback(
            given -> {
              computed.add(name);
              return given.times(0.1);
            },
            updates.structure());
  }

  @Test
  void replicasAverageTheirGradients() throws Exception {
    Sam sam = Contrib.sam(Optimizers.sgd(0.05), adversary(0.1)).opaqueMode(true);
    for (int replicas : new int[] {2, 3}) {
      ThreadBatchAxis axis = new ThreadBatchAxis(replicas, Duration.ofSeconds(20));
      ExecutorService threads = Executors.newFixedThreadPool(replicas);
      List<Future<double[]>> results = new ArrayList<>();
      for (int r = 0; r < replicas; r++) {
        int replica = r;
        results.add(threads.submit(() -> replica(sam, axis, replica, replicas)));
      }
      double[] alone = replica(sam, null, 0, 1);
      for (Future<double[]> result : results) {
        double[] found = result.get();
        for (int i = 0; i < alone.length; i++) {
          assertThat(found[i]).isCloseTo(alone[i], offset(1e-12));
        }
      }
      threads.shutdown();
    }
  }

  /** Replica r of n sees the gradient times 2 (r + 1) / (n + 1): their mean is the gradient. */
  private static double[] replica(Sam sam, @Nullable ThreadBatchAxis axis, int r, int n) {
    Extras extras =
        Extras.NONE.withGradientFunction(
            (at, i) -> gradient(at).times(2.0 * (r + 1) / (n + 1)).evaluate());
    Sam used = axis == null ? sam : sam.batchAxisName("batch");
    Extras all = axis == null ? extras : extras.with("batch", axis.replica(r));
    Stepper<?> stepper = Stepper.of(used, START);
    for (int i = 0; i < 5; i++) {
      stepper.step(gradient(stepper.params()), all);
    }
    return numbers(stepper.params());
  }

  @Test
  @Timeout(60)
  void aReplicaThatGivesUpDoesNotHangTheOthers() throws Exception {
    ThreadBatchAxis axis = new ThreadBatchAxis(2, Duration.ofDays(1));
    FutureTask<Tree> other = new FutureTask<>(() -> axis.replica(0).mean(START));
    Waiting.start(new Thread(other, "the other replica"));
    axis.abort();
    assertThatThrownBy(other::get).hasRootCauseMessage("a replica gave up");
    assertThatThrownBy(() -> axis.replica(1).mean(START)).hasMessage("a replica gave up");
  }

  /** The gradient of |x - target|^2 / 2 as a record: another one each step. */
  private record Towards(double target) implements GradientFunction {
    @Override
    public Tree gradients(Tree params, int i) {
      return params.plus(-target).evaluate();
    }
  }

  /** Counts how often its step is written down. */
  private record Counted(GradientTransformation<Sam.SAMState> inner, AtomicInteger written)
      implements GradientTransformation<Sam.SAMState> {
    @Override
    public Sam.SAMState initialState(Tree params) {
      return inner.initialState(params);
    }

    @Override
    public Step<Sam.SAMState> step(Tree g, Sam.SAMState state, Tree params, Extras extras) {
      written.incrementAndGet();
      return inner.step(g, state, params, extras);
    }
  }

  @Test
  void aGradientFunctionThatIsARecordNeedsNoProgramOfItsOwn() {
    Sam sam = Contrib.sam(Optimizers.sgd(0.5), Optimizers.sgd(0.1)).opaqueMode(true);
    Counted counted = new Counted(sam, new AtomicInteger());
    Stepper<?> stepper = Stepper.of(counted, Tree.of("x", Tensor.of(new double[] {1})));
    for (int target = 0; target < 5; target++) {
      Towards function = new Towards(target);
      double x = stepper.params().get("x").get(0);
      Tree gradients = function.gradients(stepper.params().copy(), 0);
      stepper.step(gradients, Extras.NONE.withGradientFunction(function));
      // climbed: x + .1 (x - t); its gradient is 1.1 (x - t)
      double descended = x - 0.5 * 1.1 * (x - target);
      assertThat(stepper.params().get("x").get(0)).isCloseTo(descended, offset(1e-12));
    }
    assertThat(counted.written().get()).isEqualTo(1);
  }
}
