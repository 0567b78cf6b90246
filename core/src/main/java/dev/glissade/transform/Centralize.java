package dev.glissade.transform;

import dev.glissade.Axes;
import dev.glissade.Stateless;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;

/**
 * Centralizes gradients: subtracts from the gradient of each output unit its mean (Yong et al.,
 * "Gradient Centralization: A New Optimization Technique for Deep Neural Networks", 2020, arXiv
 * 2004.01461):
 *
 * <pre>{@code
 * u = g - mean(g)       the mean over all axes but that of the output
 * }</pre>
 *
 * <p>Leaves of fewer than two axes pass unchanged. As in Optax, the first axis is taken for the
 * output by default, which is right for weights of PyTorch and DJL; pass {@link
 * WeightLayout#IN_OUT} for those of JAX, Keras or TensorFlow. Keeps no state.
 *
 * @param layout which axis belongs to the output units
 */
@Withers
public record Centralize(WeightLayout layout) implements Stateless, CentralizeWithers {

  /**
   * Returns the transformation for weights whose first axis is the output.
   *
   * @return the transformation
   */
  public static Centralize defaults() {
    return new Centralize(WeightLayout.OUT_IN);
  }

  @Override
  public Tree step(Tree g, Tree params) {
    Structure structure = g.structure();
    Axes inputs = Axes.allBut(layout == WeightLayout.OUT_IN ? 0 : -1);
    Tree centered = g.minus(g.meanOver(inputs).broadcast(g));
    return centered.where(path -> structure.leaf(path).shape().size() > 1, g);
  }
}
