package dev.glissade.fuse.run;

import dev.glissade.fuse.graph.AxisMap;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.memory.Plane;
import java.util.Arrays;

/**
 * The result of a node that passes reduce to a smaller tree, while they do.
 *
 * @param sums the results, plane by plane, in double
 * @param elements the number of elements that each number of a plane comes from
 */
record SmallResult(Node node, double[][] sums, int[] elements) {

  /** Allocates a result. */
  SmallResult(Node node, Layout operand) {
    this(node, new double[node.layout().planes()][], new int[node.layout().planes()]);
    Arrays.setAll(sums, plane -> new double[node.layout().size(plane)]);
    for (int plane = 0; plane < operand.planes(); plane++) {
      if (node.kind() == Node.Kind.REDUCE_AXES) {
        AxisMap map = node.axisReduction().maps().get(plane);
        elements[plane] = map.large() / Math.max(1, map.small());
      } else {
        elements[node.leafReduction().target(plane)] += operand.size(plane);
      }
    }
  }

  void clear() {
    boolean overAxes = node.kind() == Node.Kind.REDUCE_AXES;
    double initial = overAxes ? node.axisReduction().fold().initial() : 0;
    for (double[] plane : sums) {
      Arrays.fill(plane, initial);
    }
  }

  void store(Plane[] planes) {
    boolean overAxes = node.kind() == Node.Kind.REDUCE_AXES;
    for (int p = 0; p < sums.length; p++) {
      double[] plane = sums[p];
      for (int i = 0; i < plane.length; i++) {
        plane[i] =
            overAxes
                ? node.axisReduction().fold().result(plane[i], elements[p])
                : node.leafReduction().result(plane[i], elements[p]);
      }
      planes[p].store(plane);
    }
  }
}
