package dev.glissade.arena.train;

import dev.glissade.Tree;
import dev.glissade.arena.model.Model;
import dev.glissade.arena.report.Run;
import java.util.Map;

/**
 * The result of a run: its figures and the trained model.
 *
 * @param params the final parameters by path
 */
public record TrainedModel(Run run, Model model, Map<String, float[]> params) {

  /** Returns the parameters as a tree, without a copy. */
  public Tree tree() {
    return Minibatch.tree(model, params, 0);
  }
}
