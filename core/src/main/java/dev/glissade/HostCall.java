package dev.glissade;

import dev.glissade.fuse.graph.HostCallback;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.records.Check;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one {@link Tree.HostFunction} in one compiled step. They keep the function, its
 * result and its view of each operand, so that a call allocates nothing while the operands stay on
 * the same arrays.
 */
final class HostCall {
  private final List<Structure> given;
  private final Structure result;
  private final Tree.HostFunction function;
  private final Plane[] planes;
  private final Tensor[] written;
  private final Plane[] @Nullable [] seen;
  private final Tensor[][] read;

  private HostCall(List<Structure> given, Structure result, Tree.HostFunction function) {
    this.given = given;
    this.result = result;
    this.function = function;
    this.planes = result.layout().allocate();
    this.written = tensors(result, planes);
    this.seen = new Plane[given.size()][];
    this.read = new Tensor[given.size()][];
  }

  static HostCallback of(
      List<Structure> given, Structure result, Supplier<? extends Tree.HostFunction> function) {
    Check.that(
        result.computed().equals(result),
        "the result of a host function must have leaves of types that are computed with",
        result);
    return (inputs, workspace) -> {
      HostCall call =
          workspace.kept instanceof HostCall known
              ? known
              : new HostCall(given, result, function.get());
      workspace.kept = call;
      return call.call(inputs);
    };
  }

  private Plane[] call(Plane[][] inputs) {
    for (int i = 0; i < inputs.length; i++) {
      Structure structure = given.get(i);
      if (structure.isJoined() || !isSame(seen[i], inputs[i])) {
        read[i] = tensors(structure, inputs[i]);
        seen[i] = inputs[i].clone();
      }
    }
    function.compute(read, written);
    if (result.isJoined()) {
      Plane[] parts = Flat.separated(written[0], result.separated()).evaluate().node().planes();
      for (int p = 0; p < planes.length; p++) {
        parts[p].copyTo(planes[p]);
      }
    }
    return planes;
  }

  @SuppressWarnings("ReferenceEquality") // another plane may have another array
  private static boolean isSame(Plane @Nullable [] before, Plane[] now) {
    if (before == null) {
      return false;
    }
    for (int p = 0; p < now.length; p++) {
      if (before[p] != now[p]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the leaves on these planes; a joined tree's only leaf as a copy. */
  private static Tensor[] tensors(Structure structure, Plane[] planes) {
    Tree tree = Tree.ofPlanes(structure, planes);
    return structure.paths().stream().map(tree::get).toArray(Tensor[]::new);
  }
}
