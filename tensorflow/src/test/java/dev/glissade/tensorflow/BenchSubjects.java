package dev.glissade.tensorflow;

import dev.glissade.GradientTransformation;
import dev.glissade.host.bench.StepServer;
import dev.glissade.host.bench.StepServer.Steps;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.Optimizer.GradAndVar;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/**
 * Steps of TensorFlow's Adam and of ours through the adapter, for {@code bench --peers}. The
 * gradient is the value of another variable of the graph, which is fetched without a copy.
 */
final class BenchSubjects {
  private BenchSubjects() {}

  public static void main(String[] arguments) throws IOException {
    StepServer.serve(
        Map.of("tensorflow", BenchSubjects::own, "glissade, tensorflow", BenchSubjects::ours));
  }

  private record Model(
      Session session,
      Graph graph,
      Variable<TFloat32> parameter,
      Variable<TFloat32> gradient,
      Variable<TFloat32> loss) {

    static Model of(int size, int threads) {
      Graph graph = new Graph();
      Ops tf = Ops.create(graph);
      return new Model(
          new Session(graph, on(threads)),
          graph,
          numbers(tf, 0.1f, Shape.of(size)),
          numbers(tf, 0.01f, Shape.of(size)),
          numbers(tf, 1, Shape.scalar()));
    }

    private static ConfigProto on(int threads) {
      return ConfigProto.newBuilder()
          .setIntraOpParallelismThreads(threads)
          .setInterOpParallelismThreads(threads)
          .build();
    }

    private static Variable<TFloat32> numbers(Ops tf, float value, Shape shape) {
      Variable<TFloat32> variable = tf.variable(shape, TFloat32.class);
      Ops init = tf.withInitScope();
      init.assign(variable, init.fill(init.constant(shape.asArray()), init.constant(value)));
      return variable;
    }
  }

  /** Returns steps of TensorFlow's own optimizer; null if TensorFlow-Java has none of the name. */
  static Steps own(String optimizer, int size, int threads) {
    if (!optimizer.equals("adam")) {
      return null;
    }
    Model model = Model.of(size, threads);
    Op apply =
        new Adam(model.graph(), 1e-3f)
            .applyGradients(
                List.of(
                    new GradAndVar<>(model.gradient().asOutput(), model.parameter().asOutput())),
                "apply");
    return StepServer.fresh(
        () -> {},
        () -> model.session().runner().addTarget(apply).run().close(),
        () -> close(model));
  }

  /** Returns steps of ours, with the same work; null for an optimizer that the server lacks. */
  static Steps ours(String name, int size, int threads) {
    GradientTransformation<?> optimizer = StepServer.optimizer(name);
    if (optimizer == null) {
      return null;
    }
    Model model = Model.of(size, threads);
    GraphStepper stepper =
        GraphStepper.of(
                model.session(),
                model.loss(),
                Map.of(model.parameter(), model.gradient()),
                optimizer)
            .threads(threads);
    return StepServer.fresh(
        () -> {},
        () -> stepper.step(runner -> {}),
        () -> {
          stepper.close();
          close(model);
        });
  }

  private static void close(Model model) {
    model.session().close();
    model.graph().close();
  }
}
