package dev.glissade.spark;

import dev.glissade.DType;
import dev.glissade.Structure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The paths, types and shapes of a tree, which can be serialized. */
record TreeForm(List<String> paths, List<DType> types, List<List<Integer>> shapes)
    implements Serializable {

  static TreeForm of(Structure structure) {
    List<DType> types = new ArrayList<>();
    List<List<Integer>> shapes = new ArrayList<>();
    for (String path : structure.paths()) {
      types.add(structure.leaf(path).dtype());
      shapes.add(new ArrayList<>(structure.leaf(path).shape()));
    }
    return new TreeForm(new ArrayList<>(structure.paths()), types, shapes);
  }

  Structure structure() {
    Map<String, Structure.Leaf> leaves = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      leaves.put(paths.get(i), new Structure.Leaf(types.get(i), shapes.get(i)));
    }
    return Structure.of(leaves);
  }
}
