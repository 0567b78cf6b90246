package dev.glissade.contrib;

import dev.glissade.Stateless;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.transform.WeightLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The factors of {@link Muon} that depend on the numbers of inputs and outputs of a matrix. */
record ScaleByShape(
    WeightDimensionNumbers weightDimensionNumbers,
    WeightLayout layout,
    @Nullable Double consistentRms)
    implements Stateless {

  @Override
  public Tree step(Tree updates, Tree params) {
    Structure structure = updates.structure();
    Map<String, Tensor> factors = new LinkedHashMap<>();
    for (String path : structure.paths()) {
      Structure.Leaf leaf = structure.leaf(path);
      DimensionNumbers numbers = weightDimensionNumbers.of(path, leaf, layout);
      MatrixView view = MatrixView.of(path, leaf, numbers);
      factors.put(path, Tensor.scalar(factor(view.rows().length, view.columns().length)));
    }
    return factors.isEmpty() ? updates : updates.times(Tree.of(factors).broadcast(updates));
  }

  /** Returns sqrt(max(1, out / in)), or c sqrt(max(in, out)). */
  private double factor(double in, double out) {
    return consistentRms == null
        ? Math.sqrt(Math.max(1, out / in))
        : consistentRms * Math.sqrt(Math.max(in, out));
  }
}
