package dev.glissade.arena.train;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.arena.model.Model;
import dev.glissade.arena.report.Run;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came out of a run.
 *
 * @param params the parameters at its end, by path
 */
public record Trained(Run run, Model model, Map<String, float[]> params) {

  /** The parameters as a tree on the same arrays. */
  public Tree tree() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model
        .shapes()
        .forEach((path, shape) -> {
          float[] array = params.get(path);
          if (array != null) {
            tensors.put(path, Tensor.wrap(array, shape));
          }
        });
    return Tree.of(tensors);
  }
}
