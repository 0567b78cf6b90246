package dev.glissade.tensorflow;

import dev.glissade.optimizer.Optimizers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.Optimizer.GradAndVar;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * Steps of one parameter for the benchmark, by TensorFlow's own optimizer and by ours. The gradient
 * is present: it is the value of another variable of the graph.
 */
public final class BenchSubjects {
  private BenchSubjects() {}

  private record Model(
      Session session,
      Graph graph,
      Variable<TFloat32> parameter,
      Variable<TFloat32> gradient,
      Variable<TFloat32> loss) {

    static Model of(int size) {
      Graph graph = new Graph();
      Ops tf = Ops.create(graph);
      return new Model(
          new Session(graph),
          graph,
          numbers(tf, 0.1f, Shape.of(size)),
          numbers(tf, 0.01f, Shape.of(size)),
          numbers(tf, 1, Shape.scalar()));
    }

    private static Variable<TFloat32> numbers(Ops tf, float value, Shape shape) {
      Variable<TFloat32> variable = tf.variable(shape, TFloat32.class);
      Ops init = tf.withInitScope();
      init.assign(variable, init.fill(init.constant(shape.asArray()), init.constant(value)));
      return variable;
    }
  }

  /**
   * A step of TensorFlow's own optimizer.
   *
   * @return null if TensorFlow-Java has none of that name
   */
  public static @Nullable Runnable own(String optimizer, int size) {
    if (!optimizer.equals("adam")) {
      return null;
    }
    Model model = Model.of(size);
    Op apply =
        new Adam(model.graph(), 1e-3f)
            .applyGradients(
                List.of(
                    new GradAndVar<>(model.gradient().asOutput(), model.parameter().asOutput())),
                "apply");
    return () -> model.session().runner().addTarget(apply).run().close();
  }

  /**
   * A step of ours, with the same work.
   *
   * @return null if TensorFlow-Java has none of that name
   */
  public static @Nullable Runnable ours(String optimizer, int size) {
    if (!optimizer.equals("adam")) {
      return null;
    }
    Model model = Model.of(size);
    GraphStepper stepper =
        GraphStepper.of(
            model.session(),
            model.loss(),
            Map.of(model.parameter(), model.gradient()),
            Optimizers.adam(1e-3));
    return () -> stepper.step(runner -> {});
  }
}
