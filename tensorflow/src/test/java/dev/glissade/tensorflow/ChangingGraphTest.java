package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Assign;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** What is stepped when variables are frozen, thawed, set or moved, or share memory. */
class ChangingGraphTest {

  private static SmallGraph graph(boolean resource) {
    return new SmallGraph(TFloat32.class, resource);
  }

  private static void assertClose(Map<String, double[]> have, Tree want, Set<String> paths) {
    paths.forEach(path ->
        assertThat(have.get(path))
            .as(path)
            .containsExactly(want.get(path).toDoubles(), within(1e-6)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void frozenVariablesStayAndTheOthersAreSteppedAsIfAlone(boolean resource) {
    try (SmallGraph graph = graph(resource);
        GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())) {
      stepper.freeze(graph.variables.get("hidden/kernel"), graph.variables.get("out/bias"));
      Set<String> trained = Set.of("hidden/bias", "out/kernel");
      Map<String, double[]> before = graph.params();
      Stepper<?> core = Stepper.of(Contrib.prodigy(), graph.tree().select(trained::contains));
      for (int step = 0; step < 5; step++) {
        core.step(graph.gradients(graph.batch(step)).select(trained::contains));
        stepper.step(graph.batch(step));
      }
      assertClose(graph.params(), core.params(), trained);
      assertThat(graph.params().get("out/bias")).isEqualTo(before.get("out/bias"));
      assertThat(graph.params().get("hidden/kernel")).isEqualTo(before.get("hidden/kernel"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aVariableThatIsThawedJoinsAndTheOthersKeepTheirState(boolean resource) {
    try (SmallGraph graph = graph(resource);
        GraphStepper stepper =
            GraphStepper.of(graph.session, graph.loss, Optimizers.sgd(0.1).momentum(0.9))) {
      stepper.freeze("out/kernel"::equals);
      Set<String> some = Set.of("hidden/kernel", "hidden/bias", "out/bias");
      Stepper<?> core =
          Stepper.of(Optimizers.sgd(0.1).momentum(0.9), graph.tree().select(some::contains));
      double[] frozen = graph.params().get("out/kernel");
      for (int step = 0; step < 6; step++) {
        if (step == 3) {
          assertThat(graph.params().get("out/kernel")).isEqualTo(frozen);
          stepper.freeze();
        }
        core.step(graph.gradients(graph.batch(step)).select(some::contains));
        stepper.step(graph.batch(step));
      }
      assertClose(graph.params(), core.params(), some);
      assertThat(graph.params().get("out/kernel")).isNotEqualTo(frozen);
      assertThat(stepper.steps()).isEqualTo(6);
    }
  }

  @Test
  void aReferenceVariableIsSteppedInItsOwnMemory() {
    try (SmallGraph graph = graph(false)) {
      GraphVariable variable = GraphVariable.of(graph.variables.get("out/kernel"));
      try (Result result = graph.session.runner().fetch(variable.read()).run()) {
        ByteBuffer bytes = TensorMemory.bytes("it", result.get(0));
        assertThat(SharingTrial.succeeds()).isTrue();
        VariableMemory memory = VariableMemory.of(graph.session, variable, result.get(0));
        assertThat(memory).isInstanceOf(SharedMemory.class);
        assertThat(memory.tensor().get(0)).isEqualTo(graph.params().get("out/kernel")[0]);
        bytes.asFloatBuffer().put(0, 0.75f);
        assertThat(memory.tensor().get(0)).isEqualTo(0.75);
        memory.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsAssignedBetweenStepsCounts(boolean resource) {
    try (SmallGraph graph = graph(resource);
        GraphStepper stepper =
            GraphStepper.of(graph.session, graph.loss, Optimizers.sgd(0.1).momentum(0.9))) {
      stepper.step(graph.batch(0));
      Tree before = graph.tree();
      Tree first = graph.gradients(graph.batch(0));
      graph.set("out/kernel", 0.25f);
      Tree second = graph.gradients(graph.batch(1));
      assertThat(graph.params().get("out/kernel")).containsOnly(0.25);
      stepper.step(graph.batch(1));
      assertThat(before.get("out/kernel").toDoubles()).doesNotContain(0.25);
      assertThat(first.paths()).hasSize(4);
      double[] now = graph.params().get("out/kernel");
      // Both gradients, the first by momentum.
      assertThat(now).isNotEqualTo(before.get("out/kernel").toDoubles());
      assertThat(now[0]).isNotCloseTo(0.25 - 0.1 * second.get("out/kernel").get(0), within(1e-7));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void initializingAgainBeginsAgainWithTheState(boolean resource) {
    try (SmallGraph graph = graph(resource);
        GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Optimizers.sgd(0.1))) {
      Map<String, double[]> initial = graph.params();
      stepper.step(graph.batch(0));
      Map<String, double[]> first = graph.params();
      graph.session.forceInitialize();
      graph.params().forEach((path, have) -> assertThat(have).isEqualTo(initial.get(path)));
      stepper.step(graph.batch(0));
      graph.params().forEach((path, have) -> assertThat(have).isEqualTo(first.get(path)));
    }
  }

  /** Other variables that were given the same value must not change with it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCopyInTheGraphDoesNotChange(boolean resource) {
    try (SmallGraph graph = graph(resource);
        GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Optimizers.sgd(0.1))) {
      stepper.step(graph.batch(0));
      Operand<?> copy = copyOf(graph, resource);
      try (Result before = graph.session.runner().fetch(copy).run()) {
        TFloat32 kept = (TFloat32) before.get(0);
        double was = kept.getFloat(0, 0);
        assertThat(was).isEqualTo(graph.params().get("out/kernel")[0]);
        stepper.step(graph.batch(1));
        try (Result after = graph.session.runner().fetch(copy).run()) {
          assertThat((double) ((TFloat32) after.get(0)).getFloat(0, 0)).isEqualTo(was);
        }
        assertThat(graph.params().get("out/kernel")[0]).isNotEqualTo(was);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Operand<?> copyOf(SmallGraph graph, boolean resource) {
    Ops tf = graph.tf.withSubScope("copy");
    Operand<TFloat32> value = (Operand<TFloat32>) (Operand<?>) graph.reads.get("out/kernel");
    if (resource) {
      var other =
          tf.varHandleOp(
              TFloat32.class,
              Shape.of(4, 1),
              org.tensorflow.op.core.VarHandleOp.sharedName("copy"));
      graph.session.run(tf.assignVariableOp(other, value));
      return tf.readVariableOp(other, TFloat32.class);
    }
    Variable<TFloat32> other = tf.variable(Shape.of(4, 1), TFloat32.class);
    graph.session.run(tf.assign(other, value));
    return other;
  }

  /** As with TensorFlow's own optimizers: the tensor shares the variable's memory. */
  @Test
  void aFetchedReferenceVariableChangesWithItAsWithTensorFlowsOwn() {
    try (SmallGraph graph = graph(false)) {
      Op minimize = new GradientDescent(graph.graph, 0.1f).minimize(graph.loss);
      try (Result fetched = graph.session.runner().fetch(graph.reads.get("out/kernel")).run();
          GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Optimizers.sgd(0.1))) {
        TFloat32 kept = (TFloat32) fetched.get(0);
        float initial = kept.getFloat(0, 0);
        var runner = graph.session.runner();
        graph.batch(0).accept(runner);
        runner.addTarget(minimize).run().close();
        float own = kept.getFloat(0, 0);
        assertThat(own).isNotEqualTo(initial);
        stepper.step(graph.batch(0));
        assertThat(kept.getFloat(0, 0)).isNotEqualTo(own);
      }
    }
  }

  @Test
  void aVariableOfAnotherShapeBeginsWithANewState() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> w = tf.withName("w").variable(Shape.unknown(), TFloat32.class);
      Assign.Options any = Assign.validateShape(false);
      session.run(tf.assign(w, tf.constant(new float[] {1, 2}), any));
      Operand<TFloat32> loss = tf.nn.l2Loss(w);
      try (GraphStepper stepper =
          GraphStepper.of(session, loss, Optimizers.sgd(0.1).momentum(0.9))) {
        assertThat(stepper.step(runner -> {})).isEqualTo(2.5);
        assertThat(numbers(session, w)).containsExactly(0.9f, 1.8f);
        session.run(tf.assign(w, tf.constant(new float[] {1, 2, 3}), any));
        assertThat(stepper.step(runner -> {})).isEqualTo(7);
        assertThat(numbers(session, w)).containsExactly(0.9f, 1.8f, 2.7f);
        session.run(tf.assign(w, tf.constant(new float[0]), any));
        assertThat(stepper.step(runner -> {})).isEqualTo(0);
      }
    }
  }

  private static float[] numbers(Session session, Operand<TFloat32> variable) {
    try (Result result = session.runner().fetch(variable).run()) {
      ByteBuffer bytes = TensorMemory.bytes("it", result.get(0));
      float[] numbers = new float[bytes.capacity() / 4];
      bytes.asFloatBuffer().get(numbers);
      return numbers;
    }
  }

  /** The gradient of the sum of a b by a is b, on the memory of b. */
  @Test
  void gradientsOnTheMemoryOfVariablesAreReadBeforeTheStep() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> a = tf.withName("a").variable(Shape.of(2), TFloat32.class);
      Variable<TFloat32> b = tf.withName("b").variable(Shape.of(2), TFloat32.class);
      Ops init = tf.withInitScope();
      init.assign(a, init.constant(new float[] {1, 2}));
      init.assign(b, init.constant(new float[] {10, 20}));
      Operand<TFloat32> loss = tf.reduceSum(tf.math.mul(a, b), tf.constant(0));
      try (GraphStepper stepper =
          GraphStepper.of(session, loss, Map.of(a, b, b, a), Optimizers.sgd(0.5))) {
        assertThat(stepper.step(runner -> {})).isEqualTo(50);
        assertThat(numbers(session, a)).containsExactly(-4, -8);
        assertThat(numbers(session, b)).containsExactly(9.5f, 19);
      }
      session.forceInitialize();
      try (GraphStepper stepper = GraphStepper.of(session, loss, Optimizers.sgd(0.5))) {
        stepper.step(runner -> {});
        assertThat(numbers(session, a)).containsExactly(-4, -8);
        assertThat(numbers(session, b)).containsExactly(9.5f, 19);
      }
    }
  }

  @Test
  void variablesThatTheLossDoesNotDependOnStay() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> w = tf.withName("w").variable(Shape.of(2), TFloat32.class);
      Variable<TFloat32> other = tf.withName("other").variable(Shape.of(2), TFloat32.class);
      Variable<TInt64> count = tf.withName("count").variable(Shape.scalar(), TInt64.class);
      Ops init = tf.withInitScope();
      init.assign(w, init.constant(new float[] {1, 2}));
      init.assign(other, init.constant(new float[] {3, 4}));
      init.assign(count, init.constant(7L));
      Operand<TFloat32> loss = tf.math.mul(tf.nn.l2Loss(w), tf.dtypes.cast(count, TFloat32.class));
      try (GraphStepper stepper = GraphStepper.of(session, loss, Optimizers.adam(0.5))) {
        assertThat(stepper.step(runner -> {})).isEqualTo(17.5);
        assertThat(numbers(session, other)).containsExactly(3, 4);
        assertThat(numbers(session, w)[0]).isCloseTo(0.5f, within(1e-5f));
      }
    }
  }

  @Test
  void aBatchMayHaveTargets() {
    try (SmallGraph graph = graph(false);
        GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Optimizers.sgd(0.1))) {
      Ops tf = graph.tf.withSubScope("count");
      Variable<TFloat32> count = tf.variable(Shape.scalar(), TFloat32.class);
      graph.session.run(tf.assign(count, tf.constant(0f)));
      var more = tf.assignAdd(count, tf.constant(1f));
      for (int step = 0; step < 3; step++) {
        var batch = graph.batch(step);
        stepper.step(runner -> {
          batch.accept(runner);
          runner.addTarget(more);
        });
      }
      assertThat(numbers(graph.session, count)).containsExactly(3);
    }
  }
}
