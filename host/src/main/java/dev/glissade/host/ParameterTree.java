package dev.glissade.host;

import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model's trained parameters as a tree, on their own memory or on copies. */
public final class ParameterTree {
  private static final Logger LOG = LoggerFactory.getLogger(ParameterTree.class);

  private final List<? extends HostParameter> leaves;
  private final Tree tree;

  private ParameterTree(List<? extends HostParameter> leaves, Tree tree) {
    this.leaves = leaves;
    this.tree = tree;
  }

  /**
   * Returns a tree of the parameters with their current numbers.
   *
   * @param parameters the parameters, each with another path
   * @return the tree
   * @throws IllegalArgumentException if two have the same path, or one is not supported
   */
  public static ParameterTree of(List<? extends HostParameter> parameters) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (HostParameter parameter : parameters) {
      if (tensors.put(parameter.path(), parameter.tensor()) != null) {
        throw new IllegalArgumentException(
            "parameters must have different names, but two were \"%s\""
                .formatted(parameter.path()));
      }
    }
    ParameterTree made = new ParameterTree(List.copyOf(parameters), Tree.of(tensors));
    made.load();
    return made;
  }

  /** Logs which parameters are copied at each step, if any. */
  void logCopied() {
    List<String> copied =
        leaves.stream().filter(HostParameter::isCopied).map(HostParameter::path).toList();
    if (!copied.isEmpty()) {
      LOG.warn(
          "{} of {} parameters are copied at each step, because it can't work on their own memory: {}",
          copied.size(),
          leaves.size(),
          copied);
    }
  }

  /** {@return the parameters; steps overwrite the numbers} */
  public Tree tree() {
    return tree;
  }

  /**
   * Returns whether this is still a tree of these parameters, at the same memory.
   *
   * @param parameters the parameters now
   * @return whether nothing has changed but numbers
   */
  public boolean isOf(List<? extends HostParameter> parameters) {
    if (parameters.size() != leaves.size()) {
      return false;
    }
    for (int i = 0; i < leaves.size(); i++) {
      if (!leaves.get(i).isSame(parameters.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the framework still has the memory of all parameters. */
  boolean isOpen() {
    return leaves.stream().allMatch(HostParameter::isOpen);
  }

  /** Returns whether the parameters are still at the same memory. */
  boolean isCurrent() {
    return leaves.stream().allMatch(leaf -> leaf.isSame(leaf.again()));
  }

  /** Returns new descriptions of the parameters that are still open. */
  List<? extends HostParameter> again() {
    return leaves.stream().filter(HostParameter::isOpen).map(HostParameter::again).toList();
  }

  /** Updates the copies from the parameters. */
  public void load() {
    leaves.forEach(HostParameter::load);
  }

  /** Updates the parameters from the copies, and what mirrors the parameters. */
  public void store() {
    leaves.forEach(HostParameter::store);
  }

  /**
   * Sets the parameters that are still open, and still have their shape, to these numbers, wherever
   * their memory is now, and whatever their type.
   *
   * @param values a tree of the structure of {@link #tree}
   */
  void restore(Tree values) {
    ParameterTree now = of(again());
    Structure then = values.structure();
    Tree fitting =
        now.tree.select(path ->
            then.hasPath(path)
                && then.leaf(path).shape().equals(now.tree.structure().leaf(path).shape()));
    Tree same = values.select(fitting.structure()::hasPath);
    same.as(fitting.structure()).evaluate().copyTo(fitting);
    now.store();
  }

  /**
   * Sets the parameters to these numbers.
   *
   * @param values a tree of the structure of {@link #tree}
   */
  public void assign(Tree values) {
    values.copyTo(tree);
    store();
  }
}
