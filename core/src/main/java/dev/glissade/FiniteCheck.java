package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.run.Engine;
import dev.glissade.fuse.run.Execution;
import java.util.List;

/** Checks in one pass whether all numbers of a tree are finite, for trees of one structure. */
final class FiniteCheck {
  private final Structure structure;
  private final Node tree;
  private final Execution execution;

  FiniteCheck(Tree like) {
    this.structure = like.structure();
    this.tree = Node.input(structure.layout(), like.node().planes());
    // the sum of 0 * x is 0 unless some x is NaN or infinite; this loop vectorizes
    Node zeros = Node.binary(Op.MUL, tree, Node.constant(0), structure.computed().layout());
    this.execution = Engine.prepare(List.of(Target.value(Node.reduce(Reduction.SUM, zeros))));
  }

  boolean fits(Tree other) {
    return structure.equals(other.structure());
  }

  boolean isFinite(Tree numbers, int threads) {
    execution.threads(threads);
    execution.bind(tree, numbers.node().planes());
    execution.run();
    return execution.value(0) == 0;
  }

  /**
   * Describes the first number that is not finite by path and row-major index: {@code g["w"][3] is
   * NaN}.
   */
  static String first(String name, Tree numbers) {
    for (String path : numbers.paths()) {
      Plane[] planes = numbers.get(path).planes();
      int real = planes[0].firstNonFinite();
      int imaginary = planes.length > 1 ? planes[1].firstNonFinite() : -1;
      boolean isReal = real >= 0 && (imaginary < 0 || real <= imaginary);
      int index = isReal ? real : imaginary;
      if (index >= 0) {
        return "%s%s[\"%s\"][%d] is %s"
            .formatted(
                isReal ? "" : "the imaginary part of ",
                name,
                path,
                index,
                planes[isReal ? 0 : 1].get(index));
      }
    }
    throw new IllegalStateException(
        name + " must not change during a step, but were first non-finite and then finite");
  }
}
