package dev.glissade.tensorflow;

import java.nio.ByteBuffer;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * Tries out once whether sessions of this TensorFlow read what is written to a fetched reference
 * variable, with a variable in a graph of its own.
 */
final class SharingTrial {
  private static final boolean SUCCEEDED = isReadAgain();

  private SharingTrial() {}

  static boolean succeeds() {
    return SUCCEEDED;
  }

  private static boolean isReadAgain() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Variable<TFloat32> variable = tf.variable(Shape.of(2), TFloat32.class);
      session.run(tf.assign(variable, tf.constant(new float[] {1, 2})));
      try (Result fetched = session.runner().fetch(variable).run()) {
        bytes(fetched).asFloatBuffer().put(0, 3);
        try (Result again = session.runner().fetch(variable).run()) {
          return bytes(again).asFloatBuffer().get(0) == 3;
        }
      }
    }
  }

  private static ByteBuffer bytes(Result fetched) {
    return TensorMemory.bytes("the variable of a trial", fetched.get(0));
  }
}
