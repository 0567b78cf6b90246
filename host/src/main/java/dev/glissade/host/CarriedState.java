package dev.glissade.host;

import dev.glissade.GradientTransformation;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.Records;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries an optimizer's state over to other parameters, after some were frozen or added. */
final class CarriedState {
  private static final Logger LOG = LoggerFactory.getLogger(CarriedState.class);

  private CarriedState() {}

  /** Returns the state for other parameters: leaves of the same path and shape keep theirs. */
  static <S> S of(GradientTransformation<S> optimizer, S state, Tree before, Tree now) {
    if (before.structure().equals(now.structure())) {
      return state;
    }
    LOG.info(
        "the trained parameters changed from {} to {}; {} keep their state, and the others start"
            + " with a new one",
        before.paths(),
        now.paths(),
        now.paths().stream().filter(path -> isIn(before, now, path)).toList());
    S fresh = optimizer.init(now);
    fresh = Records.graft(fresh, state, Tree.class, CarriedState::tree);
    fresh = Records.graft(fresh, state, Scalar.class, (made, old) -> old);
    return Records.graft(fresh, state, RandomKey.class, (made, old) -> old);
  }

  private static Tree tree(Tree made, Tree old) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(made.toMap());
    tensors.replaceAll((path, tensor) -> {
      return isIn(old, made, path) ? old.get(path) : tensor;
    });
    return Tree.of(tensors);
  }

  /** Returns whether a leaf has the type and shape that it had before. */
  private static boolean isIn(Tree before, Tree now, String path) {
    return before.structure().hasPath(path)
        && before.structure().leaf(path).equals(now.structure().leaf(path));
  }
}
