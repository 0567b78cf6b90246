package dev.glissade.arena.train;

import dev.glissade.Tree;
import dev.glissade.arena.model.Model;
import dev.glissade.arena.report.Run;
import java.util.Map;

/**
 * What came out of a run.
 *
 * @param params the parameters at its end, by path
 */
public record TrainedModel(Run run, Model model, Map<String, float[]> params) {

  /** The parameters as a tree, without a copy. */
  public Tree tree() {
    return Minibatch.tree(model, params, 0);
  }
}
