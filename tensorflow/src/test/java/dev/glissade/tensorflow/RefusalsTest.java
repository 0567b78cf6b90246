package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.NonFinite;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** A clear error for each thing that cannot be done. */
class RefusalsTest {

  private static void assertRefused(Session session, Operand<?> loss, String message) {
    assertThatThrownBy(() -> GraphStepper.of(session, loss, Contrib.prodigy()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Variable<TFloat32> variable(Ops tf, String name) {
    Variable<TFloat32> made = tf.withName(name).variable(Shape.of(2), TFloat32.class);
    Ops init = tf.withInitScope();
    init.assign(made, init.constant(new float[] {1, 2}));
    return made;
  }

  @Test
  void lossesThatHaveNoGradientsAreRefused() {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Graph other = new Graph();
        EagerSession eager = EagerSession.create()) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> w = variable(tf, "w");
      assertRefused(
          session,
          Ops.create(eager).constant(1f),
          "the loss must be an operation of a graph, but was of an eager session, where"
              + " TensorFlow-Java has no gradients");
      assertRefused(
          session,
          Ops.create(other).constant(1f),
          "the loss must be of the session's graph, but was of another one");
      assertRefused(session, w, "the loss must be a scalar, but had shape [2]: take the mean");
      assertRefused(
          session,
          tf.constant(1f),
          "the loss must depend on a variable that has a gradient, but depended on no variable");
      assertRefused(
          session,
          tf.nn.l2Loss(tf.stopGradient(w)),
          "the loss must depend on a variable that has a gradient, but none of its 1 variables had one");
    }
  }

  /** TensorFlow itself ends the process at some of these. */
  @Test
  void functionsOfReferenceVariablesThatTensorFlowCantDifferentiateAreRefused() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> w = variable(tf, "w");
      Ops named = tf.withName("it");
      for (Operand<TFloat32> fatal :
          List.of(
              named.math.square(w), named.math.log1p(w), named.math.asin(w), named.math.atanh(w))) {
        assertRefused(
            session,
            tf.math.mul(tf.nn.l2Loss(fatal), tf.constant(2f)),
            "the loss must not have \"%s\", the %s of a reference variable, \"w\", which"
                    .formatted(fatal.asOutput().op().name(), fatal.asOutput().op().type())
                + " TensorFlow-Java can't differentiate: pass it tf.identity of the variable");
      }
      assertRefused(
          session,
          tf.nn.l2Loss(tf.math.square(tf.assign(w, tf.constant(new float[2])))),
          "the loss must not have \"Square\", the Square of a reference variable, \"Assign_1\", which"
              + " TensorFlow-Java can't differentiate: pass it tf.identity of the variable");
      for (Operand<TFloat32> other :
          List.of(tf.math.pow(w, tf.constant(2f)), tf.math.sign(w), tf.math.acos(w))) {
        assertRefused(
            session,
            tf.nn.l2Loss(other),
            "the loss must not have a function of a reference variable such as pow, sign, acos, atan"
                + " or batchMatMul, which TensorFlow-Java can't differentiate: pass it tf.identity"
                + " of the variable");
      }
    }
  }

  @Test
  void otherFunctionsOfReferenceVariablesAreNotRefused() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> w = variable(tf, "w");
      Operand<TFloat32> square = tf.math.square(tf.identity(w));
      Operand<TFloat32> power = tf.math.pow(tf.identity(w), tf.constant(2f));
      Operand<TFloat32> apart = tf.stopGradient(tf.math.square(w));
      Operand<TFloat32> chosen =
          tf.dtypes.cast(tf.math.argMax(tf.math.square(w), tf.constant(0)), TFloat32.class);
      Operand<TFloat32> sum =
          tf.math.add(
              tf.math.add(tf.math.mul(w, w), tf.math.add(square, power)),
              tf.math.add(apart, chosen));
      try (GraphStepper stepper =
          GraphStepper.of(session, tf.reduceSum(sum, tf.constant(0)), Optimizers.sgd(0.25))) {
        assertThat(stepper.step(runner -> {})).isEqualTo(4 * (1 + 4) + 2);
        assertThat(stepper.step(runner -> {})).isEqualTo(4 * (0.25 + 1) + 2);
      }
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void whatIsNullIsRefused() {
    try (SmallGraph graph = new SmallGraph();
        GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Optimizers.sgd(0.1))) {
      Session session = graph.session;
      assertThatThrownBy(() -> GraphStepper.of(null, graph.loss, Optimizers.sgd(0.1)))
          .hasMessage("session must not be null");
      assertThatThrownBy(() -> GraphStepper.of(session, null, Optimizers.sgd(0.1)))
          .hasMessage("loss must not be null");
      assertThatThrownBy(() -> GraphStepper.of(session, graph.loss, null))
          .hasMessage("optimizer must not be null");
      assertThatThrownBy(
              () -> GraphStepper.of(session, graph.loss, (Map<Operand<?>, Operand<?>>) null, null))
          .hasMessage("gradients must not be null");
      assertThatThrownBy(() -> stepper.step((Consumer<Session.Runner>) null))
          .hasMessage("batch must not be null");
      assertThatThrownBy(() -> stepper.step(graph.batch(0), null))
          .hasMessage("extras must not be null");
      assertThatThrownBy(() -> stepper.step(Collections.singletonList(null)))
          .hasMessage("batches must not have null");
      assertThatThrownBy(() -> stepper.freeze((Predicate<String>) null))
          .hasMessage("names must not be null");
      assertThatThrownBy(() -> stepper.freeze((Operand<?>) null))
          .hasMessage("variables must not have null");
      assertThatThrownBy(() -> stepper.nonFinite(null)).hasMessage("policy must not be null");
      assertThatThrownBy(() -> stepper.resume(null)).hasMessage("checkpoint must not be null");
      stepper.step(graph.batch(0));
    }
  }

  @Test
  void aClosedSessionIsRefused() {
    try (SmallGraph graph = new SmallGraph();
        GraphStepper stepper =
            GraphStepper.of(graph.session, graph.loss, Contrib.scheduleFreeSgd(0.1))) {
      stepper.step(graph.batch(0));
      graph.session.close();
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> stepper.step(graph.batch(1)), stepper::showEvalParams, stepper::checkpoint)) {
        assertThatThrownBy(call)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "the session must be open, but it or its graph was closed: close the GraphStepper,"
                    + " and make another one of a new session");
      }
      assertThat(stepper.steps()).isEqualTo(1);
    }
  }

  @Test
  void aLossWhoseShapeIsKnownLaterIsRefusedThen() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> loss = tf.math.mul(tf.nn.l2Loss(variable(tf, "w")), x);
      try (GraphStepper stepper = GraphStepper.of(session, loss, Contrib.prodigy());
          TFloat32 three = TFloat32.vectorOf(1, 2, 3);
          TFloat32 one = TFloat32.vectorOf(1)) {
        assertThatThrownBy(() -> stepper.step(runner -> runner.feed(x, three)))
            .hasMessage("the loss must be a scalar, but had shape [3]: take the mean");
        assertThat(stepper.step(runner -> runner.feed(x, one))).isEqualTo(2.5);
      }
    }
  }

  @Test
  void variablesThatAreOneInTheSessionAreRefused() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      VarHandleOp a = tf.withName("a").varHandleOp(TFloat32.class, Shape.of(2));
      VarHandleOp b = tf.withName("b").varHandleOp(TFloat32.class, Shape.of(2));
      Operand<TFloat32> sum =
          tf.math.add(tf.readVariableOp(a, TFloat32.class), tf.readVariableOp(b, TFloat32.class));
      assertRefused(
          session,
          tf.nn.l2Loss(sum),
          "variables must have different shared names, but \"a\" and \"b\" both had \"\": set"
              + " VarHandleOp.sharedName");
    }
  }

  @Test
  void variablesThatAreNotInitializedAreRefused() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> w = tf.withName("w").variable(Shape.of(2), TFloat32.class);
      VarHandleOp h = tf.varHandleOp(TFloat32.class, Shape.of(2), VarHandleOp.sharedName("h"));
      for (Operand<TFloat32> value : List.of(w, tf.readVariableOp(h, TFloat32.class))) {
        try (GraphStepper stepper =
            GraphStepper.of(session, tf.nn.l2Loss(value), Contrib.prodigy())) {
          assertThatThrownBy(() -> stepper.step(runner -> {}))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage(
                  "the variables must be initialized before a step: call session.initialize or"
                      + " restore");
        }
      }
    }
  }

  @Test
  void otherTypesAreRefusedUnlessFrozen() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> w = variable(tf, "w");
      Variable<TInt32> counts = tf.withName("counts").variable(Shape.of(2), TInt32.class);
      VarHandleOp codes =
          tf.withName("codes")
              .varHandleOp(TInt32.class, Shape.of(2), VarHandleOp.sharedName("codes"));
      session.run(tf.assign(counts, tf.constant(new int[] {1, 2})));
      session.run(tf.assignVariableOp(codes, tf.constant(new int[] {1, 2})));
      Operand<TFloat32> loss = tf.nn.l2Loss(w);
      for (Operand<?> other : List.of(counts, codes)) {
        try (GraphStepper stepper =
            GraphStepper.of(session, loss, Map.of(w, w, other, counts), Contrib.prodigy())) {
          assertThatThrownBy(() -> stepper.step(runner -> {}))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage(
                  ("variable \"%s\" must be float32, float64, float16, bfloat16 or frozen, but was"
                          + " DT_INT32")
                      .formatted(other == counts ? "counts" : "codes"));
          stepper.freeze(other).step(runner -> {});
        }
      }
    }
  }

  @Test
  void gradientsThatDoNotFitAreRefused() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> w = variable(tf, "w");
      Operand<TFloat32> loss = tf.nn.l2Loss(w);
      assertThatThrownBy(() -> GraphStepper.of(session, loss, Map.of(loss, w), Contrib.prodigy()))
          .hasMessageStartingWith("a gradient must be that of a graph's variable, but was that of");
      assertThatThrownBy(() -> GraphStepper.of(session, loss, Map.of(), Contrib.prodigy()))
          .hasMessage("gradients must have a variable, but had none");
      for (Operand<?> wrong :
          List.of(tf.constant(new float[3]), tf.constant(new double[2]), tf.constant(1))) {
        try (GraphStepper stepper =
            GraphStepper.of(session, loss, Map.of(w, wrong), Contrib.prodigy())) {
          assertThatThrownBy(() -> stepper.step(runner -> {}))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("w");
          assertThat(session.runner().fetch(loss).run().get(0)).isNotNull();
        }
      }
    }
  }

  @Test
  void freezingNoVariableIsRefused() {
    try (SmallGraph graph = new SmallGraph();
        GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())) {
      stepper.freeze("out/bias"::equals);
      assertThatThrownBy(() -> stepper.freeze("out/bais"::equals))
          .hasMessage(
              "freeze must match a variable that the loss depends on, but matched none of"
                  + " [hidden/kernel, hidden/bias, out/kernel, out/bias]: call freeze() to thaw"
                  + " all");
      Object before = graph.params().get("out/bias");
      stepper.step(graph.batch(0));
      assertThat(graph.params().get("out/bias")).isEqualTo(before);
      stepper.freeze().step(graph.batch(1));
      assertThat(graph.params().get("out/bias")).isNotEqualTo(before);
    }
  }

  @Test
  void freezingAllIsRefused() {
    try (SmallGraph graph = new SmallGraph();
        GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())) {
      assertThatThrownBy(() -> stepper.freeze(name -> true))
          .hasMessage("the loss must depend on a variable that is not frozen, but all 4 were");
      stepper.step(graph.batch(0));
    }
  }

  @Test
  void batchesMustBeThereAndExamplesInAList() {
    try (SmallGraph graph = new SmallGraph();
        GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, Optimizers.sgd(0.1));
        GraphStepper privately =
            GraphStepper.of(graph.session, graph.loss, Contrib.dpsgd(0.1, 1, 1, 7))) {
      assertThatThrownBy(() -> stepper.step(List.of()))
          .hasMessage("a step must have at least one batch, but had none");
      assertThatThrownBy(() -> privately.step(graph.batch(0)))
          .hasMessage(
              "an optimizer of per-example gradients must have a list of examples, but had one"
                  + " batch: pass a list that feeds one example in each run");
      assertThatThrownBy(() -> stepper.threads(0))
          .hasMessage("threads must be at least 1, but was 0");
    }
  }

  @Test
  void aClosedStepperIsRefusedAndTheVariablesStay() {
    try (SmallGraph graph = new SmallGraph()) {
      GraphStepper stepper =
          GraphStepper.of(graph.session, graph.loss, Contrib.scheduleFreeSgd(0.1));
      stepper.step(graph.batch(0));
      stepper.step(graph.batch(1));
      stepper.showEvalParams();
      double[] after = graph.params().get("out/bias");
      stepper.close();
      stepper.close();
      assertThatThrownBy(() -> stepper.step(graph.batch(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a GraphStepper must not be used after close");
      assertThatThrownBy(stepper::showEvalParams)
          .hasMessage("a GraphStepper must not be used after close");
      assertThatThrownBy(stepper::showStepped)
          .hasMessage("a GraphStepper must not be used after close");
      assertThatThrownBy(stepper::freeze).hasMessage("a GraphStepper must not be used after close");
      assertThatThrownBy(stepper::checkpoint)
          .hasMessage("a GraphStepper must not be used after close");
      assertThat(graph.params().get("out/bias")).isEqualTo(after);
    }
  }

  @Test
  void callsOfSeveralThreadsRunOneAfterTheOther() throws Exception {
    try (SmallGraph graph = new SmallGraph(TFloat64.class, false);
        GraphStepper stepper =
            GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())
                .threads(1)
                .nonFinite(NonFinite.ERROR)) {
      ExecutorService pool = Executors.newFixedThreadPool(3);
      try {
        List<Future<Double>> losses =
            pool.invokeAll(java.util.Collections.nCopies(60, () -> stepper.step(graph.batch(0))));
        for (Future<Double> loss : losses) {
          assertThat(loss.get()).isFinite();
        }
      } finally {
        pool.shutdown();
      }
      assertThat(stepper.steps()).isEqualTo(60);
      assertThat(stepper.estimates()).containsKey("d");
    }
  }

  /** Where Java denies access to raw memory, TensorFlow gives buffers. */
  @Test
  void addressesOfBuffersAreFoundToo() {
    ByteBuffer direct = ByteBuffer.allocateDirect(8);
    long address = TensorMemory.address(DataBuffers.of(direct.asReadOnlyBuffer()));
    long next = TensorMemory.address(DataBuffers.of(direct.slice(4, 4).asReadOnlyBuffer()));
    assertThat(next - address).isEqualTo(4);
    assertThatThrownBy(() -> TensorMemory.address(DataBuffers.of(ByteBuffer.allocate(8))))
        .hasMessage("TensorFlow's tensors must be in native memory, but one was on the heap");
  }
}
