package dev.glissade.fuse.run;

import dev.glissade.fuse.graph.HostCallback;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.plan.HostStep;
import dev.glissade.random.Threefry;
import java.util.function.DoubleUnaryOperator;

/** Executes the steps between passes: scalar arithmetic, key splits and callbacks. */
final class HostInterpreter {
  private HostInterpreter() {}

  static void run(HostStep step, Frame frame) {
    Node node = step.node();
    int id = step.id();
    int[] in = step.operands();
    double[] values = frame.values;
    switch (node.kind()) {
      case UNARY -> values[id] = node.op().apply(values[in[0]]);
      case BINARY -> values[id] = node.op().apply(values[in[0]], values[in[1]]);
      case MAP -> {
        DoubleUnaryOperator function = (DoubleUnaryOperator) frame.function(id);
        values[id] = function.applyAsDouble(values[in[0]]);
      }
      case CHOOSE -> {
        int chosen = values[in[0]] != 0 ? in[1] : in[2];
        values[id] = values[chosen];
        frame.keys[id] = frame.keys[chosen];
      }
      case SPLIT -> frame.keys[id] = Threefry.split(frame.keys[in[0]], node.splitIndex());
      case CALLBACK -> call(id, in, frame);
      case NUMBER -> values[id] = frame.workspace(in[0]).numbers[node.numberIndex()];
      default -> throw new IllegalStateException(node.kind() + " is not a host step");
    }
  }

  private static void call(int id, int[] in, Frame frame) {
    HostCallback.Workspace workspace = frame.workspace(id);
    int trees = workspace.inputs.length;
    for (int i = 0; i < trees; i++) {
      workspace.inputs[i] = frame.planes(in[i]);
    }
    for (int i = trees; i < in.length; i++) {
      workspace.scalars[i - trees] = frame.values[in[i]];
    }
    HostCallback function = (HostCallback) frame.function(id);
    frame.planes[id] = function.call(workspace.inputs, workspace);
  }
}
