package dev.glissade.fuse;

import dev.glissade.random.Threefry;
import java.util.function.DoubleUnaryOperator;

/** What is done between passes: scalar arithmetic, key splits and work outside the engine. */
@FunctionalInterface
interface HostStep {

  void run(Frame frame);

  /** The step that computes a node which is no element-wise value. */
  static HostStep of(int id, Node node, int[] in) {
    return switch (node.kind) {
      case UNARY -> frame -> frame.values[id] = node.op().apply(frame.values[in[0]]);
      case BINARY ->
          frame -> frame.values[id] = node.op().apply(frame.values[in[0]], frame.values[in[1]]);
      case MAP ->
          frame -> {
            DoubleUnaryOperator function = (DoubleUnaryOperator) function(frame, id);
            frame.values[id] = function.applyAsDouble(frame.values[in[0]]);
          };
      case CHOOSE ->
          frame -> {
            int chosen = frame.values[in[0]] != 0 ? in[1] : in[2];
            frame.values[id] = frame.values[chosen];
            frame.keys[id] = frame.keys[chosen];
          };
      case SPLIT -> {
        int index = (Integer) attribute(node);
        yield frame -> frame.keys[id] = Threefry.split(frame.keys[in[0]], index);
      }
      case EXTERNAL -> frame -> external(frame, id, in);
      default -> throw new IllegalStateException(node.kind + " is no host step");
    };
  }

  private static Object attribute(Node node) {
    if (node.attribute == null) {
      throw new IllegalStateException(node.kind + " has no attribute");
    }
    return node.attribute;
  }

  private static Object function(Frame frame, int id) {
    Object function = frame.functions[id];
    if (function == null) {
      throw new IllegalStateException("node " + id + " has no function");
    }
    return function;
  }

  private static void external(Frame frame, int id, int[] in) {
    External.Room room = frame.room(id, in.length);
    for (int i = 0; i < in.length; i++) {
      room.inputs[i] = frame.planes(in[i]);
    }
    frame.planes[id] = ((External) function(frame, id)).call(room.inputs, room);
  }
}
